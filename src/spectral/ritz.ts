import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Step j of Lanczos: α_j = q_jᵀAq_j and β_{j+1} = ‖Aq_j − …‖, what is left over. */
export interface LanczosStep {
  alpha: number;
  beta: number;
}

/** Eigenpairs of a symmetric matrix, largest eigenvalue first. */
export interface RitzPairs {
  values: number[];
  /** Row k: the eigenvector of value k. */
  vectors: Float64Array[];
}

/** Vectors that a process was kept orthogonal to: their values, and their couplings y_iᵀAq_j (row j). */
export interface LockedPart {
  values: readonly number[];
  couplings: readonly ArrayLike<number>[];
}

/** Diagonalizes A on the locked vectors, if there are any, and the basis of these steps (the last β is no part of it). */
export function ritzPairs(steps: readonly LanczosStep[], locked?: LockedPart): RitzPairs {
  const before = locked?.values.length ?? 0;
  const size = before + steps.length;
  const T = Matrix.zeros(size, size);
  const setBoth = (i: number, j: number, value: number) => {
    T.set(i, j, value);
    T.set(j, i, value);
  };
  locked?.values.forEach((value, i) => T.set(i, i, value));
  steps.forEach(({ alpha, beta }, j) => {
    for (let i = 0; i < before; i++) setBoth(i, before + j, locked!.couplings[j][i]);
    T.set(before + j, before + j, alpha);
    if (j + 1 < steps.length) setBoth(before + j, before + j + 1, beta);
  });
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(T, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return {
    values: order.map((i) => realEigenvalues[i]),
    vectors: order.map((i) => Float64Array.from({ length: size }, (_, j) => eigenvectorMatrix.get(j, i))),
  };
}
