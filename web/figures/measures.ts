import type { RunResult, StepRecord } from '../../src/experiment/result.ts';

/** What a figure or a table shows of one record: a finite number, or NaN where there is none to show. */
export type Measure = (record: StepRecord) => number;

/** JSON writes NaN and infinities as null: both mean "no value". */
export const finite = (value: number | null | undefined): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;

/** ‖θ(t) − θ(0)‖ of a layer's parameters, in the markup of formulas: matrices, in capitals, by the Frobenius norm. */
export function distanceOf(parameter: string, at = ''): string {
  const [, letter, layer] = /^(\p{L}+)(\d*)$/u.exec(parameter)!;
  const symbol = `*${letter}*${layer && `_{${layer}}`}`;
  return `‖${symbol}${at} − ${symbol}(0)‖${letter === letter.toUpperCase() ? '_{F}' : ''}`;
}

/** d log d/η in the markup of formulas; of a deep network its clock runs by ηk₁. */
export const horizonMarkup = ({ deep }: Pick<RunResult['preparation'], 'deep'>): string =>
  deep ? '*d* log *d*/(*ηk*_{1})' : '*d* log *d*/*η*';

export const discrepancies = {
  train: (record) => finite(record.train.discrepancies.linear),
  test: (record) => finite(record.test?.discrepancies.linear),
  clippedTest: (record) => finite(record.test?.clippedDiscrepancy),
} satisfies Record<string, Measure>;

/** More curves than this cover each other. */
const mostPointsDrawn = 35;

/** The watched points to draw: all, or as many as can be told apart, spread evenly among them. */
export function drawnPoints(count: number): number[] {
  const drawn = Math.min(count, mostPointsDrawn);
  return Array.from({ length: drawn }, (_, k) => Math.floor((k * count) / drawn));
}

export interface Peak {
  value: number;
  step: number;
}

/**
 * The largest value of a measure over the recorded steps 1 ≤ t ≤ share · d log d/η, and where it was reached; null where
 * no such record has one. Where the run ended before that time, or a value on the way is not finite, the maximum over
 * the whole span is unknown: null too.
 */
export function peakWithin(result: RunResult, measure: Measure, share: number): Peak | null {
  const limit = share * result.preparation.horizon;
  const within = result.records.filter(({ step }) => step >= 1 && step <= limit);
  const reaches = (result.records.at(-1)?.step ?? 0) >= Math.floor(limit);
  if (within.length === 0 || !reaches) return null;
  let peak: Peak = { value: -Infinity, step: 0 };
  for (const record of within) {
    const value = measure(record);
    if (Number.isNaN(value)) return null;
    if (value > peak.value) peak = { value, step: record.step };
  }
  return peak;
}
