import * as Plot from '@observablehq/plot';
import { formatCount, formatNumber } from '../../figures/format.ts';
import { type Figure, drawFrame, finishFigure } from '../../figures/frame.ts';
import { linearTicks } from '../../figures/ticks.ts';
import type { KernelSnapshot } from '../recording.ts';
import { colourScale } from './diverging.ts';

/** Θ, K and their difference as figures that stand alone; the first two have the same colours. */
export function kernelFigures({ step, points, theta, linear }: KernelSnapshot): Figure[] {
  const difference = theta.map((value, k) => value - linear[k]);
  const common = colourScale('root', theta, linear);
  return [
    { slug: 'kernel-network', symbol: '*Θ*', values: theta, scale: common },
    { slug: 'kernel-linear', symbol: '*K*', values: linear, scale: common },
    {
      slug: 'kernel-difference',
      symbol: '*Θ* − *K*',
      values: difference,
      scale: colourScale('root', difference),
    },
  ].map(({ slug, symbol, values, scale }) => {
    const ticks = linearTicks(0, points).filter(({ at }) => at > 0);
    const canvas = drawFrame({
      size: { width: 400, height: 420 },
      legend: [],
      x: { label: `point *j* of (${symbol})_{*ij*}`, type: 'linear', domain: [0, points], ticks },
      y: { label: 'point *i*', type: 'linear', domain: [points, 0], ticks },
      color: {
        type: 'diverging-sqrt',
        scheme: 'piyg',
        domain: [-scale.greatest, scale.greatest],
      },
      marks: [
        Plot.raster(values, {
          width: points,
          height: points,
          x1: 0,
          y1: 0,
          x2: points,
          y2: points,
          fill: Plot.identity,
          imageRendering: 'pixelated',
        }),
      ],
    });
    return finishFigure(
      canvas,
      slug,
      `Kernel on the first training points: ${symbol.replaceAll('*', '')}`,
      `${symbol} on the first ${formatCount(points)} training points at *t* = ${formatCount(step)}; pink negative, green positive, white 0, full colour at ±${formatNumber(scale.greatest)}, by the square root of the size.`,
    );
  });
}
