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
  dualDerivatives: ({ a, b, c }) => {
    // e^(−(a+b)/2) cosh c and sinh c, whose exponents do not exceed 0.
    const [up, down] = [Math.exp(c - (a + b) / 2), Math.exp(-c - (a + b) / 2)];
    const even = (up + down) / 2;
    // The difference of the two would cancel for small c.
    const odd = Math.abs(c) < 1 ? Math.exp(-(a + b) / 2) * Math.sinh(c) : (up - down) / 2;
    return { value: odd, slope: even, second: odd, third: even };
  },
  label: 'sin',
  hint: 'smooth, odd',
} as const satisfies ActivationMathematics;
