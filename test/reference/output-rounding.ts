import { absolute } from '../../src/math/absolute.ts';
import type { Activation } from '../../src/math/activation-names.ts';
import { activationFunctions } from '../../src/math/activations.ts';
import type { Dense } from '../../src/math/dense.ts';
import { forward, preactivation } from '../../src/reference/forward.ts';
import { output } from '../../src/reference/output.ts';
import { u } from './central-difference.ts';

/**
 * Bound on the float64 rounding error of every output of a network: (m + 64)u |A||v|/√m for the sum and φ itself, and
 * (d + 3)u |X||W|ᵀ/√d in Z, which φ magnifies at most sup |φ′| times.
 */
export function outputRounding(X: Dense, W: Dense, v: Float64Array, activation: Activation): Float64Array {
  const [m, d] = [W.rows, X.cols];
  const { supPhiPrime } = activationFunctions(activation);
  const fromSum = output(absolute(forward(X, W, activation).A), absolute(v));
  const fromZ = output(preactivation(absolute(X), absolute(W)), absolute(v));
  return fromSum.map((value, i) => (m + 64) * u * value + supPhiPrime * (d + 3) * u * fromZ[i]);
}
