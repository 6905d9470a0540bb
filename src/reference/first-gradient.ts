import { type Dense, dense } from '../math/dense.ts';

/**
 * ∇_W L = diag(v) Dᵀ diag(e) X/(n√(md)).
 * @param D φ′(Z), n × m; of a convolution nP × m
 * @param X n × d; of a convolution its patches, nP × d
 * @param v m
 * @param e residual, n
 * @param positions P
 * @returns m × d
 */
export function firstGradient(D: Dense, X: Dense, v: Float64Array, e: Float64Array, positions = 1): Dense {
  const [n, m, d] = [X.rows / positions, D.cols, X.cols];
  const G = dense(m, d);
  for (let i = 0; i < X.rows; i++) {
    for (let r = 0; r < m; r++) {
      const factor = v[r] * D.data[i * m + r] * e[Math.floor(i / positions)];
      for (let k = 0; k < d; k++) G.data[r * d + k] += factor * X.data[i * d + k];
    }
  }
  return dense(
    m,
    d,
    G.data.map((sum) => sum / (n * Math.sqrt(m * d))),
  );
}

/**
 * The same of each point alone, but for e and the scale: Σ_p B[i, p]ᵀA[i, p], which are rows of the Jacobian in a
 * convolution's weights (THEORY-DEEP.md, section c).
 * @param B nP × m
 * @param A patches, nP × d
 * @returns n × md
 */
export function pointProducts(B: Dense, A: Dense, positions: number): Dense {
  const [m, d] = [B.cols, A.cols];
  const J = dense(B.rows / positions, m * d);
  for (let row = 0; row < B.rows; row++) {
    const start = Math.floor(row / positions) * m * d;
    for (let r = 0; r < m; r++) {
      const factor = B.data[row * m + r];
      for (let k = 0; k < d; k++) J.data[start + r * d + k] += factor * A.data[row * d + k];
    }
  }
  return J;
}
