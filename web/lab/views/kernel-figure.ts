import { drawCells, shadeColour, shades } from '../../figures/cells.ts';
import { barRoom, drawColourBar } from '../../figures/colour-bar.ts';
import { barPlace, barTicks } from '../../figures/diverging.ts';
import { formatCount, formatNumber } from '../../figures/format.ts';
import { type Figure, bottomMargin, drawFrame, finishFigure, topMargin } from '../../figures/frame.ts';
import { notationToText } from '../../figures/notation.ts';
import { linearTicks } from '../../figures/ticks.ts';
import type { KernelSnapshot } from '../recording.ts';
import { kernelKinds, kernelMaps } from './model-maps.ts';

const side = 340;

/** Θ, K and their difference as figures that stand alone, in the same colours. */
export function kernelFigures(kernels: KernelSnapshot): Figure[] {
  const { side: points, scale, values } = kernelMaps(kernels);
  const ticks = linearTicks(0, points).filter(({ at }) => at > 0);
  return kernelKinds.map(({ key, symbol }, k) => {
    const canvas = drawFrame({
      size: { width: 40 + side + barRoom, height: topMargin(0) + side + bottomMargin },
      marginRight: barRoom,
      legend: [],
      x: { label: `point *j* of (${symbol})_{*ij*}`, type: 'linear', domain: [0, points], ticks },
      y: { label: 'point *i*', type: 'linear', domain: [points, 0], ticks },
      marks: [],
    });
    const { svg, left, right, top, bottom } = canvas;
    const cell = { width: (right - left) / points, height: (bottom - top) / points };
    svg.append(
      drawCells(
        (row, column) => values[k][row * points + column],
        { rows: points, columns: points },
        { x: left, y: top, cell },
        scale,
      ),
    );
    drawColourBar(
      canvas,
      barTicks(scale).map(({ at, label }) => ({ share: barPlace(at, scale), label })),
      Array.from({ length: shades }, (_, shade) => shadeColour(shade)),
    );
    return finishFigure(
      canvas,
      `kernel-${key}`,
      `Kernel on the first training points: ${notationToText(symbol)}`,
      `${symbol} on the first ${formatCount(points)} training points at *t* = ${formatCount(kernels.step)}; pink negative, green positive, white 0, full colour at ±${formatNumber(scale.greatest)}, by the square root of the size.`,
    );
  });
}
