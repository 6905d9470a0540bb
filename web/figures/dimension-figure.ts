import { greatestOf, leastOf } from '../../src/math/statistics.ts';
import * as Plot from '@observablehq/plot';
import type { RunResult } from '../../src/experiment/result.ts';
import { type PowerLaw, fitPowerLaw } from '../../src/math/power-law.ts';
import { paddedDomain, separated } from './axes.ts';
import { formatExponent } from './exponents.ts';
import { formatCount } from './format.ts';
import {
  type Figure,
  type FigureSize,
  type LegendItem,
  dashes,
  defaultSize,
  drawFrame,
  finishFigure,
} from './frame.ts';
import { svgElement } from './svg.ts';
import { logTicks } from './ticks.ts';
import { discrepancies, peakWithin } from './measures.ts';
import { palette } from './palette.ts';

/** The largest recorded discrepancy over t ≤ share · d log d/η of each run, and the power law of d fitted to it. */
export interface DimensionSeries {
  set: 'train' | 'test';
  points: { x: number; y: number }[];
  fit: PowerLaw | null;
}

export function dimensionSeries(results: readonly RunResult[], share: number): DimensionSeries[] {
  return (['train', 'test'] as const).map((set) => {
    const points = results.flatMap((result) => {
      const peak = peakWithin(result, discrepancies[set], share);
      return peak && peak.value > 0
        ? [{ x: result.preparation.d, y: peak.value, series: result.spec.seed }]
        : [];
    });
    return { set, points, fit: fitPowerLaw(points) };
  });
}

/**
 * max over t ≤ c·d log d/η of the discrepancy against d on log–log axes, with the fitted power laws; `share` is the c
 * taken. Runs that ended before that time are left out.
 */
export function dimensionFigure(
  results: readonly RunResult[],
  { share = 0.5, size = defaultSize }: { share?: number; size?: FigureSize } = {},
): Figure {
  const stroke = palette.discrepancy.light;
  const series = dimensionSeries(results, share).filter(({ points }) => points.length > 0);
  const dimensions = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort(
    (a, b) => a - b,
  );
  const values = series.flatMap(({ points }) => points.map(({ y }) => y));
  const x = paddedDomain(dimensions, 1.5);
  const y = paddedDomain(values, 3);
  const look = {
    train: { marker: 'filled', dash: dashes.train, fill: stroke },
    test: { marker: 'hollow', dash: dashes.test, fill: palette.paper.light },
  } as const;
  const canvas = drawFrame({
    size,
    legend: series.map(({ set, fit }): LegendItem => ({
      label: fit ? `${set} ∝ *d*^{${formatExponent(fit)}}` : set,
      stroke,
      strokeWidth: fit ? 1.6 : 0,
      dash: look[set].dash,
      marker: look[set].marker,
    })),
    x: {
      label: 'input dimension\u2002*d*',
      type: 'log',
      domain: x,
      ticks: separated(dimensions).map((at) => ({ at, label: formatCount(at) })),
    },
    y: {
      label: `largest recorded discrepancy over *t* ≤ ${shareLabel(share)}*d* log *d*/*η*`,
      type: 'log',
      domain: y,
      ticks: logTicks(...y),
    },
    marks: [
      ...series.flatMap(({ set, fit, points }) => {
        if (!fit) return [];
        const ends = [leastOf(points.map((p) => p.x)), greatestOf(points.map((p) => p.x))];
        const line = ends.map((at) => ({ x: at, y: fit.factor * at ** fit.exponent }));
        return [
          Plot.line(line, { x: 'x', y: 'y', stroke, strokeWidth: 1.6, strokeDasharray: look[set].dash }),
        ];
      }),
      ...series.map(({ set, points }) =>
        Plot.dot(points, { x: 'x', y: 'y', r: 4, stroke, strokeWidth: 1.6, fill: look[set].fill }),
      ),
    ],
  });
  const { svg, left, right, bottom } = canvas;
  svg.append(svgElement('line', { x1: left, x2: right, y1: bottom, y2: bottom, stroke: palette.ink.light }));
  const missing = results.length - greatestOf([0, ...series.map(({ points }) => points.length)]);
  return finishFigure(
    canvas,
    'discrepancy-against-d',
    'Discrepancy of network and linear model against the dimension',
    `Largest recorded mean squared discrepancy of network and linear model over 1 ≤ *t* ≤ ${shareLabel(share)}*d* log *d*/*η* against the input dimension *d*, with least-squares fits on the log–log axes (exponent ± standard error).${
      missing > 0
        ? ` ${missing} of ${results.length} runs ${missing > 1 ? 'are' : 'is'} left out: too short, diverged, or without a difference to show.`
        : ''
    }`,
  );
}

export const shareLabel = (share: number): string =>
  ({ 0.25: '¼ ', 0.5: '½ ', 0.75: '¾ ', 1: '' })[share] ?? `${share}·`;
