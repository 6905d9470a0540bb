import { erfc } from './erf.ts';

/** The density of N(0, 1). */
export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** The distribution function Φ of N(0, 1), to full relative accuracy in the lower tail. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}
