import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Interval } from '../../src/math/formula/intervals.ts';

/** Bounds on |computed − exact| of φ and φ′ at a float32 z. */
export interface ActivationError {
  phi: (z: number) => number;
  phiPrime: (z: number) => number;
  /** Of φ′ where the argument may be off by dz, too; of formulas. */
  phiPrimeNear?: (z: number, dz: number) => number;
}

/** How phi_pair makes the difference of a smooth φ (pair.wgsl.ts), and what bounds its error (accuracy.ts). */
export interface PairSeries {
  /** |half| up to which it is a series, off by less than 3 · 2⁻²⁴ |half|; 2^−24/(2 limit) is what cancels beyond. */
  limit: number;
  /** WGSL of φ″ and φ‴ as `second` and `third`, of p = (φ, φ′) at z. */
  higher: string;
  /** sup |φ‴|, sup |φ⁽⁷⁾|, and bounds on the errors of φ″ and φ‴ in units of u, all rounded up. */
  third: number;
  seventh: number;
  errors: readonly [number, number];
  /** φ′ has no limits at ±∞: the errors of φ″ and φ‴ grow with the argument. */
  periodic?: true;
}

/** phi_pair of a formula, whose differences are made as its values are. */
export interface PairDifference {
  /** WGSL of phi_pair with all it needs. */
  code: string;
  /** |half| up to which φ(z) − φ(other) is made from the gap z − other. */
  limit: number;
  /** Where what is made from the gap lies, given where z, other and gap do. */
  difference: (z: Interval, other: Interval, gap: Interval) => Interval;
}

/** Which of weight₁ Θ₁* and weight₂ Θ₂* an expected kernel has. */
export interface ExpectedLayers {
  first: boolean;
  second: boolean;
}

/** WGSL of `expected(a, b, c, gap)`, one entry of the expected kernel; gap = max(ab − c², 0) (expected-kernel.wgsl.ts). */
export interface ExpectedForm {
  code: (layers: ExpectedLayers) => string;
  /** gap needs its digits where two points are nearly parallel: its root is taken, or little stands beside it. */
  keepsGap: boolean;
}

/** What the device knows of an activation. */
export interface ActivationShader {
  /**
   * WGSL of `phi(z)`, `phi_prime(z)` and `phi_both(z)` = (φ(z), φ′(z)), which shares what it can, after the helpers they need.
   */
  code: string;
  error: ActivationError;
  /** How the difference of two values keeps its digits: 'slopes' where φ is linear left and right of 0. */
  pair: PairSeries | PairDifference | 'slopes';
  /** null where Θ* is a Hermite series. */
  expected: ExpectedForm | null;
}

/** phi and phi_prime as the halves of phi_both; compilers drop the half that is not used. */
export const halves = wgsl`
fn phi(z: f32) -> f32 {
  return phi_both(z).x;
}

fn phi_prime(z: f32) -> f32 {
  return phi_both(z).y;
}
`;

/** `clamped_abs(z, most)`: min(|z|, most), but NaN for NaN. */
export const clampedAbs = wgsl`
fn clamped_abs(z: f32, most: f32) -> f32 {
  let a = abs(z);
  return select(a, most, a > most);
}
`;

/** A float32 constant of WGSL. */
export const literal = (value: number): string => `f32(${Math.fround(value).toExponential()})`;
