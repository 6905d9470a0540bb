import { greatestOf } from '../../src/math/statistics.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import { fitPowerLaw } from '../../src/math/power-law.ts';
import { type DimensionSeries, dimensionChart } from './charts/discrepancy-by-dimension.ts';
import { drawChart } from './draw-chart.ts';
import { type Figure, type FigureSize, defaultSize, finishFigure } from './frame.ts';
import { discrepancies, peakWithin } from './measures.ts';

/** The largest recorded discrepancy over t ≤ share · d log d/η of each run, and the power law of d fitted to it. */
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
  const series = dimensionSeries(results, share).filter(({ points }) => points.length > 0);
  const dimensions = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort(
    (a, b) => a - b,
  );
  const canvas = drawChart(
    dimensionChart(series, dimensions, {
      x: 'input dimension\u2002*d*',
      y: `largest recorded discrepancy over *t* ≤ ${shareLabel(share)}*d* log *d*/*η*`,
    }),
    size,
  );
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
