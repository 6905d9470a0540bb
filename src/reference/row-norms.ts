import type { Dense } from '../math/dense.ts';

/**
 * a_i = ‖x_i‖²/d.
 * @param X n × d
 * @returns n
 */
export function rowNorms(X: Dense): Float64Array {
  const [n, d] = [X.rows, X.cols];
  const a = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += X.data[i * d + k] ** 2;
    a[i] = sum / d;
  }
  return a;
}
