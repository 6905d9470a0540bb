import type { Beside, ByModel } from '../model/model.ts';
import type { Condition, Field, Quantity, Series, Setting } from './claim.ts';
import type { Lab } from './lab.ts';

/** Measures of one set of points at a recorded step (THEORY.md, section 5, claims 5 to 8). */
export interface SetMoment {
  losses: ByModel<number>;
  discrepancies: Beside<number>;
  linearSquare?: number | undefined;
  clippedDiscrepancy: number;
}

/** What the run itself measured at a recorded step. */
export interface Moment {
  step: number;
  train: SetMoment;
  test: SetMoment | null;
  /** ‖θ(t) − θ(0)‖ of every layer's parameters, ‖β(t)‖ */
  movement: Record<string, number>;
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
  /** At every step that it wants, recorded or not, once the outputs stand there. */
  each?: { wants: (lab: Lab, step: number) => boolean; visit: (lab: Lab, step: number) => Promise<void> };
  finish: (ending: Ending, setting: Setting) => Findings;
}
