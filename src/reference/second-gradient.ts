import type { Dense } from '../math/dense.ts';

/**
 * ∇_v L = Aᵀe/(n√m).
 * @param A φ(Z), n × m
 * @param e residual, n
 * @returns m
 */
export function secondGradient(A: Dense, e: Float64Array): Float64Array {
  const [n, m] = [A.rows, A.cols];
  const g = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < m; r++) g[r] += A.data[i * m + r] * e[i];
  }
  return g.map((sum) => sum / (n * Math.sqrt(m)));
}
