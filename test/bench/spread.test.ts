import { describe, expect, it } from 'vitest';
import { spread } from '../../bench/spread.ts';

describe('spread', () => {
  it('is the middle one and the extremes of an odd number', () => {
    expect(spread([5, 1, 100])).toEqual({ median: 5, least: 1, most: 100 });
  });

  it('takes the mean of the middle two of an even number, and orders numbers as numbers', () => {
    expect(spread([10, 9, 2, 100])).toEqual({ median: 9.5, least: 2, most: 100 });
  });

  it('leaves what it was given in its order', () => {
    const values = [3, 1, 2];
    spread(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses no measurements', () => {
    expect(() => spread([])).toThrow(RangeError);
  });
});
