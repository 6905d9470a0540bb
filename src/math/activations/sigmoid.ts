import { logistic, logisticPrime, logisticSecond } from '../logistic.ts';
import type { ActivationMathematics } from './mathematics.ts';

export const sigmoid = {
  phi: logistic,
  phiPrime: logisticPrime,
  phiSecond: logisticSecond,
  supPhiPrime: 1 / 4, // at 0
  supPhiSecond: 1 / (6 * Math.sqrt(3)), // |τ(1 − τ²)|/4, τ = tanh(z/2), at τ² = ⅓
  odd: false,
  slopes: null,
  moments: null,
  dual: null,
  dualDerivatives: null,
  label: 'sigmoid',
  hint: 'E φ(g) = ½',
} as const satisfies ActivationMathematics;
