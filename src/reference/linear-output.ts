import type { LinearFeatures } from '../math/linear-features.ts';
import type { Dense } from '../math/dense.ts';

/**
 * Ψβ, with ψ(x) = [scale·x ; bias ; normScale·q(x)].
 * @param X n × d
 * @param q norm feature, n
 * @param beta d + 2
 * @returns n
 */
export function linearOutput(
  { scale, bias, normScale }: Pick<LinearFeatures, 'scale' | 'bias' | 'normScale'>,
  X: Dense,
  q: Float64Array,
  beta: Float64Array,
): Float64Array {
  const [n, d] = [X.rows, X.cols];
  const u = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += X.data[i * d + k] * beta[k];
    u[i] = scale * sum + bias * beta[d] + normScale * q[i] * beta[d + 1];
  }
  return u;
}
