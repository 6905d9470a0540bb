import type { Results } from './contestant.ts';

/** Contestants disagree on a result: what they were timed at would mean nothing. */
export class MismatchError extends Error {
  override readonly name = 'MismatchError';
}

/** ‖a − b‖/‖b‖ in the Euclidean norm, summed in float64; not a number where an entry is not. */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return NaN;
  let [difference, size] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(difference / size);
}

/**
 * The largest relative difference between two contestants' results, over all arrays.
 * @throws MismatchError where it passes the tolerance, or an array is missing, of another length or not finite.
 */
export function compare(
  name: string,
  results: Results,
  referenceName: string,
  reference: Results,
  tolerance: number,
): number {
  let largest = 0;
  for (const [array, expected] of Object.entries(reference)) {
    const found = results[array] as Float32Array | undefined;
    const difference = found ? relativeDifference(found, expected) : NaN;
    if (!(difference <= tolerance)) {
      throw new MismatchError(
        `${name} and ${referenceName} disagree on ${array}: relative difference ${difference.toPrecision(3)}, tolerance ${tolerance}.`,
      );
    }
    largest = Math.max(largest, difference);
  }
  return largest;
}
