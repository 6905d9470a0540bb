import type { Dense } from '../src/math/dense.ts';
import type { LinearFeatures } from '../src/math/linear-features.ts';
import { gamma, u } from './bounds.ts';

/** Bound on the error of q(x_i) as the device computes it. */
export function normFeatureBound(
  { rows: n, cols: d, data }: Dense,
  { theta0, theta1, theta2 }: Pick<LinearFeatures, 'theta0' | 'theta1' | 'theta2'>,
): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    let a = 0;
    for (let k = 0; k < d; k++) a += data[i * d + k] ** 2 / d;
    const s = Math.sqrt(a) - 1;
    // a: d products and sums, the rounded 1/d and its product. Then ds = da/(2√a); √ is right to 9u (2 ulp of
    // inverseSqrt and a division), and the difference, sum and division of (a − 1)/(√a + 1) add 7u.
    const ds = (gamma(d + 2) * a) / (2 * Math.sqrt(a)) + 16 * u * Math.abs(s) + (u * a) / (1 + Math.sqrt(a));
    const size = Math.abs(theta0) + Math.abs(theta1 * s) + theta2 * s * s;
    return (Math.abs(theta1) + 2 * theta2 * (Math.abs(s) + ds)) * ds + 5 * u * size;
  });
}
