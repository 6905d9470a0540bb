import type { ClaimNumber } from '../theory/claim.ts';
import type { SweepInput } from './sweep.ts';

export const claimsSizes = ['small', 'paper'] as const;
export type ClaimsSize = (typeof claimsSizes)[number];

/** Runs that are planned together: a group of the claims document, before it is measured. */
export interface ClaimsGroupPlan {
  slug: string;
  title: string;
  /** What it is for, in a sentence (markup of formulas). */
  purpose: string;
  /** Deliberately outside the theorems' assumptions: claims are expected to fail here. */
  outside: boolean;
  /** Left out where files that it reads are not there. */
  optional?: true;
  sweep: SweepInput;
}

/** Sizes that grow as the theorems ask, n, m ≳ d^{1+α} with α = ¼; four times as large where training is compared. */
export const least = { n: 'ceil(d^1.25)', width: '2*ceil(d^1.25/2)' };
export const ample = { n: 'ceil(4*d^1.25)', width: '2*ceil(2*d^1.25)' };
/** With η = d/10, d log d/η is 10 log d steps; half of it is T, and by twice d log d/η the linear model is near its optimum. */
export const early = { eta: 'd/10', steps: 'ceil(10*log(d))' };
export const toOptimum = { eta: 'd/10', steps: 'ceil(20*log(d))' };
/** What is measured at initialization needs no more. */
export const initial = { eta: 'd/10', steps: 1 };

/** What a group runs, beside its claims. */
export interface ClaimsGroupParts {
  data: Readonly<Record<string, unknown>>;
  network: Readonly<Record<string, unknown>>;
  training: Readonly<Record<string, unknown>>;
  target?: Readonly<Record<string, unknown>>;
  seed?: number | readonly number[];
}

/** A group as a sweep of its own name, on Gaussian inputs without a test set unless told otherwise. */
export const claimsGroup = (
  plan: Omit<ClaimsGroupPlan, 'sweep'>,
  claims: readonly ClaimNumber[],
  parts: ClaimsGroupParts,
): ClaimsGroupPlan => ({
  ...plan,
  sweep: {
    ...parts,
    name: plan.slug,
    data: { distribution: 'gaussian', nTest: 0, ...parts.data },
    claims,
  },
});
