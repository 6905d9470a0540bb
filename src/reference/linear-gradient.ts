import type { LinearFeatures } from '../math/linear-features.ts';
import type { Dense } from '../math/dense.ts';

/**
 * Ψᵀe/n, the gradient of ‖Ψβ − y‖²/(2n), with ψ(x) = [scale·x ; bias ; normScale·q(x)].
 * @param X n × d
 * @param q norm feature, n
 * @param e residual Ψβ − y, n
 * @returns d + 2
 */
export function linearGradient(
  { scale, bias, normScale }: Pick<LinearFeatures, 'scale' | 'bias' | 'normScale'>,
  X: Dense,
  q: Float64Array,
  e: Float64Array,
): Float64Array {
  const [n, d] = [X.rows, X.cols];
  const g = new Float64Array(d + 2);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) g[k] += scale * X.data[i * d + k] * e[i];
    g[d] += bias * e[i];
    g[d + 1] += normScale * q[i] * e[i];
  }
  return g.map((sum) => sum / n);
}
