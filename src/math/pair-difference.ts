import type { Activation } from './activation-names.ts';
import { mathematicsOf } from './activations.ts';

/** Nodes and weights of Gauss–Legendre quadrature on [−1, 1], exact up to degree 11; those at −x are the same. */
const legendre = [
  [0.2386191860831969, 0.46791393457269104],
  [0.6612093864662645, 0.3607615730481386],
  [0.932469514203152, 0.17132449237917036],
] as const;

/** φ(mean + half) − φ(mean − half), to full relative accuracy however small half is. */
export function pairDifference(activation: Activation, mean: number, half: number): number {
  const { phi, phiPrime, supPhiSecond, formula } = mathematicsOf(activation);
  if (formula) return formula.difference(mean, half);
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
