import { describe, expect, it } from 'vitest';
import { fullyConnected } from '../../src/math/deep/architecture.ts';
import {
  deepProductOperations,
  deepStepOperations,
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

  it('of deep networks are those of their layers, of both towers in a step', () => {
    const [one, two] = [5, 6];
    const Z = product(n, d, one) + product(n, one, two);
    const back = product(n, two, one);
    const architecture = fullyConnected(d, [one, two]);
    expect(deepStepOperations(architecture, n)).toBe(2 * (2 * Z + back + 2 * product(n, two, 1)));
    expect(deepProductOperations(architecture, n)).toBe(2 * Z + 2 * product(n, two, 1));
  });

  it('of a convolution are those of its patches', () => {
    const layers = [{ channels: 4, taps: 3, pool: 1 }];
    const architecture = {
      positions: [5, 6],
      channels: 2,
      layers,
      readout: 'flat',
      gains: [1, 1],
    } as const;
    const Z = product(n * 30, 9 * 2, 4);
    expect(deepStepOperations(architecture, n)).toBe(2 * (2 * Z + 2 * product(n, 30 * 4, 1)));
  });
});
