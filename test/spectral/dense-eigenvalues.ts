import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Dense } from '../../src/math/dense.ts';

/** Eigenvalues of a symmetric matrix by a float64 dense solver, largest first. */
export function denseEigenvalues({ rows, data }: Dense): number[] {
  const { realEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(rows, rows, data), {
    assumeSymmetric: true,
  });
  return [...realEigenvalues].sort((a, b) => b - a);
}

export const denseNorm = (matrix: Dense): number => Math.max(...denseEigenvalues(matrix).map(Math.abs));
