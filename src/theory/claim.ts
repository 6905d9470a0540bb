import type { Activation } from '../math/activation-names.ts';
import type { GaussianConstants } from '../math/gaussian-constants.ts';
import type { LayerRate } from '../network/parameters.ts';

/** The claims measured here, by their numbers in THEORY.md, section 5. */
export const claimNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17] as const;
export type ClaimNumber = (typeof claimNumbers)[number];

/** What decides whether a claim is about an experiment at all; known from its spec alone. */
export interface Scope {
  activation: Activation;
  layers: { first: boolean; second: boolean };
  /** Whether there is a test set. */
  tested: boolean;
  /** The target's directions and degrees are known: a sign or Hermite target. */
  targetDirections: boolean;
  /** The shape of a deep or convolutional network; null of one of two layers. */
  deep: DeepScope | null;
}

/** What the conditions ask of a network of any depth. */
export interface DeepScope {
  /** Hidden layers. */
  depth: number;
  /** Units of the narrowest of them, both towers together; of a convolution those of all positions. */
  narrowest: number;
  /** null where every layer is fully-connected. */
  convolution: {
    /** Q·C_0, inputs that a unit of the first layer sees, and Q, positions that it sees. */
    window: number;
    taps: number;
    /** Whether any layer pools. */
    pooled: boolean;
    readout: 'flat' | 'mean';
  } | null;
}

/** What the claims' conditions ask of an experiment. */
export interface Setting extends Scope {
  n: number;
  d: number;
  /** Network width. */
  m: number;
  /** Of the network's layers, first to last. */
  rates: readonly LayerRate[];
  /** The greatest of them, which is the linear model's. */
  eta: number;
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
  /** ‖y‖/√n on the training points. */
  targetSize: number;
  deep: (DeepScope & DeepNumbers) | null;
}

/** What is known of the kernel of a deep network before the first step (THEORY-DEEP.md, sections e and f). */
export interface DeepNumbers {
  /** Of k(1, 1, c) at c = 0: the value, the slope and half the curvature. */
  k0: number;
  k1: number;
  k2: number;
  /** γ = k(1, 1, 1) − k₀ − k₁, the diagonal that a linear model leaves out. */
  gamma: number;
  /** τ of one step, ηk₁/d. */
  clock: number;
  /** 2n/‖Θ(0)‖; null where it was not measured to its end. */
  stableRate: number | null;
}

/** How the inputs stand to what the theorems assume of them: x = Σ^{1/2}x̄, the entries of x̄ independent and sub-Gaussian. */
export interface DataAssumption {
  /** Whether they are drawn in that form, with mean 0. */
  form: ConditionVerdict;
  /** Why, in the markup of formulas. */
  remark: string;
  /** ‖Σ‖, of the distribution where it is known, of the training inputs else; null where it is neither. */
  norm: number | null;
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
  /**
   * What it is to the claim: a hypothesis, without which the claim says nothing (unless told otherwise); a condition of the
   * run, without which not all was measured; or to be read beside a verdict that does not need it.
   */
  role?: 'hypothesis' | 'run' | 'beside';
}

/**
 * How a measured value is to stand to the claim's right-hand side, of which the paper leaves the constant open: at most
 * a constant times it, at least it over a constant, between both, bounded as d grows, or a power of d that falls
 * (d^{−Ω(α)}). Or a bound is proved with its constant; or something is to be shown possible; or the number stands beside.
 * src/theory/verdict.ts has the rules.
 */
export type Relation =
  | 'at most'
  | 'at least'
  | 'of order'
  | 'does not grow'
  | 'falls'
  | 'proved'
  | 'shows'
  | 'beside';

/** A claim's right-hand side without its constant. */
export interface Bound {
  /** Its formula. */
  symbol: string;
  value: number;
  /** Where it goes as d^{−share · α}, for the α that the sizes allow: in a sweep of d, that of the sizes' own powers. */
  alpha?: AlphaShare;
}

export interface AlphaShare {
  share: number;
  /** The α taken. */
  value: number;
  /** The powers of d that n and m have to exceed by α: n ≳ d^{n + α}; null where that size plays no part. */
  asks: { n: number; m: number | null };
}

/** One measured number of a claim. */
export interface Quantity {
  /** Unique within the claim, for columns of tables: lower case and underscores. */
  key: string;
  /** Formula of what is measured. */
  symbol: string;
  value: number;
  /** The error to expect of `value` (for norms: see spectral/spectrum.ts); null where it is only float32's own. */
  error: number | null;
  /** The claim's right-hand side without its constant, and its formula; null where the claim names none. */
  bound: Bound | null;
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
  /** What x is: steps t, the linear model's clock τ = ηk₁t/d, radii s in ‖x‖ = s√d, or an index. */
  axis: 'step' | 'clock' | 'radius' | 'index';
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

/**
 * What came of a claim. `fails outside`: its numbers break it where a hypothesis is not met, which is no contradiction to it.
 * `proved; …`: a bound with all its constants, which only float32 or a fault of the program could break. `shown`: the claim
 * says that something can be, and here it is.
 */
export type Verdict =
  | 'holds'
  | 'fails'
  | 'fails outside'
  | 'conditions not met'
  | 'undecided'
  | 'proved; checked to float32'
  | 'shown'
  | 'not shown here';

/** What one run says of one claim. */
export interface ClaimMeasurement {
  claim: ClaimNumber;
  /**
   * Samples, inputs and hidden units of the run, whose powers of d say which α a sweep allows; and the inputs that a unit of a
   * convolution sees.
   */
  sizes: { n: number; d: number; m: number; window?: number };
  /** What the claim asks of the setting, each with what is so here. */
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
  /** What it asks of a setting, each with what is so there. */
  conditions: (setting: Setting) => Condition[];
}
