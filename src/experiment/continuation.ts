import { DataError } from '../data/data-error.ts';
import { readNpy } from '../data/npy.ts';
import type { StepRecord, Timings } from './result.ts';
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

/** The file that holds the state of a run that stopped at a step, beside its result. */
export const stateFile = (step: number): string => `stopped-${step}.npy`;

/** The files of states. */
export const stateFiles = /^stopped-\d+\.npy$/;

/** Why a run of this spec cannot go on, but begins anew; null where it can. */
export const whyNotContinued = ({ claims }: Spec): string | null =>
  claims === 'none' ? null : 'claims are measured from its first step on';

/** @throws DataError where the file holds no state. */
export async function stateFrom(
  source: ArrayBuffer | AsyncIterable<Uint8Array>,
  name: string,
): Promise<Float32Array<ArrayBuffer>> {
  const array = await readNpy(source, name);
  if (array.shape.length !== 1) throw new DataError(`${name} is no state of a stopped run.`);
  return Float32Array.from(array.rows(0, array.shape[0]));
}

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
