import { expect, test } from 'vitest';
import { greatestOf, leastOf, lengthOf } from '../../src/math/statistics.ts';

test('extremes are those of Math.min and Math.max, of lists that their arguments could not hold', () => {
  const lists: number[][] = [[], [3], [2, -1, 5], [0, -0], [1, NaN, 2], [-Infinity, Infinity]];
  for (const list of lists) {
    expect(leastOf(list)).toBe(Math.min(...list));
    expect(greatestOf(list)).toBe(Math.max(...list));
  }
  const long = new Float64Array(1e6).map((_, k) => Math.sin(k));
  const sorted = long.toSorted();
  expect([leastOf(long), greatestOf(long)]).toEqual([sorted[0], sorted.at(-1)]);
});

test('the length of a vector is right for any number of entries, however small or large they are', () => {
  expect(lengthOf([])).toBe(0);
  expect(lengthOf([0, 0])).toBe(0);
  expect(lengthOf([3, -4])).toBe(5);
  expect(lengthOf([1, Infinity])).toBe(Infinity);
  expect(lengthOf([1, NaN])).toBeNaN();
  expect(lengthOf([3e200, 4e200]) / 5e200).toBeCloseTo(1, 14);
  expect(lengthOf([3e-200, 4e-200]) / 5e-200).toBeCloseTo(1, 14);
  expect(lengthOf(new Float64Array(250_000).fill(2))).toBe(1000);
});
