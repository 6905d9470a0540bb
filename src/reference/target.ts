import type { Dense } from '../math/dense.ts';
import type { DirectionTarget } from '../programs/target.ts';

/**
 * y_i from row i of X (n × d) and unit b, c of length d:
 *
 *     sign-linear      sign(bᵀx)
 *     sign-quadratic   sign(bᵀx + λ((cᵀx)² − 1))
 *     hermite          a₁s + a₂(s² − 1)/√2 + a₃(s³ − 3s)/√6, s = bᵀx
 *
 * with sign(0) = 1.
 */
export function target(
  X: Dense,
  t: DirectionTarget,
  { b, c }: { b: ArrayLike<number>; c: ArrayLike<number> },
): Float64Array {
  const argument = targetArgument(X, t, { b, c });
  return t.kind === 'hermite' ? argument : argument.map((value) => (value < 0 ? -1 : 1));
}

/** What the sign is taken of; the value itself for hermite. */
export function targetArgument(
  X: Dense,
  t: DirectionTarget,
  { b, c }: { b: ArrayLike<number>; c: ArrayLike<number> },
): Float64Array {
  return Float64Array.from({ length: X.rows }, (_, i) => {
    const x = X.data.subarray(i * X.cols, (i + 1) * X.cols);
    const along = (direction: ArrayLike<number>): number =>
      x.reduce((sum, value, k) => sum + value * direction[k], 0);
    const s = along(b);
    switch (t.kind) {
      case 'sign-linear':
        return s;
      case 'sign-quadratic':
        return s + t.lambda * (along(c) ** 2 - 1);
      case 'hermite': {
        const [a1, a2, a3] = t.coefficients;
        return a1 * s + (a2 * (s * s - 1)) / Math.SQRT2 + (a3 * (s * s - 3) * s) / Math.sqrt(6);
      }
    }
  });
}
