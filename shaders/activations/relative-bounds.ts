import type { ActivationFunctions } from '../../src/math/activations/mathematics.ts';
import { flush, u } from '../parts/roundoff.ts';
import type { ActivationError } from './shader.ts';

/** Bounds relative to |φ| and |φ′|, in units of u. */
export const relativeBounds = (
  { phi, phiPrime }: ActivationFunctions,
  phiUnits: number,
  primeUnits: (z: number) => number,
): ActivationError => ({
  phi: (z) => phiUnits * u * Math.abs(phi(z)) + flush,
  phiPrime: (z) => primeUnits(z) * u * Math.abs(phiPrime(z)) + flush,
});
