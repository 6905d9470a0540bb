import type { Series } from '../../../src/theory/claim.ts';
import { spanAxis } from '../axes.ts';
import { finite } from '../measures.ts';
import { hueOf } from '../palette.ts';
import type { Axis } from '../ticks.ts';
import type { Chart, Curve, CurvesOver, Look, Mark } from './chart.ts';

const axes = {
  step: { letter: '*t*', label: '*t*\u2002(steps of gradient descent)' },
  clock: { letter: '*τ*', label: '*τ* = *ηk*_{1}*t*/*d*\u2002(e-foldings of the linear model)' },
  radius: { letter: '*s*', label: '*s*\u2002in ‖*x*‖ = *s*√*d*' },
  index: { letter: '*k*', label: 'index' },
} as const;

/** What x is called in "t = 5". */
export const letterOf = ({ axis }: Series): string => axes[axis].letter;

/** Where ‖x‖ = √d, as inputs are in the theorems. */
export const shellMark: Mark = { at: 1, label: '‖*x*‖ = √*d*', short: '√*d*' };

/** The claims' right-hand sides, in every figure of them. */
export const boundLook = { colour: 'ink', width: 1.3, dash: '6 4' } as const satisfies Look;

/**
 * What a claim measured over t, the radius or an index: curves that share their axis and their right-hand side, or have none.
 * `measured` is what several curves are of; those over other x values than the first are `beside` it.
 */
export function seriesChart(
  series: readonly Series[],
  measured = 'measured',
): Chart & { beside: CurvesOver[] } {
  const [{ axis, bound, symbol }] = series;
  const single = series.length === 1;
  const curves = series.map((one, k): Curve & { x: readonly number[] } => ({
    x: one.x,
    name: single ? 'measured' : one.symbol,
    set: '',
    colour: single ? 'discrepancy' : hueOf(k),
    width: 2,
    y: (index) => finite(one.y[index]),
  }));
  const [first, ...others] = curves;
  const same = ({ x }: { x: readonly number[] }): boolean =>
    x.length === first.x.length && x.every((at, k) => at === first.x[k]);
  const all = series.flatMap(({ x }) => x);
  return {
    x: { ...over(first.x), axis: along(axis, all) },
    y: { label: single ? symbol : measured, scale: 'auto' },
    curves: [
      ...(bound
        ? [{ ...boundLook, name: bound.symbol, set: '', y: (index: number) => finite(bound.y[index]) }]
        : []),
      ...curves.filter(same),
    ],
    marks: axis === 'radius' ? [shellMark] : [],
    beside: others.filter((one) => !same(one)).map((one) => ({ x: over(one.x), curves: [one] })),
  };
}

const over = (x: readonly number[]): CurvesOver['x'] => ({ of: x, count: x.length, at: (index) => x[index] });

/** Steps are read on a log axis, which has no place for t = 0. */
export function along(axis: Series['axis'], x: readonly number[]): Axis {
  const logarithmic = (axis === 'step' || axis === 'clock') && x.some((at) => at > 0);
  return spanAxis(axes[axis].label, logarithmic ? 'log' : 'linear', x.filter(Number.isFinite));
}
