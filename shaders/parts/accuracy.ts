import type { Activation } from '../../src/math/activation-names.ts';
import { type Interval, argument, distanceTo } from '../../src/math/formula/intervals.ts';
import { mathematicsOf } from '../../src/math/activations.ts';
import type { ActivationError, PairSeries } from '../activations/shader.ts';
import { pairDifference } from '../../src/math/pair-difference.ts';
import { shaderOf } from './activations.wgsl.ts';
import { flush, u } from './roundoff.ts';

/*
 * Proven error bounds of the parts, for tests to build on.
 *
 * Each is the fit's error plus that of its evaluation, carried through every operation of the WGSL and maximized over
 * 10⁶ float32 arguments: u for +, −, × (round to nearest; the product of an fma counted apart, since WGSL need not fuse),
 * 5u for a division (2.5 ulp) and 9u for sqrt (1/inverseSqrt, 2 ulp and a division), as the WGSL specification allows.
 * Constants are rounded up.
 */

/** Relative errors in units of u. */
export const relativeError = {
  /** exp_neg(t), 0 ≤ t ≤ 87.33 */
  expNeg: 2.5,
  /** log1p_unit(e), 2^−124 ≤ e ≤ 1; smaller ones may be flushed to 0. */
  log1pUnit: 7.8,
  /** log_unit(x), 2^−126 ≤ x ≤ 1 */
  logUnit: 9.9,
  /** Each half of sin_cos_turn(k) */
  sinCosTurn: 4.4,
  /** angle(y, x) as a function of its float32 arguments */
  angle: 18,
  /** normals: √(−2 log u₁) is right to 14u, sin and cos to 4.4u, their product adds u. */
  normal: 19.5,
  /** uniform entries: √3 · 2^−24 is rounded, then the product. */
  uniform: 1.4,
  /** inverseSqrt of a float32: 2 ulp by the specification. */
  inverseSqrt: 4,
} as const;

/**
 * A feature of at most `largest` that is stored as a half is off by at most relative · |feature| + floor: WGSL rounds either
 * way, which is 2^−10 at most (to nearest 2^−11), and may flush halves below 2^−14 (kept, they are right to 2^−24).
 */
export const halfError = { relative: 2 ** -10, floor: 2 ** -14, largest: 65504 } as const;

/** The largest |z| of which `sin` and its derivative keep their bound; from 2²⁴ on they are infinite. */
export const sinRange = 2 ** 24 - 1;

/** Error bounds of the WGSL of an activation, for every finite z (sin: |z| ≤ sinRange). */
export const activationError = (a: Activation): ActivationError => shaderOf(a).error;

/** Bounds on what phi_pair computes, where mean and half are themselves off by at most the given errors. */
export interface PairError {
  sum: (mean: number, half: number, off?: PairOffset) => number;
  difference: (mean: number, half: number, off?: PairOffset) => number;
  /** Of φ′ at one of the arguments, z = mean ± half. */
  slope: (z: number, off?: PairOffset) => number;
}

export interface PairOffset {
  mean: number;
  half: number;
}

/** Error bounds of phi_pair of an activation. */
export function pairError(a: Activation): PairError {
  const { phi, phiPrime, supPhiPrime, supPhiSecond, slopes } = mathematicsOf(a);
  const { error, pair } = shaderOf(a);
  const exact = { mean: 0, half: 0 };
  /** How far the argument may be off: its parts, and the rounding of their sum. */
  const reach = (z: number, { mean, half }: PairOffset) => mean + half + u * (Math.abs(z) + mean + half);
  const worst = (bound: (z: number) => number, z: number, dz: number) =>
    Math.max(bound(z - dz), bound(z), bound(z + dz));
  const value = (z: number, off: PairOffset) => {
    const dz = reach(z, off);
    return supPhiPrime * dz + worst(error.phi, z, dz);
  };
  const slope = (z: number, off: PairOffset = exact): number => {
    const dz = reach(z, off);
    // φ′ of a piecewise linear φ jumps at a z whose sign the rounding may change; of one with other kinks it also bends.
    if (supPhiSecond === null && !slopes && error.phiPrimeNear) return error.phiPrimeNear(z, dz);
    const change = supPhiSecond === null ? (Math.abs(z) <= dz ? 1 + supPhiPrime : 0) : supPhiSecond * dz;
    return change + worst(error.phiPrime, z, dz);
  };
  const both = (mean: number, half: number, of: (z: number) => number) => of(mean + half) + of(mean - half);
  const sum = (mean: number, half: number, off: PairOffset = exact): number => {
    const parts = both(mean, half, (z) => value(z, off));
    return parts + u * (both(mean, half, (z) => Math.abs(phi(z))) + parts);
  };
  const series = (of: PairSeries, mean: number, half: number, off: PairOffset): number => {
    const { third, seventh, errors } = of;
    const h = Math.abs(half) + off.half;
    // A periodic one moves with its argument, however large; of the others it is in the bounds above.
    const moved = of.periodic ? u * (Math.abs(mean) + h) : 0;
    const sizes = [both(mean, half, (z) => Math.abs(phiPrime(z))), 2 * h * third, 2 * third];
    const off1 = both(mean, half, (z) => slope(z));
    const [off2, off3] = errors.map((units) => 2 * (units * u + moved));
    const weights = [1, 0.4 * h, (h * h) / 15];
    // Each part passes through at most six roundings.
    const rounded = weights.reduce((total, weight, k) => total + 6 * u * weight * sizes[k], 0);
    const parts = weights[0] * off1 + weights[1] * off2 + weights[2] * off3;
    return h * (parts + rounded) + ((2 * h) ** 7 * seventh) / 100800;
  };
  const difference = (mean: number, half: number, off: PairOffset = exact): number => {
    const [z, other] = [mean + half, mean - half];
    const exactly = Math.abs(phi(z) - phi(other));
    const direct = (): number => {
      const parts = both(mean, half, (at) => value(at, off));
      return parts + u * (exactly + parts);
    };
    if (pair === 'slopes') {
      const apart =
        slopes!.left !== slopes!.right &&
        Math.min(z, other) - reach(z, off) <= 0 &&
        Math.max(z, other) + reach(z, off) >= 0;
      // The slope is rounded, then its product with half.
      return (
        flush + 2 * supPhiPrime * (off.half + 2 * u * (Math.abs(half) + off.half)) + (apart ? direct() : 0)
      );
    }
    const sensitivity =
      2 * supPhiPrime * off.half + 2 * supPhiSecond! * (Math.abs(half) + off.half) * off.mean;
    const { limit } = pair;
    if ('code' in pair) {
      const at = (z: number, by: number): Interval => argument(z - by, z + by);
      const [dz, dOther] = [reach(z, off), reach(other, off)];
      const near = pair.difference(at(z, dz), at(other, dOther), at(2 * half, 2 * off.half));
      return (
        flush +
        Math.max(
          Math.abs(half) - off.half <= limit ? distanceTo(pairDifference(a, mean, half), near) : 0,
          Math.abs(half) + off.half >= limit ? direct() : 0,
        )
      );
    }
    return (
      flush +
      Math.max(
        Math.abs(half) - off.half <= limit ? sensitivity + series(pair, mean, half, off) : 0,
        Math.abs(half) + off.half >= limit ? direct() : 0,
      )
    );
  };
  return { sum, difference, slope };
}
