import { expect, test } from 'vitest';
import { erf, erfc } from '../../src/math/erf.ts';

/** x, erf(x), erfc(x) by mpmath, rounded to float64, at x as float64 has it, on both sides of where the formula changes. */
const values = [
  [-5.9, -0.9999999999999999, 2.0],
  [-1, -0.8427007929497149, 1.8427007929497148],
  [1e-9, 1.1283791670955127e-9, 0.9999999988716208],
  [0.25, 0.27632639016823696, 0.7236736098317631],
  [0.84, 0.7651427114549945, 0.23485728854500548],
  [0.85, 0.7706680576083526, 0.22933194239164748],
  [1.2, 0.9103139782296353, 0.08968602177036464],
  [1.3, 0.9340079449406524, 0.06599205505934755],
  [1.85, 0.9911110300560857, 0.00888896994391429],
  [2.8, 0.9999249868053346, 7.501319466545911e-5],
  [2.9, 0.9999589021219005, 4.109787809945886e-5],
  [4, 0.9999999845827421, 1.541725790028002e-8],
  [6.5, 1.0, 3.8421483271206475e-20],
  [26, 1.0, 5.663192408856143e-296],
] as const;

test.each(values)('erf and erfc of %d', (x, value, complement) => {
  expect(Math.abs(erf(x) / value - 1)).toBeLessThan(2 * 2 ** -52);
  expect(Math.abs(erfc(x) / complement - 1)).toBeLessThan(4 * 2 ** -52);
});

test('at the ends, and of what is no number', () => {
  expect([-Infinity, 0, Infinity, NaN].map(erf)).toEqual([-1, 0, 1, NaN]);
  expect([-Infinity, 0, Infinity, NaN].map(erfc)).toEqual([2, 1, 0, NaN]);
  expect(erf(Number.MIN_VALUE)).toBe(Number.MIN_VALUE);
});
