import { type ActivationMathematics, momentsOfOdd } from './mathematics.ts';

export const sin = {
  phi: (z) => Math.sin(z),
  phiPrime: (z) => Math.cos(z),
  phiSecond: (z) => -Math.sin(z),
  supPhiPrime: 1,
  supPhiSecond: 1,
  odd: true,
  slopes: null,
  moments: momentsOfOdd(Math.exp(-1 / 2)),
  dual: ({ a, b, c }) => ({
    first: c * Math.exp(-(a + b) / 2) * Math.cosh(c),
    second: Math.exp(-(a + b) / 2) * Math.sinh(c),
  }),
  label: 'sin',
  hint: 'smooth, odd',
} as const satisfies ActivationMathematics;
