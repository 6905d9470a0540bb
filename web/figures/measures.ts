import type { RunResult, StepRecord } from '../../src/experiment/result.ts';

/** What a figure or a table shows of one record: a finite number, or NaN where there is none to show. */
export type Measure = (record: StepRecord) => number;

/** JSON writes NaN and infinities as null: both mean "no value". */
export const finite = (value: number | null | undefined): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;

export const discrepancies = {
  train: (record) => finite(record.train.discrepancy),
  test: (record) => finite(record.test?.discrepancy),
  clippedTest: (record) => finite(record.test?.clippedDiscrepancy),
} satisfies Record<string, Measure>;

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

export interface PowerLaw {
  exponent: number;
  /** Standard error of the exponent; null for two points, which any power law fits. */
  standardError: number | null;
  /** y = factor · x^exponent */
  factor: number;
}

/** Least squares of log y on log x over the positive points; null for fewer than two different x. */
export function fitPowerLaw(points: readonly { x: number; y: number }[]): PowerLaw | null {
  const logs = points
    .filter(({ x, y }) => x > 0 && y > 0)
    .map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const count = logs.length;
  const meanX = logs.reduce((sum, { x }) => sum + x, 0) / count;
  const meanY = logs.reduce((sum, { y }) => sum + y, 0) / count;
  const spread = logs.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 0)) return null;
  const exponent = logs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const residual = logs.reduce((sum, { x, y }) => sum + (y - meanY - exponent * (x - meanX)) ** 2, 0);
  return {
    exponent,
    standardError: count > 2 ? Math.sqrt(residual / (count - 2) / spread) : null,
    factor: Math.exp(meanY - exponent * meanX),
  };
}
