import { expect, it } from 'vitest';
import { studentFactor } from '../../src/math/student-t.ts';

it.each([
  [1, 12.7062],
  [2, 4.30265],
  [3, 3.18245],
  [4, 2.77645],
  [11, 2.20099],
  [30, 2.04227],
  [1000, 1.96234],
])('has the tabled factor for %d degrees of freedom', (degrees, factor) => {
  expect(studentFactor(degrees)).toBeCloseTo(factor, 4);
});

it.each([0, -1, 1.5, NaN])('refuses %d', (degrees) => {
  expect(() => studentFactor(degrees)).toThrow(RangeError);
});
