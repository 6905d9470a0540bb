import type { AdapterDescription } from '../gpu/device.ts';
import type { FittedPower } from '../math/power-law.ts';
import type { ClaimMeasurement, ClaimNumber, Condition, Relation, Verdict } from '../theory/claim.ts';
import type { Provenance } from './result.ts';

/** One run of a group: a point of its sweep. */
export interface ClaimsPoint {
  /** Names the folder of its files. */
  id: string;
  label: string;
  /** Values of what the sweep varies, by name: d, n, width, eta, seed, … */
  values: Record<string, number | string>;
  /** null where the point failed; then `failure` says why. */
  claims: ClaimMeasurement[] | null;
  failure: string | null;
}

/** Runs that belong together: one setting, or one swept along a variable. */
export interface ClaimsGroup {
  slug: string;
  title: string;
  /** What it is for, in a sentence (markup of formulas). */
  purpose: string;
  /** The variable that the powers are fitted in ("d", "width", "n", "eta"); null for single settings. */
  variable: string | null;
  /** Deliberately outside the theorems' assumptions: claims are expected to fail here. */
  outside: boolean;
  points: ClaimsPoint[];
}

/** One quantity of a claim over the points of a group. */
export interface QuantitySummary {
  key: string;
  symbol: string;
  relation: Relation;
  /** Granted to the bound; 1 where the claim is exact. */
  constant: number;
  boundSymbol: string | null;
  /** The α of the right-hand side in a sweep of d, by the powers that n and m grow with; null else: each run's own. */
  alpha: number | null;
  remark: string;
  /** At the last value of the variable: mean over seeds, its standard error, and the largest error to expect. */
  measured: number;
  standardError: number | null;
  error: number | null;
  bound: number | null;
  /** measured/bound */
  ratio: number | null;
  /** Power of the variable that was measured, and that of the bound over the same points: the one claimed. */
  fit: FittedPower | null;
  claimed: FittedPower | null;
  /** Power of the variable in measured/bound: what the verdict is about where there is one. */
  growth: FittedPower | null;
  /**
   * Runs at the last value of the variable within the constant granted, and how many there are: theorems speak with high
   * probability. null where nothing bounds it.
   */
  within: { runs: number; of: number } | null;
  /** null where the quantity is reported without a claim about it. */
  verdict: Verdict | null;
}

/** What a group of runs says of one claim. */
export interface ClaimSummary {
  claim: ClaimNumber;
  group: string;
  /** The last value of the group's variable at which the claim was measured; null where it has none. */
  at: number | null;
  quantities: QuantitySummary[];
  /** Each hypothesis where it stands worst among the runs. */
  conditions: Condition[];
  verdict: Verdict;
  remark: string;
}

/** All that was measured: claims.json. */
export interface ClaimsDocument {
  format: 'first-light/claims';
  version: 2;
  title: string;
  provenance: Provenance;
  adapter: AdapterDescription | null;
  /** In the order of the claims, then of the groups. */
  claims: ClaimSummary[];
  groups: ClaimsGroup[];
}
