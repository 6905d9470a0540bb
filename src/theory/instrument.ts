import type {
  Claim,
  ClaimMeasurement,
  Condition,
  Field,
  Quantity,
  Relation,
  Series,
  Setting,
  Verdict,
} from './claim.ts';
import type { Lab } from './lab.ts';

/** Measures of one set of points at a recorded step (THEORY.md, section 5, claims 5 to 8). */
export interface SetMoment {
  networkLoss: number;
  linearLoss: number;
  discrepancy: number;
  clippedDiscrepancy: number;
}

/** What the run itself measured at a recorded step. */
export interface Moment {
  step: number;
  train: SetMoment;
  test: SetMoment | null;
  /** ‖W(t) − W(0)‖_F, ‖v(t) − v(0)‖, ‖β(t)‖ */
  movementW: number;
  movementV: number;
  movementBeta: number;
}

/** How the run ended. */
export interface Ending {
  /** Every recorded step, ascending. */
  moments: readonly Moment[];
  /** The step at which a loss left every bound; null where none did. */
  divergedAt: number | null;
}

/** What an instrument found. */
export interface Findings {
  quantities: Quantity[];
  series?: Series[];
  fields?: Field[];
  remark?: string;
  /** Conditions that only the measurement could tell. */
  conditions?: Condition[];
  /** Whether the claim says nothing here, whatever the numbers: its hypothesis is measured, and not met. */
  silent?: boolean;
}

/** Measures one claim in one run. */
export interface Instrument {
  /** At (W(0), v(0)), before the first step. */
  start?: (lab: Lab) => Promise<void>;
  /** At every recorded step, the parameters standing there. */
  step?: (lab: Lab, moment: Moment) => Promise<void>;
  finish: (ending: Ending, setting: Setting) => Findings;
}

/** Joins what was found with the conditions to a verdict. */
export function conclude(claim: Claim, setting: Setting, findings: Findings): ClaimMeasurement {
  const conditions = [...claim.conditions(setting), ...(findings.conditions ?? [])];
  return {
    claim: claim.number,
    conditions,
    quantities: findings.quantities,
    series: findings.series ?? [],
    fields: findings.fields ?? [],
    verdict: findings.silent ? 'conditions not met' : verdictOf(conditions, findings.quantities),
    silent: findings.silent ?? false,
    remark: findings.remark ?? '',
  };
}

/**
 * The verdict of one run. The paper leaves the constants of its bounds open, so a single run can only be held against the
 * constant that a quantity grants; powers are for sweeps, and a bound that "falls" with d can be broken by one run, but not
 * borne out. A bound that fails is a failure whatever the conditions; else a condition that is not met says more than what
 * holds or is open; without a bound nothing is decided.
 */
export function verdictOf(conditions: readonly Condition[], quantities: readonly Quantity[]): Verdict {
  const judged = quantities.filter(({ bound }) => bound !== null);
  const verdicts = judged.map(({ value, error, bound, relation, constant }) =>
    judgeValue(relation, constant, { value, error, bound: bound!.value }),
  );
  if (verdicts.includes('fails')) return 'fails';
  if (conditions.some(({ verdict }) => verdict === 'not met')) return 'conditions not met';
  const open = judged.length === 0 || judged.some(({ relation }) => relation === 'falls');
  return open || verdicts.includes('undecided') ? 'undecided' : 'holds';
}

/** How one value stands to its bound, up to the constant granted; undecided within its error. */
export function judgeValue(
  relation: Relation,
  constant: number,
  { value, error, bound }: { value: number; error: number | null; bound: number },
): 'holds' | 'fails' | 'undecided' {
  const above = value - constant * bound;
  const below = bound / constant - value;
  const excess = { 'at most': above, falls: above, 'at least': below, 'of order': Math.max(above, below) }[
    relation
  ];
  if (Number.isNaN(excess)) return 'undecided';
  if (excess > (error ?? 0)) return 'fails';
  return excess <= 0 && -excess >= (error ?? 0) ? 'holds' : 'undecided';
}
