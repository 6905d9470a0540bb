import erfOfStdlib from '@stdlib/math-base-special-erf';
import erfcOfStdlib from '@stdlib/math-base-special-erfc';
import { expect, test } from 'vitest';
import { erf, erfc } from '../../src/math/erf.ts';

/** Two functions that are each within a unit in the last place, and e^{−x²} of two engines within one more. */
const bound = 4 * 2 ** -52;

test('erf and erfc are those of another library to the last places, to the ends of float64', () => {
  const near = [0, 0.25, 0.84375, 1.25, 1 / 0.35, 6, 26, 28].flatMap((x) => [x - 1e-12, x, x + 1e-12]);
  const sizes = [...near, 1e-320, 1e-300, 1e-20, ...Array.from({ length: 20_000 }, (_, k) => k / 700)];
  for (const x of sizes.flatMap((size) => [size, -size])) {
    for (const [ours, theirs] of [
      [erf(x), erfOfStdlib(x)],
      [erfc(x), erfcOfStdlib(x)],
    ]) {
      // What underflows has fewer digits.
      if (!(Math.abs(ours - theirs) <= bound * Math.abs(theirs) + 2 ** -1073))
        expect({ x, ours }).toEqual({ x, ours: theirs });
    }
  }
});

test('their special values', () => {
  expect([0, -0, Infinity, -Infinity, NaN, 40].map(erf)).toEqual([0, -0, 1, -1, NaN, 1]);
  expect([0, -0, Infinity, -Infinity, NaN, 40].map(erfc)).toEqual([1, 1, 0, 2, NaN, 0]);
});
