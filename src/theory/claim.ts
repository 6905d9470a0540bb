import type { Activation } from '../math/activation-names.ts';
import type { GaussianConstants } from '../math/gaussian-constants.ts';
import type { TrainedLayers } from '../network/gradient.ts';

/** The claims measured here, by their numbers in THEORY.md, section 5. */
export const claimNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] as const;
export type ClaimNumber = (typeof claimNumbers)[number];

/** What decides whether a claim is about an experiment at all; known from its spec alone. */
export interface Scope {
  activation: Activation;
  layers: TrainedLayers;
  /** Whether there is a test set. */
  tested: boolean;
  /** The target's directions and degrees are known: a sign or Hermite target. */
  targetDirections: boolean;
}

/** What the claims' conditions ask of an experiment. */
export interface Setting extends Scope {
  n: number;
  d: number;
  /** Network width. */
  m: number;
  /** Rates (0: that layer rests); the linear model's is the greater of both. */
  eta1: number;
  eta2: number;
  /** Steps of the run. */
  steps: number;
  constants: GaussianConstants;
  /** Tr[Σ²]/d */
  spectrumMoment: number;
  data: DataAssumption;
  /** 2n/‖K‖; null where its eigenproblem is too large. */
  largestStableRate: number | null;
  /** Largest |y_i|. */
  largestTarget: number;
}

/** Whether the inputs are as the theorems assume: mean 0, Tr Σ = d, ‖Σ‖ = O(1), light tails. */
export interface DataAssumption {
  /** ‖Σ‖; null where it is not known. */
  norm: number | null;
  verdict: ConditionVerdict;
  /** Why, in the markup of formulas. */
  remark: string;
}

export type ConditionVerdict = 'met' | 'borderline' | 'not met' | 'not known';

/**
 * A hypothesis of a claim beside the experiment. Texts here and below are formulas in the house's markup: `*x*` italic,
 * `_{…}` subscript, `^{…}` superscript.
 */
export interface Condition {
  hypothesis: string;
  /** The number it is about, with its name; null where it is about none. */
  here: { symbol: string; value: number } | null;
  verdict: ConditionVerdict;
  remark: string;
}

/**
 * How a measured value is to stand to the claim's right-hand side, of which the paper leaves the constant open: at most
 * a constant times it, at least it over a constant, between both, or a power of d that falls (d^{−Ω(α)}).
 */
export type Relation = 'at most' | 'at least' | 'of order' | 'falls';

/** One measured number of a claim. */
export interface Quantity {
  /** Unique within the claim, for columns of tables: lower case and underscores. */
  key: string;
  /** Formula of what is measured. */
  symbol: string;
  value: number;
  /** The error to expect of `value` (for norms: see kernel/spectrum.ts); null where it is only float32's own. */
  error: number | null;
  /** The claim's right-hand side without its constant, and its formula; null where the claim names none. */
  bound: { symbol: string; value: number } | null;
  relation: Relation;
  /** The constant granted to the bound in a single run: 1 where the claim is exact. */
  constant: number;
  /** What to know about this number; '' for nothing. */
  remark: string;
}

/** A curve that belongs to a claim, for its figure. */
export interface Series {
  key: string;
  /** Formula of y. */
  symbol: string;
  /** What x is: steps t, or radii s in ‖x‖ = s√d, or an index. */
  axis: 'step' | 'radius' | 'index';
  x: number[];
  y: number[];
  /** The bound over the same x, with its formula. */
  bound: { symbol: string; y: number[] } | null;
}

/** Values over a square grid of a plane through input space, row by row, from (−extent, −extent). */
export interface Field {
  key: string;
  symbol: string;
  /** Points along a side. */
  side: number;
  /** Half the side's length, in units of √d. */
  extent: number;
  values: number[];
}

export type Verdict = 'holds' | 'fails' | 'conditions not met' | 'undecided';

/** What one run says of one claim. */
export interface ClaimMeasurement {
  claim: ClaimNumber;
  conditions: Condition[];
  quantities: Quantity[];
  series: Series[];
  fields: Field[];
  verdict: Verdict;
  /** Whether the claim says nothing here: its hypothesis was measured, and is not met. */
  silent: boolean;
  /** A sentence on the verdict, '' where the quantities say it all. */
  remark: string;
}

/** A statement of the paper, to be read beside it. */
export interface Claim {
  number: ClaimNumber;
  /** For file names: lower case, hyphens. */
  slug: string;
  title: string;
  /** The statement, in words and formulas. */
  statement: string;
  /** What is measured, in words. */
  measures: string;
  /** Where it stands: in the paper and the deck. */
  source: string;
  /** Why it makes no sense for an experiment; null where it does. */
  senseless: (scope: Scope) => string | null;
  conditions: (setting: Setting) => Condition[];
}
