import { describe, expect, it } from 'vitest';
import {
  denseNtkOperations,
  gradientStepOperations,
  matrixProductOperations,
  ntkProductOperations,
  storedProductOperations,
} from '../../bench/operations.ts';

/** Additions and multiplications of a product of an a × b and a b × c matrix. */
const product = (a: number, b: number, c: number): number => {
  let count = 0;
  for (let i = 0; i < a; i++) for (let j = 0; j < c; j++) for (let k = 0; k < b; k++) count += 2;
  return count;
};

describe('operations', () => {
  const [n, d, m] = [7, 3, 4];
  const size = { n, d, m };

  it('are those of the products that a formula is made of', () => {
    const Z = product(n, d, m);
    const gradientW = product(m, n, d);
    expect(matrixProductOperations(5)).toBe(product(5, 5, 5));
    expect(denseNtkOperations(size)).toBe(Z + product(n, m, n) + product(n, d, n));
    expect(gradientStepOperations(size)).toBe(Z + product(n, m, 1) + gradientW + product(m, n, 1));
    // ⟨G_r, x_i⟩ is as XGᵀ, and the sum over r one multiplication and one addition an entry.
    expect(ntkProductOperations(size)).toBe(gradientW + product(n, d, m) + 2 * n * m);
    expect(storedProductOperations(size)).toBe(product(n, n, 1));
  });
});
