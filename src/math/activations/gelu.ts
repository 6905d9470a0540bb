import { normalCdf, normalDensity } from '../normal.ts';
import type { ActivationMathematics } from './mathematics.ts';

const unit = 1 / Math.sqrt(Math.PI);

/** GELU, exact: z·Φ(z), Φ the normal distribution function. */
export const gelu = {
  phi: (z) => z * normalCdf(z),
  phiPrime: (z) => normalCdf(z) + z * normalDensity(z),
  // (2 − z²)·density(z), multiplied out so that z² cannot overflow against a density of 0.
  phiSecond: (z) => 2 * normalDensity(z) - z * (z * normalDensity(z)),
  supPhiPrime: normalCdf(Math.SQRT2) + Math.exp(-1) / Math.sqrt(Math.PI), // where φ″ = 0: z = √2
  supPhiSecond: 2 / Math.sqrt(2 * Math.PI), // φ‴ = z(z² − 4)·density: largest at 0, not at z² = 4
  odd: false,
  slopes: null,
  // Stein's identity leaves expectations of polynomials under density(g)², a Gaussian of variance ½.
  moments: { zeta: 1 / 2, gPhiPrime: (3 / 4) * unit, theta0: unit / 2, theta2: unit / 16 },
  dual: null,
  dualDerivatives: null,
  label: 'GELU',
  hint: 'E φ(g) ≠ 0',
} as const satisfies ActivationMathematics;
