import type { LinearFeatures } from '../math/linear-features.ts';
import type { Dense } from '../math/dense.ts';
import { rowNorms } from './row-norms.ts';

/**
 * q(x_i) = ϑ₀ + ϑ₁(‖x_i‖/√d − 1) + ϑ₂(‖x_i‖/√d − 1)² (THEORY.md, section 4).
 * @param X n × d
 * @returns n
 */
export function normFeature(
  X: Dense,
  { theta0, theta1, theta2 }: Pick<LinearFeatures, 'theta0' | 'theta1' | 'theta2'>,
): Float64Array {
  return rowNorms(X).map((a) => {
    const s = Math.sqrt(a) - 1;
    return theta0 + theta1 * s + theta2 * s ** 2;
  });
}
