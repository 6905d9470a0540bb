import { lengthOf } from '../math/statistics.ts';
import { type Dense, dense } from '../math/dense.ts';
import { random } from '../math/random.ts';

/** Each row of X (n × d) rescaled to the norm √d; a row of zeros becomes (√d, 0, …, 0). */
export function ontoSphere(X: Dense): Dense {
  const [n, d] = [X.rows, X.cols];
  const result = dense(n, d);
  for (let i = 0; i < n; i++) {
    const norm = lengthOf(X.data.subarray(i * d, (i + 1) * d));
    for (let j = 0; j < d; j++) {
      result.data[i * d + j] =
        norm > 0 ? (Math.sqrt(d) * X.data[i * d + j]) / norm : j === 0 ? Math.sqrt(d) : 0;
    }
  }
  return result;
}

/**
 * x_i/√χ²₃ with a χ²₃ of row i's own: if x_i ~ N(0, I), Student's t with 3 degrees of freedom, rescaled to covariance I
 * (x√(3/χ²₃) has covariance 3I).
 */
export function studentT(X: Dense, source: { seed: number; stream: number }): Dense {
  const [n, d] = [X.rows, X.cols];
  const g = random('normal', n, 3, source);
  const result = dense(n, d);
  for (let i = 0; i < n; i++) {
    const chi = lengthOf(g.data.subarray(i * 3, i * 3 + 3));
    for (let j = 0; j < d; j++) result.data[i * d + j] = X.data[i * d + j] / chi;
  }
  return result;
}
