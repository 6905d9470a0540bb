import { type Dense, dense } from '../math/dense.ts';

/** One step of gradient descent in the displacement: Δ − rate · g. */
export function descend(displacement: Dense, gradient: Dense, rate: number): Dense {
  const { rows, cols } = gradient;
  return dense(
    rows,
    cols,
    displacement.data.map((delta, k) => delta - rate * gradient.data[k]),
  );
}
