import { logistic, logisticPrime, softplus as softplusOf } from '../logistic.ts';
import type { ActivationMathematics } from './mathematics.ts';

export const softplus = {
  phi: softplusOf,
  phiPrime: logistic,
  phiSecond: logisticPrime,
  supPhiPrime: 1, // as z → ∞
  supPhiSecond: 1 / 4, // at 0
  odd: false,
  slopes: null,
  moments: null,
  dual: null,
  dualDerivatives: null,
  label: 'softplus',
  hint: 'E φ(g) ≠ 0',
} as const satisfies ActivationMathematics;
