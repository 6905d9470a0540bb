import { activationError } from '../shaders/parts/accuracy.ts';
import { absolute } from '../src/math/absolute.ts';
import type { Activation } from '../src/math/activation-names.ts';
import { activationFunctions } from '../src/math/activations.ts';
import type { Dense } from '../src/math/dense.ts';
import { forward, preactivation } from '../src/reference/forward.ts';
import { gamma, u } from './bounds.ts';

interface Bounded {
  exact: Float64Array;
  bound: Float64Array;
}

/**
 * What the program forward makes of points, or patches, X and weights W, and how far it may be off. `factor`: what the slope
 * of an entry (row · units + unit) is multiplied by; where there is none, B is the slope itself.
 */
export function forwardBounds(
  X: Dense,
  W: Dense,
  activation: Activation,
  factor?: (k: number) => number,
): { A: Bounded; B: Bounded } {
  const { Z, A, D } = forward(X, W, activation);
  const { supPhiPrime, supPhiSecond } = activationFunctions(activation);
  const error = activationError(activation);
  // As many products and sums as there are inputs, the scale's rounding and the product with it.
  const errorZ = preactivation(absolute(X), absolute(W)).data.map((sum) => gamma(X.cols + 2) * sum);
  const slopeErrors = errorZ.map((dz, k) => {
    const z = Z.data[k];
    // φ′ of a piecewise linear φ jumps by at most sup |φ′| at a z whose sign the rounding may change.
    const change = supPhiSecond ?? (Math.abs(z) <= dz ? supPhiPrime / dz : 0);
    return change * dz + Math.max(error.phiPrime(z - dz), error.phiPrime(z), error.phiPrime(z + dz));
  });
  return {
    A: {
      exact: A.data,
      bound: errorZ.map((dz, k) => supPhiPrime * dz + error.phi(Math.abs(Z.data[k]) + dz)),
    },
    B: factor
      ? {
          exact: D.data.map((slope, k) => factor(k) * slope),
          // And the rounding of the product with v.
          bound: slopeErrors.map((off, k) => Math.abs(factor(k)) * (off + u * (Math.abs(D.data[k]) + off))),
        }
      : { exact: D.data, bound: slopeErrors },
  };
}
