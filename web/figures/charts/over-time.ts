import { agreementShare } from '../../../src/theory/horizon.ts';
import { formatCount, formatNumber } from '../format.ts';
import { horizonMarkup } from '../measures.ts';
import { type Axis, linearTicks, logTicks } from '../ticks.ts';
import type { Chart, Mark } from './chart.ts';
import type { Run } from './run.ts';

/** What is drawn over t. */
export type OverTime = Pick<Chart, 'y' | 'curves' | 'rules' | 'targets'>;

/** The same with what a figure of it is called and says. */
export interface TimeChart extends OverTime {
  /** For file names: lower case, hyphens. */
  slug: string;
  /** Plain text. */
  title: string;
  /** Markup of notation.ts. */
  caption: () => string;
}

/**
 * A chart over the recorded steps with the horizon marked. `end` is the last step that is to be made: the axis stands
 * still while curves grow.
 */
export const overTime = (
  run: Run,
  { y, curves, rules, targets }: OverTime,
  { type = 'log', end = 0 }: { type?: Axis['type']; end?: number } = {},
): Chart => ({
  x: {
    of: run.records,
    count: run.records.length,
    at: (index) => run.records[index].step,
    axis: timeAxis(run, type, end),
  },
  y,
  curves,
  marks: marksOf(run),
  ...(rules && { rules }),
  ...(targets && { targets }),
});

/** On a logarithmic axis t = 0, which has no place there, stands apart at its left beyond a break. */
function timeAxis({ records, preparation }: Run, type: Axis['type'], end: number): Axis {
  const label = '*t*\u2002(steps of gradient descent)';
  const first = records.find(({ step }) => step > 0)?.step ?? 1;
  const last = Math.max(end, records.at(-1)?.step ?? 0, first);
  const horizon = preparation?.horizon ?? 0;
  // The horizon is shown unless the run ended long before it.
  const greatest = Math.max(last, horizon <= 3 * last ? horizon : 0, first * 3);
  if (type === 'linear') {
    const room = 0.01 * greatest;
    return { label, type, domain: [-room, greatest + room], ticks: linearTicks(0, greatest) };
  }
  const span = greatest / first;
  const room = span ** 0.03;
  const ticks = logTicks(first, greatest);
  if (records.length > 0 && records[0].step > 0) {
    return { label, type, domain: [first / room, greatest * room], ticks, minorFrom: first };
  }
  const zero = first / span ** 0.075;
  return {
    label,
    type,
    domain: [zero / room, greatest * room],
    ticks: [{ at: 0, label: '0' }, ...ticks],
    minorFrom: first,
    apart: { zero, gap: first / span ** 0.0375 },
  };
}

/** T and T/c, and where a model diverged or the run was stopped. */
function marksOf({ preparation, status }: Run): Mark[] {
  const horizon = preparation?.horizon ?? 0;
  return [
    ...(preparation && horizon > 0
      ? [
          { at: agreementShare * horizon, label: '*T*', short: '*T*' },
          {
            at: horizon,
            label: `*T*/*c* = ${horizonMarkup(preparation)} = ${formatNumber(horizon)}`,
            short: '*T*/*c*',
          },
        ]
      : []),
    ...(status && status.kind !== 'completed'
      ? [
          {
            at: status.step,
            label: `${status.kind === 'diverged' ? `${status.model} diverged` : 'stopped'} at *t* = ${formatCount(status.step)}`,
            short: status.kind,
            strong: true,
          },
        ]
      : []),
  ];
}

/** What the marks T and T/c are, behind other sentences; nothing where there is no horizon. Markup of notation.ts. */
export function horizonWords({ preparation }: Run): string {
  if (!preparation || !(preparation.horizon > 0)) return '';
  const { horizon } = preparation;
  return ` Where their assumptions hold, the theorems promise agreement up to *T* = *c*\u202f·\u202f${horizonMarkup(preparation)} steps with a constant *c* that they leave open: for *c* = ½, chosen here, *T* = ${formatNumber(agreementShare * horizon)}; *T*/*c* = ${formatNumber(horizon)}.`;
}
