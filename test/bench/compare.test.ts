import { describe, expect, it } from 'vitest';
import type { Results } from '../../bench/contestant.ts';
import { MismatchError, compare, relativeDifference } from '../../bench/compare.ts';

describe('relativeDifference', () => {
  it('is ‖a − b‖/‖b‖', () => {
    expect(relativeDifference(Float32Array.of(3, 5), Float32Array.of(3, 4))).toBeCloseTo(1 / 5, 12);
  });

  it('is no number for other lengths and entries that are none', () => {
    expect(relativeDifference(Float32Array.of(1), Float32Array.of(1, 2))).toBeNaN();
    expect(relativeDifference(Float32Array.of(NaN), Float32Array.of(1))).toBeNaN();
  });
});

describe('compare', () => {
  const reference = { W: Float32Array.of(100, 0), v: Float32Array.of(1) };

  it('gives the largest difference of any array', () => {
    const results = { W: Float32Array.of(100, 0.5), v: Float32Array.of(1.0625) };
    expect(compare('a', results, 'b', reference, 0.1)).toBeCloseTo(0.0625, 12);
  });

  it('does not let a large array hide a small one', () => {
    const results = { W: reference.W, v: Float32Array.of(1.5) };
    expect(() => compare('a', results, 'b', reference, 0.1)).toThrow(/a and b disagree on v.*0\.500.*0\.1/);
  });

  it('fails on zeros, on what is not finite and on what is missing', () => {
    const wrong: Results[] = [
      { W: new Float32Array(2), v: new Float32Array(1) },
      { W: Float32Array.of(Infinity, 0), v: reference.v },
      { W: reference.W },
    ];
    for (const results of wrong) {
      expect(() => compare('a', results, 'b', reference, 0.1)).toThrow(MismatchError);
    }
  });
});
