import { greatestOf } from '../math/statistics.ts';
import { type PowerLaw, fitPowerLaw } from '../math/power-law.ts';
import type { Relation, Verdict } from '../theory/claim.ts';
import { judgeValue } from '../theory/instrument.ts';
import type { FittedPower } from './claims-document.ts';

/** One run's value of a quantity, and the claim's right-hand side there. */
export interface Sample {
  /** Value of the group's variable; null where it has none. */
  x: number | null;
  value: number;
  /** The error to expect of `value`. */
  error: number | null;
  bound: number | null;
}

/** An exponent this near to 0 counts as 0: over a factor 32 that is a fifth, where logarithms hide. */
export const flat = 0.05;

/** A standard error of an exponent above this leaves open what the exponent is. */
export const blurred = 0.25;

/** The power of the variable over the samples; null for fewer than three different values of it. */
export function fitOver(samples: readonly Sample[], of: (sample: Sample) => number | null): PowerLaw | null {
  const points = samples.flatMap((sample) => {
    const y = of(sample);
    return sample.x !== null && sample.x > 0 && y !== null && Number.isFinite(y) && y > 0
      ? [{ x: sample.x, y }]
      : [];
  });
  return new Set(points.map(({ x }) => x)).size >= 3 ? fitPowerLaw(points) : null;
}

/** measured/bound; null without a bound to divide by. */
export const ratioOf = ({ value, bound }: Pick<Sample, 'value' | 'bound'>): number | null =>
  bound !== null && bound !== 0 && Number.isFinite(value / bound) ? value / bound : null;

/**
 * The verdict on one quantity. With p ± s the power of the variable fitted over at least three of its values:
 *
 *     at most    the power of measured/bound: fails if p − 2s > 0.05. Else holds if every run is within the constant
 *                granted, or if p + 2s ≤ 0.05: the ratio does not grow, and the constant is another. Else undecided
 *     at least   the mirror image
 *     of order   holds if every ratio is within the constant granted, from below and above; but fails where the ratio
 *                moves away from 1 by a power of more than 2s + 0.05 (towards 1 it may)
 *     falls      the power of d in what is measured: holds if p < −0.05 and p + 2s < 0; fails if p ≥ −0.05, unless
 *                s > 0.25 and p − 2s ≤ 0; else undecided
 *
 * Without a fit, and where the claim is exact (its constant is 1), every run is held against constant · bound: within its
 * error of it, it is undecided. A power of anything but d says
 * nothing of "falls", so there too. A value that is infinite is beyond every constant; one that is none leaves undecided
 * what does not fail anyway. null: there is no bound, hence nothing to judge.
 */
export function judge(options: {
  relation: Relation;
  constant: number;
  variable: string | null;
  samples: readonly Sample[];
  fit: FittedPower | null;
  growth: FittedPower | null;
}): Verdict | null {
  const { samples, relation } = options;
  const limited = (bound: number | null): boolean => bound !== null || relation === 'falls';
  if (relation !== 'at least' && samples.some(({ value, bound }) => value === Infinity && limited(bound))) {
    return 'fails';
  }
  const verdict = judgeFinite({ ...options, samples: samples.filter(({ value }) => Number.isFinite(value)) });
  const lost = samples.filter(({ value }) => !Number.isFinite(value));
  const claimed = verdict === null && lost.some(({ bound }) => bound !== null);
  return (lost.length > 0 && verdict === 'holds') || claimed ? 'undecided' : verdict;
}

function judgeFinite({ relation, constant, variable, samples, fit, growth }: Parameters<typeof judge>[0]) {
  if (relation === 'falls' && variable === 'd' && fit) return judgeFall(fit);
  const bounded = samples.filter((sample) => sample.bound !== null);
  if (bounded.length === 0) return null;
  const pointwise = worst(
    bounded.map(({ value, error, bound }) => judgeValue(relation, constant, { value, error, bound: bound! })),
  );
  if (!growth || relation === 'falls' || constant === 1) return pointwise;
  const s = growth.standardError ?? 0;
  const margin = 2 * s + flat;
  switch (relation) {
    case 'at most':
    case 'at least': {
      const wrongWay = relation === 'at most' ? growth.exponent : -growth.exponent;
      if (wrongWay > margin) return 'fails';
      return pointwise === 'holds' || wrongWay + 2 * s <= flat ? 'holds' : 'undecided';
    }
    case 'of order': {
      const above = bounded.every(({ value, bound }) => value >= bound!);
      const below = bounded.every(({ value, bound }) => value <= bound!);
      const away = above ? growth.exponent : below ? -growth.exponent : Math.abs(growth.exponent);
      return away > margin ? 'fails' : pointwise;
    }
  }
}

function judgeFall({ exponent, standardError }: FittedPower): Verdict {
  const twice = 2 * (standardError ?? 0);
  if (exponent < -flat) return exponent + twice < 0 ? 'holds' : 'undecided';
  return twice <= 2 * blurred || exponent - twice > 0 ? 'fails' : 'undecided';
}

const severity: readonly Verdict[] = ['holds', 'conditions not met', 'undecided', 'fails'];

/** The verdict of several together: what fails anywhere fails. */
export const worst = (verdicts: readonly Verdict[]): Verdict =>
  severity[greatestOf([0, ...verdicts.map((verdict) => severity.indexOf(verdict))])];
