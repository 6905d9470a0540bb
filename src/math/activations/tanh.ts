import type { ActivationMathematics } from './mathematics.ts';

export const tanh = {
  phi: (z) => Math.tanh(z),
  phiPrime: (z) => (1 / Math.cosh(z)) ** 2,
  phiSecond: (z) => -2 * Math.tanh(z) * (1 / Math.cosh(z)) ** 2,
  supPhiPrime: 1, // at 0
  supPhiSecond: 4 / (3 * Math.sqrt(3)), // |2τ(1 − τ²)|, τ = tanh z, at τ² = ⅓
  odd: true,
  slopes: null,
  moments: null,
  dual: null,
  dualDerivatives: null,
  label: 'tanh',
  hint: 'smooth, odd',
} as const satisfies ActivationMathematics;
