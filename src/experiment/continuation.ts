import type { StepRecord, Timings } from './result.ts';
import { requestedClaims } from './requested-claims.ts';
import type { Spec } from './spec.ts';

/** What an earlier part of a run left for the one that goes on with it. */
export interface Earlier {
  /** The step that it stopped at: its outputs were recorded where they were to be, its descent was not made. */
  step: number;
  records: readonly StepRecord[];
  timings: Timings;
}

/** Where a run that was stopped goes on. */
export interface Continuation extends Earlier {
  /** What training has learned by then: see Training.readState. */
  state: Float32Array<ArrayBuffer>;
}

/** Why a run of this spec cannot go on, but begins anew; null where it can. */
export const whyNotContinued = (spec: Spec): string | null =>
  requestedClaims(spec).length > 0 ? 'claims are measured from its first step on' : null;

/** How long both parts of a run took; a step as long as in the later one. */
export function addTimings(earlier: Timings, later: Timings): Timings {
  return {
    preparation: earlier.preparation + later.preparation,
    training: earlier.training + later.training,
    claims: earlier.claims + later.claims,
    gpu: earlier.gpu === null || later.gpu === null ? null : earlier.gpu + later.gpu,
    perStep: later.perStep,
  };
}
