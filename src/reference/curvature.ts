import type { Activation } from '../math/activation-names.ts';
import { activationFunctions } from '../math/activations.ts';
import { type Dense, dense } from '../math/dense.ts';
import { preactivation } from './forward.ts';

/**
 * C = S ⊙ (φ′(Z + h) − φ′(Z − h))/(2h), Z = XWᵀ/√d, S = XGᵀ/√d.
 * @returns n × m
 */
export function curvature(X: Dense, W: Dense, G: Dense, activation: Activation, h: number): Dense {
  const { phiPrime } = activationFunctions(activation);
  const [Z, S] = [preactivation(X, W), preactivation(X, G)];
  return dense(
    X.rows,
    W.rows,
    Z.data.map((z, k) => (S.data[k] * (phiPrime(z + h) - phiPrime(z - h))) / (2 * h)),
  );
}
