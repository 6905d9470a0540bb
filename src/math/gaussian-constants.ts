import type { Activation } from './activation-names.ts';
import { activationFunctions } from './activations.ts';
import { gaussianExpectation } from './gaussian-expectation.ts';

/** The constants of the linear models (THEORY.md, section 4), g ~ N(0, 1). */
export interface GaussianConstants {
  /** ζ = E φ′(g) */
  zeta: number;
  /** E[gφ′(g)]; ν = E[gφ′(g)] √(Tr[Σ²]/d) */
  gPhiPrime: number;
  /** ν */
  nu: number;
  /** ϑ₀ = E φ(g) */
  theta0: number;
  /** ϑ₁ = E[gφ′(g)] */
  theta1: number;
  /** ϑ₂ = E[(½g³ − g)φ′(g)] */
  theta2: number;
}

/**
 * ζ, ν, ϑ₀, ϑ₁, ϑ₂ to 10⁻¹² or better: in closed form where there is one, else by quadrature.
 * @param spectrumMoment Tr[Σ²]/d of the data's covariance; 1 for Σ = I.
 * @throws RangeError where that is not finite or below 0.
 */
export function gaussianConstants(activation: Activation, spectrumMoment: number): GaussianConstants {
  if (!(spectrumMoment >= 0 && spectrumMoment < Infinity)) {
    throw new RangeError(
      `Tr[Σ²]/d is ${spectrumMoment}; it must be a finite number, at least 0, and is 1 where Σ = I.`,
    );
  }
  const { zeta, gPhiPrime, theta0, theta2 } = moments(activation);
  return {
    zeta,
    gPhiPrime,
    nu: gPhiPrime * Math.sqrt(spectrumMoment),
    theta0,
    theta1: gPhiPrime,
    theta2,
  };
}

type Moments = Pick<GaussianConstants, 'zeta' | 'gPhiPrime' | 'theta0' | 'theta2'>;

function moments(activation: Activation): Moments {
  switch (activation.name) {
    case 'erf':
      return odd(2 / Math.sqrt(3 * Math.PI));
    case 'sin':
      return odd(Math.exp(-1 / 2));
    case 'identity':
      return odd(1);
    case 'relu':
      return piecewiseLinear(0);
    case 'leaky-relu':
      return piecewiseLinear(activation.slope);
    case 'gelu': {
      // Stein's identity leaves expectations of polynomials under density(g)², a Gaussian of variance ½.
      const unit = 1 / Math.sqrt(Math.PI);
      return { zeta: 1 / 2, gPhiPrime: (3 / 4) * unit, theta0: unit / 2, theta2: unit / 16 };
    }
    case 'tanh':
    case 'sigmoid':
    case 'softplus':
      return momentsByQuadrature(activation);
  }
}

/** For odd φ, φ′ is even and every constant but ζ vanishes. */
const odd = (zeta: number): Moments => ({ zeta, gPhiPrime: 0, theta0: 0, theta2: 0 });

/** φ(z) = az + (1 − a)max(z, 0); E[(½g³ − g) 1{g > 0}] = 0. */
const piecewiseLinear = (slope: number): Moments => ({
  zeta: (1 + slope) / 2,
  gPhiPrime: (1 - slope) / Math.sqrt(2 * Math.PI),
  theta0: (1 - slope) / Math.sqrt(2 * Math.PI),
  theta2: 0,
});

/** The definitions, for φ analytic in |Im z| ≤ 1. */
export function momentsByQuadrature(activation: Activation): Moments {
  const { phi, phiPrime } = activationFunctions(activation);
  return {
    zeta: gaussianExpectation(phiPrime),
    gPhiPrime: gaussianExpectation((g) => g * phiPrime(g)),
    theta0: gaussianExpectation(phi),
    theta2: gaussianExpectation((g) => (g ** 3 / 2 - g) * phiPrime(g)),
  };
}
