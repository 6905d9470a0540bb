import { expect } from 'vitest';
import { expectUsualShare } from './shares.ts';

/** Unit roundoff of float32. */
export const u = 2 ** -24;

/** γ_k = ku/(1 − ku): relative error of a sum of k rounded products, in any order of summation. */
export const gamma = (k: number): number => (k * u) / (1 - k * u);

/** Smallest normal float32; what underflows may be flushed to 0. */
const tiny = 2 ** -126;

/**
 * Holds |actual − exact| ≤ bound in every entry, and how much of the bound is used to what was recorded: near 100 % the
 * bound is sharp, far below 1 % it alone would hide a rough program.
 */
export function expectWithin(
  label: string,
  actual: ArrayLike<number>,
  exact: ArrayLike<number>,
  bound: ArrayLike<number>,
): void {
  expect(actual.length, label).toBe(exact.length);
  let used = 0;
  for (let i = 0; i < exact.length; i++) {
    const error = Math.abs(actual[i] - exact[i]);
    const allowed = bound[i] + tiny;
    if (!(error <= allowed)) {
      expect.fail(
        `${label}, entry ${i} of ${exact.length}: ${actual[i]} differs from ${exact[i]} by ${error}; the derived bound is ${allowed}.`,
      );
    }
    used = Math.max(used, error / allowed);
  }
  expectUsualShare(label, used);
}
