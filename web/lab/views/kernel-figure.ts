import * as Plot from '@observablehq/plot';
import { formatCount, formatNumber } from '../../figures/format.ts';
import { type Figure, defaultSize, drawFrame, finishFigure } from '../../figures/frame.ts';
import { valueAxis } from '../../figures/axes.ts';
import { palette } from '../../figures/palette.ts';
import { linearTicks } from '../../figures/ticks.ts';
import type { KernelSnapshot } from '../recording.ts';
import { colourScale } from './diverging.ts';
import { kernelCloud } from './kernel-cloud.ts';

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

/** Θ_ij over ⟨x_i, x_j⟩/d, with the linear model's K_ij: a line, where it has no norm features. */
export function cloudFigure(kernels: KernelSnapshot): Figure {
  const { gram, theta, linear, affine } = kernelCloud(kernels);
  const dots = (values: readonly number[]) => values.map((y, k) => ({ x: gram[k], y }));
  const domain: [number, number] = [gram[0], gram.at(-1)!];
  const [network, other] = [palette.network.light, palette.linear.light];
  const canvas = drawFrame({
    size: defaultSize,
    legend: [
      { label: 'network *Θ*_{*ij*}', stroke: network, strokeWidth: 0, marker: 'filled' },
      {
        label: 'linear model *K*_{*ij*}',
        stroke: other,
        strokeWidth: affine ? 1.8 : 0,
        ...(!affine && { marker: 'filled' as const }),
      },
    ],
    x: { label: '⟨*x*_{*i*}, *x*_{*j*}⟩/*d*', type: 'linear', domain, ticks: linearTicks(...domain) },
    y: valueAxis('entry of the kernel', 'linear', [...theta, ...linear].filter(Number.isFinite)),
    marks: [
      Plot.dot(dots(theta), { x: 'x', y: 'y', r: 1.5, fill: network, stroke: 'none' }),
      affine
        ? Plot.line(dots(linear), { x: 'x', y: 'y', stroke: other, strokeWidth: 1.8 })
        : Plot.dot(dots(linear), { x: 'x', y: 'y', r: 1.5, fill: other, stroke: 'none' }),
    ],
  });
  return finishFigure(
    canvas,
    'kernel-cloud',
    'Kernel entries against inner products',
    `Every pair of the first ${formatCount(kernels.points)} training points at *t* = ${formatCount(kernels.step)}: the entry of the network’s kernel and of the linear model’s against the inner product of the inputs.`,
  );
}
