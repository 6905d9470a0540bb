import { logistic, logisticPrime } from '../logistic.ts';
import type { ActivationMathematics } from './mathematics.ts';

/**
 * z σ(z), σ the logistic function (Ramachandran, Zoph and Le, arXiv:1710.05941; SiLU in Hendrycks and Gimpel,
 * arXiv:1606.08415). φ′ = σ + zσ′ and φ″ = σ′(2 − z tanh(z/2)); φ″ is even, largest at 0 in size, and φ′ where it vanishes:
 * z tanh(z/2) = 2.
 */
export const swish = {
  phi: (z) => z * logistic(z),
  phiPrime: (z) => logistic(z) + z * logisticPrime(z),
  phiSecond: (z) => logisticPrime(z) * (2 - z * Math.tanh(z / 2)),
  supPhiPrime: 1.099839320128867, // at z = 2.3993572805154677
  supPhiSecond: 1 / 2, // at 0
  odd: false,
  slopes: null,
  moments: null,
  dual: null,
  dualDerivatives: null,
  label: 'swish',
  hint: 'E φ(g) ≠ 0',
} as const satisfies ActivationMathematics;
