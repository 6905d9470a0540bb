import { DataError } from '../data/data-error.ts';
import { readNpy } from '../data/npy.ts';

/** The file that holds the state of a run that stopped at a step, beside its result. */
export const stateFile = (step: number): string => `stopped-${step}.npy`;

/** The files of states. */
export const stateFiles = /^stopped-\d+\.npy$/;

/** @throws DataError where the file holds no state. */
export async function stateFrom(
  source: ArrayBuffer | AsyncIterable<Uint8Array>,
  name: string,
): Promise<Float32Array<ArrayBuffer>> {
  const array = await readNpy(source, name);
  if (array.shape.length !== 1) throw new DataError(`${name} is no state of a stopped run.`);
  return Float32Array.from(array.rows(0, array.shape[0]));
}
