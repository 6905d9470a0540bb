import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { type Dense, dense } from '../../src/math/dense.ts';
import { symmetricEigen } from '../../src/math/symmetric-eigen.ts';
import { random } from '../../src/math/random.ts';

const u = 2 ** -53;

const symmetric = (n: number, entry: (i: number, j: number) => number): Dense => {
  const A = dense(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) A.data[i * n + j] = A.data[j * n + i] = entry(i, j);
  return A;
};

/** Holds values and vectors to a backward error of n·u·‖A‖_F, and the vectors to orthonormality. */
function check(A: Dense): Float64Array {
  const n = A.rows;
  const { values, vectors } = symmetricEigen(A);
  const norm = Math.hypot(...A.data);
  const bound = 4 * n * u * norm;
  for (let k = 0; k < n; k++) {
    const y = vectors.data.subarray(k * n, (k + 1) * n);
    if (k > 0) expect(values[k]).toBeLessThanOrEqual(values[k - 1]);
    for (let i = 0; i < n; i++) {
      const product = y.reduce((sum, entry, j) => sum + A.data[i * n + j] * entry, 0);
      expect(Math.abs(product - values[k] * y[i])).toBeLessThanOrEqual(bound);
    }
    for (let l = 0; l <= k; l++) {
      const z = vectors.data.subarray(l * n, (l + 1) * n);
      const product = y.reduce((sum, entry, j) => sum + entry * z[j], 0);
      expect(Math.abs(product - Number(k === l))).toBeLessThanOrEqual(8 * n * u);
    }
  }
  return values;
}

describe('eigenpairs of a symmetric matrix', () => {
  it('are those of another solver, and eigenpairs, at any size and scale', () => {
    for (const n of [1, 2, 3, 7, 20, 64]) {
      for (const scale of [1e-150, 1, 1e150]) {
        const { data } = random('normal', n, n, { seed: n, stream: 0 });
        const A = symmetric(n, (i, j) => scale * data[i * n + j]);
        const values = check(A);
        const { realEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, A.data), {
          assumeSymmetric: true,
        });
        realEigenvalues.reverse().forEach((value, k) => {
          expect(Math.abs(values[k] - value)).toBeLessThanOrEqual(
            8 * n * u * Math.abs(values[0]) + 8 * n * u * Math.abs(values[n - 1]),
          );
        });
      }
    }
  });

  it('are exact where the matrix is diagonal, and ordered', () => {
    const { values, vectors } = symmetricEigen(symmetric(4, (i, j) => (i === j ? [3, -1, 7, 0][i] : 0)));
    expect([...values]).toEqual([7, 3, 0, -1]);
    expect([...vectors.data.map(Math.abs)]).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0]);
  });

  it('hold where eigenvalues are equal, and where they are 0', () => {
    expect([...check(symmetric(6, () => 0))]).toEqual([0, 0, 0, 0, 0, 0]);
    const projection = check(symmetric(9, (i, j) => Number(i === j) - 2 / 9));
    projection.forEach((value, k) => expect(value).toBeCloseTo(k < 8 ? 1 : -1, 14));
  });

  it('are of the lower triangle, and none of no matrix', () => {
    const A = symmetric(5, (i, j) => 1 / (i + j + 1));
    const expected = symmetricEigen(A);
    for (let i = 0; i < 5; i++) A.data.fill(NaN, 5 * i + i + 1, 5 * i + 5);
    expect(symmetricEigen(A)).toEqual(expected);
    expect(symmetricEigen(dense(0, 0)).values).toHaveLength(0);
  });
});
