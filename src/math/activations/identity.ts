import { type ActivationMathematics, momentsOfOdd } from './mathematics.ts';

export const identity = {
  phi: (z) => z,
  phiPrime: () => 1,
  phiSecond: () => 0,
  supPhiPrime: 1,
  supPhiSecond: 0,
  odd: true,
  slopes: { left: 1, right: 1 },
  moments: momentsOfOdd(1),
  dual: ({ c }) => ({ first: c, second: c }),
  dualDerivatives: ({ c }) => ({ value: c, slope: 1, second: 0, third: 0 }),
  label: 'identity',
  hint: 'a linear network',
} as const satisfies ActivationMathematics;
