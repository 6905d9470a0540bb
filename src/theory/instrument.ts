import type {
  Claim,
  ClaimMeasurement,
  Condition,
  Field,
  Quantity,
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

/** A claim and how it is measured: what every module of a claim exports. */
export interface ClaimModule extends Claim {
  instrument: () => Instrument;
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
    remark: findings.remark ?? '',
  };
}

/**
 * The verdict of one run. The paper leaves the constants of its bounds open, so a single run can only be held against the
 * constant that a quantity grants; powers are for sweeps. A bound that fails is a failure whatever the conditions; one
 * that holds counts only where no condition fails; without a bound nothing is decided.
 */
export function verdictOf(conditions: readonly Condition[], quantities: readonly Quantity[]): Verdict {
  const judged = quantities.filter(({ bound }) => bound !== null);
  if (judged.some((quantity) => !holds(quantity))) return 'fails';
  if (conditions.some(({ verdict }) => verdict === 'not met')) return 'conditions not met';
  return judged.length > 0 ? 'holds' : 'undecided';
}

/** Whether a quantity stands to its bound as the claim says, up to the constant granted. */
export function holds({ value, bound, relation, constant }: Quantity): boolean {
  if (!bound) return true;
  const atMost = value <= constant * bound.value;
  const atLeast = value >= bound.value / constant;
  switch (relation) {
    case 'at most':
    case 'falls':
      return atMost;
    case 'at least':
      return atLeast;
    case 'of order':
      return atMost && atLeast;
  }
}
