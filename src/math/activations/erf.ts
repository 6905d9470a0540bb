import { erf as erfOf } from '../erf.ts';
import { type ActivationMathematics, momentsOfOdd } from './mathematics.ts';

const slope = (z: number): number => (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z);

export const erf = {
  phi: (z) => erfOf(z),
  phiPrime: slope,
  phiSecond: (z) => -2 * z * slope(z),
  supPhiPrime: 2 / Math.sqrt(Math.PI), // at 0
  supPhiSecond: 2 * Math.sqrt(2 / (Math.PI * Math.E)), // at z² = ½
  odd: true,
  slopes: null,
  moments: momentsOfOdd(2 / Math.sqrt(3 * Math.PI)),
  dual: ({ a, b, c }) => {
    const product = (1 + 2 * a) * (1 + 2 * b);
    return {
      first: (c * (4 / Math.PI)) / Math.sqrt(product - 4 * c * c),
      second: (2 / Math.PI) * Math.asin((2 * c) / Math.sqrt(product)),
    };
  },
  dualDerivatives: ({ a, b, c }) => {
    const product = (1 + 2 * a) * (1 + 2 * b);
    const D = product - 4 * c * c;
    const root = Math.sqrt(D);
    return {
      value: (2 / Math.PI) * Math.asin((2 * c) / Math.sqrt(product)),
      slope: 4 / (Math.PI * root),
      second: (16 * c) / (Math.PI * D * root),
      third: (16 * (D + 12 * c * c)) / (Math.PI * D * D * root),
    };
  },
  label: 'erf',
  hint: 'smooth, odd',
} as const satisfies ActivationMathematics;
