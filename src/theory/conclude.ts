import type { Claim, ClaimMeasurement, Quantity, Setting } from './claim.ts';
import type { Findings } from './instrument.ts';
import { type Sample, decide, judge } from './verdict.ts';

/** Joins what was found with the conditions to a verdict. */
export function conclude(claim: Claim, setting: Setting, findings: Findings): ClaimMeasurement {
  const { n, d, m, deep } = setting;
  const window = deep?.convolution?.window;
  const { quantities, series = [], fields = [], remark = '', silent = false } = findings;
  const conditions = [...claim.conditions(setting), ...(findings.conditions ?? [])];
  const verdicts = quantities.map((quantity) => judge(quantity, [sampleOf(quantity)], null).verdict);
  const verdict = decide({ verdicts, conditions, silent });
  return {
    claim: claim.number,
    sizes: { n, d, m, ...(window !== undefined && { window }) },
    conditions,
    quantities,
    series,
    fields,
    verdict,
    silent,
    remark,
  };
}

/** A quantity of a run as a sample among others. */
export const sampleOf = (
  { value, error, bound }: Quantity,
  { x, series }: Pick<Sample, 'x' | 'series'> = { x: null, series: 0 },
): Sample => ({ x, series, value, error, bound: bound?.value ?? null });
