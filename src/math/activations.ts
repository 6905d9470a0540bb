import erf from '@stdlib/math-base-special-erf';
import erfc from '@stdlib/math-base-special-erfc';
import type { Activation } from './activation-names.ts';

/** φ and its derivatives in float64, for every finite z (THEORY.md, section 1). */
export interface ActivationFunctions {
  readonly phi: (z: number) => number;
  /** φ′, with φ′(0) = 1 for the piecewise linear ones. */
  readonly phiPrime: (z: number) => number;
  /** φ″; null where φ′ jumps. */
  readonly phiSecond: ((z: number) => number) | null;
  /** sup |φ′|, the Lipschitz constant of φ. */
  readonly supPhiPrime: number;
  /** sup |φ″|, the Lipschitz constant of φ′; null where φ′ jumps. */
  readonly supPhiSecond: number | null;
}

/** The density of N(0, 1). */
export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** The distribution function Φ of N(0, 1), to full relative accuracy in the lower tail. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** 1/(1 + e^−z), by the form whose exponential cannot overflow. */
function logistic(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const x = Math.exp(z);
  return x / (1 + x);
}

/** d/dz logistic(z): the product of two small numbers, not σ(1 − σ), which loses the upper tail. */
const logisticPrime = (z: number): number => logistic(z) * logistic(-z);

const smooth: Record<Exclude<Activation['name'], 'relu' | 'leaky-relu'>, ActivationFunctions> = {
  erf: {
    phi: (z) => erf(z),
    phiPrime: (z) => (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z),
    phiSecond: (z) => -2 * z * (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z),
    supPhiPrime: 2 / Math.sqrt(Math.PI), // at 0
    supPhiSecond: 2 * Math.sqrt(2 / (Math.PI * Math.E)), // at z² = ½
  },
  tanh: {
    phi: (z) => Math.tanh(z),
    phiPrime: (z) => (1 / Math.cosh(z)) ** 2,
    phiSecond: (z) => -2 * Math.tanh(z) * (1 / Math.cosh(z)) ** 2,
    supPhiPrime: 1, // at 0
    supPhiSecond: 4 / (3 * Math.sqrt(3)), // |2τ(1 − τ²)|, τ = tanh z, at τ² = ⅓
  },
  sigmoid: {
    phi: logistic,
    phiPrime: logisticPrime,
    phiSecond: (z) => -logisticPrime(z) * Math.tanh(z / 2),
    supPhiPrime: 1 / 4, // at 0
    supPhiSecond: 1 / (6 * Math.sqrt(3)), // |τ(1 − τ²)|/4, τ = tanh(z/2), at τ² = ⅓
  },
  softplus: {
    phi: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    phiPrime: logistic,
    phiSecond: logisticPrime,
    supPhiPrime: 1, // as z → ∞
    supPhiSecond: 1 / 4, // at 0
  },
  gelu: {
    phi: (z) => z * normalCdf(z),
    phiPrime: (z) => normalCdf(z) + z * normalDensity(z),
    // (2 − z²)·density(z), multiplied out so that z² cannot overflow against a density of 0.
    phiSecond: (z) => 2 * normalDensity(z) - z * (z * normalDensity(z)),
    supPhiPrime: normalCdf(Math.SQRT2) + Math.exp(-1) / Math.sqrt(Math.PI), // where φ″ = 0: z = √2
    supPhiSecond: 2 / Math.sqrt(2 * Math.PI), // φ‴ = z(z² − 4)·density: largest at 0, not at z² = 4
  },
  sin: {
    phi: (z) => Math.sin(z),
    phiPrime: (z) => Math.cos(z),
    phiSecond: (z) => -Math.sin(z),
    supPhiPrime: 1,
    supPhiSecond: 1,
  },
  identity: {
    phi: (z) => z,
    phiPrime: () => 1,
    phiSecond: () => 0,
    supPhiPrime: 1,
    supPhiSecond: 0,
  },
};

/** φ(z) = z for z ≥ 0 and a·z below. */
function piecewiseLinear(slope: number): ActivationFunctions {
  return {
    phi: (z) => (z < 0 ? slope * z : z),
    phiPrime: (z) => (z < 0 ? slope : 1),
    phiSecond: null,
    supPhiPrime: Math.max(1, Math.abs(slope)),
    supPhiSecond: null,
  };
}

/** φ, φ′, φ″ and their Lipschitz constants. GELU is exact: z·Φ(z), Φ the normal distribution function. */
export function activationFunctions(activation: Activation): ActivationFunctions {
  switch (activation.name) {
    case 'relu':
      return piecewiseLinear(0);
    case 'leaky-relu':
      return piecewiseLinear(activation.slope);
    default:
      return smooth[activation.name];
  }
}
