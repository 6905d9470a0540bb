import { type Dense, dense } from '../math/dense.ts';

/**
 * One step of gradient descent in the displacement: Δ − rate · diag(v) g.
 * @param v a factor for each row of g; 1 where there is none
 */
export function descend(displacement: Dense, gradient: Dense, rate: number, v?: Float64Array): Dense {
  const { rows, cols } = gradient;
  return dense(
    rows,
    cols,
    displacement.data.map((delta, k) => delta - rate * (v ? v[Math.floor(k / cols)] : 1) * gradient.data[k]),
  );
}
