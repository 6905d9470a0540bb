import type { Activation } from '../math/activation-names.ts';
import { activationFunctions } from '../math/activations.ts';

/** Nodes and weights of Gauss–Legendre quadrature on [−1, 1], exact up to degree 11; those at −x are the same. */
const legendre = [
  [0.2386191860831969086, 0.4679139345726910473],
  [0.6612093864662645136, 0.3607615730481386076],
  [0.9324695142031520278, 0.171324492379170345],
] as const;

/** φ(mean + half) − φ(mean − half), to full relative accuracy however small half is. */
export function pairDifference(activation: Activation, mean: number, half: number): number {
  const { phi, phiPrime, supPhiSecond } = activationFunctions(activation);
  const [z, other] = [mean + half, mean - half];
  if (supPhiSecond === null) {
    return phiPrime(z) === phiPrime(other) ? 2 * half * phiPrime(z) : phi(z) - phi(other);
  }
  if (Math.abs(half) > 0.25) return phi(z) - phi(other);
  // The integral of φ′ between them.
  let mid = 0;
  for (const [x, weight] of legendre) mid += weight * (phiPrime(mean + half * x) + phiPrime(mean - half * x));
  return half * mid;
}
