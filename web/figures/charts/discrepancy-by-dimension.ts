import type { PowerLaw } from '../../../src/math/power-law.ts';
import { paddedDomain, separated } from '../axes.ts';
import { formatExponent } from '../exponents.ts';
import { formatCount } from '../format.ts';
import type { Chart, Curve } from './chart.ts';
import { sets } from './looks.ts';

/** Discrepancies of runs by their dimension, and the power law of d fitted to them. */
export interface DimensionSeries {
  set: 'train' | 'test';
  points: { x: number; y: number; series: number | string }[];
  fit: Pick<PowerLaw, 'factor' | 'exponent' | 'standardError'> | null;
}

const dots = {
  train: { dots: 4 },
  test: { dots: 4, hollow: true },
} as const;

/** Discrepancy against d on log–log axes: a dot a run, the fitted powers as lines. */
export function dimensionChart(
  series: readonly DimensionSeries[],
  dimensions: readonly number[],
  labels: { x: string; y: string },
): Chart {
  const own = { colour: 'discrepancy' } as const;
  return {
    x: {
      // What is drawn of a dimension changes with every run.
      of: {},
      count: dimensions.length,
      at: (index) => dimensions[index],
      axis: {
        label: labels.x,
        type: 'log',
        domain: paddedDomain(dimensions, 1.5),
        ticks: separated(dimensions).map((at) => ({ at, label: formatCount(at) })),
      },
    },
    y: { label: labels.y, scale: 'log' },
    curves: [...series].toReversed().flatMap(({ set, points, fit }): Curve[] => {
      const name = `${sets[set].set}${fit ? `\u2002∝ *d*^{${formatExponent(fit)}}` : ''}`;
      const runs = [...new Set(points.map((point) => point.series))];
      return [
        ...(fit
          ? [
              {
                ...own,
                ...sets[set],
                set: '',
                name,
                width: 1.6,
                y: (index: number) => fit.factor * dimensions[index] ** fit.exponent,
              },
            ]
          : []),
        ...runs.map((run) => ({
          ...own,
          ...dots[set],
          name,
          set: '',
          width: 0,
          y: (index: number) =>
            points.find(({ x, series: one }) => one === run && x === dimensions[index])?.y ?? Number.NaN,
        })),
      ];
    }),
  };
}
