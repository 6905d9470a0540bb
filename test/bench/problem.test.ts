import { describe, expect, it } from 'vitest';
import { networkProblem, squareMatrices } from '../../bench/problem.ts';

describe('networkProblem', () => {
  const [n, d, m] = [2000, 5, 8];
  const { X, y, W, v, u } = networkProblem({ n, d, m });

  it('is the same every time', () => {
    expect(networkProblem({ n, d, m }).X).toEqual(X);
  });

  it('starts symmetrically, so that the network is 0', () => {
    expect(W.subarray(0, (m / 2) * d)).toEqual(W.subarray((m / 2) * d));
    for (let r = 0; r < m / 2; r++) expect(v[r + m / 2]).toBe(-v[r]);
  });

  it('has inputs of mean 0 and variance 1, and signs for targets', () => {
    const mean = X.reduce((sum, x) => sum + x, 0) / X.length;
    const variance = X.reduce((sum, x) => sum + x * x, 0) / X.length;
    // Five standard errors.
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(X.length));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / X.length));
    expect(new Set(y)).toEqual(new Set([1, -1]));
    expect(u).toHaveLength(n);
  });
});

describe('squareMatrices', () => {
  it('are two different ones', () => {
    const { A, B } = squareMatrices(8);
    expect(A).toHaveLength(64);
    expect(A).not.toEqual(B);
  });
});
