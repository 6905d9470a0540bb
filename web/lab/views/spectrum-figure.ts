import * as Plot from '@observablehq/plot';
import { valueAxis } from '../../figures/axes.ts';
import { formatCount } from '../../figures/format.ts';
import { type Figure, defaultSize, drawFrame, finishFigure } from '../../figures/frame.ts';
import { linearTicks } from '../../figures/ticks.ts';
import { palette } from '../../figures/palette.ts';
import type { SpectrumSnapshot } from '../recording.ts';

/** The largest eigenvalues of both kernels as a figure that stands alone. */
export function spectrumFigure({ step, theta, linear }: SpectrumSnapshot): Figure {
  const dots = (values: readonly number[]): { x: number; y: number }[] =>
    values.map((y, k) => ({ x: k + 1, y })).filter(({ y }) => y > 0);
  const count = Math.max(theta.length, linear.length);
  const looks = [
    { label: 'linear model *K*/*n*', values: linear, stroke: palette.linear.light, marker: 'hollow', r: 5 },
    { label: 'network *Θ*/*n*', values: theta, stroke: palette.network.light, marker: 'filled', r: 2.4 },
  ] as const;
  const canvas = drawFrame({
    size: defaultSize,
    legend: looks.map(({ label, stroke, marker }) => ({ label, stroke, strokeWidth: 0, marker })),
    x: {
      label: 'index *k*, largest first',
      type: 'linear',
      domain: [0.5, count + 0.5],
      ticks: linearTicks(1, count),
    },
    y: valueAxis('eigenvalue *λ*_{*k*}', 'log', [...theta, ...linear].filter(Number.isFinite)),
    marks: looks.map(({ values, stroke, marker, r }) =>
      Plot.dot(dots(values), {
        x: 'x',
        y: 'y',
        r,
        stroke,
        strokeWidth: 1.6,
        fill: marker === 'filled' ? stroke : 'none',
      }),
    ),
  });
  return finishFigure(
    canvas,
    'spectrum',
    'Largest eigenvalues of the kernels',
    `The largest eigenvalues of *Θ*/*n* and *K*/*n* at *t* = ${formatCount(step)}.`,
  );
}
