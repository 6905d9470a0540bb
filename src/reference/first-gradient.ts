import { type Dense, dense } from '../math/dense.ts';

/**
 * ∇_W L = diag(v) Dᵀ diag(e) X/(n√(md)).
 * @param D φ′(Z), n × m
 * @param X n × d
 * @param v m
 * @param e residual, n
 * @returns m × d
 */
export function firstGradient(D: Dense, X: Dense, v: Float64Array, e: Float64Array): Dense {
  const [n, m, d] = [X.rows, D.cols, X.cols];
  const G = dense(m, d);
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < m; r++) {
      const factor = v[r] * D.data[i * m + r] * e[i];
      for (let k = 0; k < d; k++) G.data[r * d + k] += factor * X.data[i * d + k];
    }
  }
  return dense(
    m,
    d,
    G.data.map((sum) => sum / (n * Math.sqrt(m * d))),
  );
}
