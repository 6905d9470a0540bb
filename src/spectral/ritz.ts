import { dense } from '../math/dense.ts';
import { symmetricEigen } from '../math/symmetric-eigen.ts';

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
  const T = dense(size, size);
  // By the lower triangle: what is locked comes first.
  const set = (i: number, j: number, value: number): void => void (T.data[i * size + j] = value);
  locked?.values.forEach((value, i) => set(i, i, value));
  steps.forEach(({ alpha, beta }, j) => {
    for (let i = 0; i < before; i++) set(before + j, i, locked!.couplings[j][i]);
    set(before + j, before + j, alpha);
    if (j + 1 < steps.length) set(before + j + 1, before + j, beta);
  });
  const { values, vectors } = symmetricEigen(T);
  return {
    values: [...values],
    vectors: Array.from(values, (_, k) => vectors.data.slice(k * size, (k + 1) * size)),
  };
}
