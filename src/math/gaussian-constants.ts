import type { Activation } from './activation-names.ts';
import { mathematicsOf } from './activations.ts';
import type { Moments } from './activations/mathematics.ts';
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
  const { zeta, gPhiPrime, theta0, theta2 } =
    mathematicsOf(activation).moments ?? momentsByQuadrature(activation);
  return {
    zeta,
    gPhiPrime,
    nu: gPhiPrime * Math.sqrt(spectrumMoment),
    theta0,
    theta1: gPhiPrime,
    theta2,
  };
}

/** The definitions, for φ analytic in |Im z| ≤ 1. */
export function momentsByQuadrature(activation: Activation): Moments {
  const { phi, phiPrime } = mathematicsOf(activation);
  return {
    zeta: gaussianExpectation(phiPrime),
    gPhiPrime: gaussianExpectation((g) => g * phiPrime(g)),
    theta0: gaussianExpectation(phi),
    theta2: gaussianExpectation((g) => (g ** 3 / 2 - g) * phiPrime(g)),
  };
}
