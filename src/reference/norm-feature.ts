import type { LinearFeatures } from '../math/linear-features.ts';
import type { Dense } from '../math/dense.ts';

/**
 * q(x_i) = ϑ₀ + ϑ₁(‖x_i‖/√d − 1) + ϑ₂(‖x_i‖/√d − 1)² (THEORY.md, section 4).
 * @param X n × d
 * @returns n
 */
export function normFeature(
  X: Dense,
  { theta0, theta1, theta2 }: Pick<LinearFeatures, 'theta0' | 'theta1' | 'theta2'>,
): Float64Array {
  const [n, d] = [X.rows, X.cols];
  const q = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let squaredNorm = 0;
    for (let k = 0; k < d; k++) squaredNorm += X.data[i * d + k] ** 2;
    const s = Math.sqrt(squaredNorm) / Math.sqrt(d) - 1;
    q[i] = theta0 + theta1 * s + theta2 * s ** 2;
  }
  return q;
}
