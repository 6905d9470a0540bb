import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Activation } from '../../src/math/activation-names.ts';
import { erf, normalTail } from './erf.wgsl.ts';
import { expNeg } from './exp.wgsl.ts';
import { log } from './log.wgsl.ts';
import { sinCos } from './sin-cos.wgsl.ts';

/**
 * WGSL of an activation: `phi(z)`, `phi_prime(z)` and `phi_both(z)` = (φ(z), φ′(z)), which shares what it can, after
 * the helpers they need (the parts beside this file). Error bounds: accuracy.ts. φ(−z) = −φ(z) bit for bit where φ is
 * odd. Arguments are clamped by comparisons that let NaN through where the adapter keeps NaN at all; at ±∞ there are
 * limits, but infinity for sin (from 2²⁴ on) and NaN for GELU at −∞ (WGSL promises nothing there).
 */
export function activation(a: Activation): string {
  switch (a.name) {
    case 'erf':
      return erfActivation;
    case 'tanh':
      return tanh;
    case 'sigmoid':
      return sigmoid;
    case 'softplus':
      return softplus;
    case 'gelu':
      return gelu;
    case 'sin':
      return sin;
    case 'identity':
      return identity;
    case 'relu':
      return relu;
    case 'leaky-relu':
      return leakyRelu(a.slope);
  }
}

/** phi and phi_prime as the halves of phi_both; compilers drop the half that is not used. */
const halves = wgsl`
fn phi(z: f32) -> f32 {
  return phi_both(z).x;
}

fn phi_prime(z: f32) -> f32 {
  return phi_both(z).y;
}
`;

/** `clamped_abs(z, most)`: min(|z|, most), but NaN for NaN. */
const clampedAbs = wgsl`
fn clamped_abs(z: f32, most: f32) -> f32 {
  let a = abs(z);
  return select(a, most, a > most);
}
`;

const erfActivation = wgsl`${erf}${expNeg}${clampedAbs}
fn phi(z: f32) -> f32 {
  return erf(z);
}

// 2/sqrt(pi) exp(-z^2)
fn phi_prime(z: f32) -> f32 {
  let a = clamped_abs(z, 10.0);
  return 1.1283792 * exp_neg(a * a);
}

fn phi_both(z: f32) -> vec2<f32> {
  return vec2(phi(z), phi_prime(z));
}
`;

const tanh = wgsl`${expNeg}${clampedAbs}${halves}
// With e = exp(-2|z|): tanh |z| = (1 - e)/(1 + e), and 1 - tanh^2 = 4e/(1 + e)^2 keeps its digits in the tails.
fn phi_both(z: f32) -> vec2<f32> {
  let x = exp_neg_parts(2.0 * clamped_abs(z, 44.0));
  let e = fma(x.x, x.y, x.x);
  // e - 1 = s q + (s - 1) loses no digits near z = 0, where s = 1. The max never acts: see exp_neg_parts.
  let one_minus_e = -fma(x.x, x.y, max(x.x - 1.0, -1.0));
  let r = 1.0 / (1.0 + e);
  let t = bitcast<u32>(abs(one_minus_e * r)) | (bitcast<u32>(z) & 0x80000000u);
  return vec2(bitcast<f32>(t), 4.0 * (e * r) * r);
}
`;

const sigmoid = wgsl`${expNeg}${clampedAbs}${halves}
// With e = exp(-|z|): 1/(1 + e) for z >= 0, e/(1 + e) below; the derivative is e/(1 + e)^2.
fn phi_both(z: f32) -> vec2<f32> {
  let e = exp_neg(clamped_abs(z, 88.0));
  let r = 1.0 / (1.0 + e);
  return vec2(select(r, e * r, z < 0.0), (e * r) * r);
}
`;

const softplus = wgsl`${expNeg}${log}${clampedAbs}${halves}
// log(1 + exp z) = max(z, 0) + log(1 + exp(-|z|)); the derivative is the sigmoid.
fn phi_both(z: f32) -> vec2<f32> {
  let e = exp_neg(clamped_abs(z, 88.0));
  let r = 1.0 / (1.0 + e);
  let negative = z < 0.0;
  return vec2(select(z, 0.0, negative) + log1p_unit(e), select(r, e * r, negative));
}
`;

const gelu = wgsl`${expNeg}${normalTail}${clampedAbs}${halves}
// z Phi(z) and Phi(z) + z pdf(z), Phi and pdf of N(0, 1), from one exponential.
fn phi_both(z: f32) -> vec2<f32> {
  let t = clamped_abs(z, 14.0);
  let e = exp_neg(0.5 * t * t);
  let tail = normal_tail(t, e);
  let cdf = select(1.0 - tail, tail, z < 0.0);
  let clamped = select(t, -t, z < 0.0);
  return vec2(z * cdf, fma(clamped, 0.3989423 * e, cdf));
}
`;

const sin = wgsl`${sinCos}${halves}
fn phi_both(z: f32) -> vec2<f32> {
  return sin_cos(z);
}
`;

const identity = wgsl`
fn phi(z: f32) -> f32 {
  return z;
}

fn phi_prime(z: f32) -> f32 {
  return 1.0;
}

fn phi_both(z: f32) -> vec2<f32> {
  return vec2(z, 1.0);
}
`;

const relu = wgsl`
fn phi(z: f32) -> f32 {
  return select(z, 0.0, z < 0.0);
}

fn phi_prime(z: f32) -> f32 {
  return select(1.0, 0.0, z < 0.0);
}

fn phi_both(z: f32) -> vec2<f32> {
  return vec2(phi(z), phi_prime(z));
}
`;

const leakyRelu = (slope: number): string => wgsl`
fn phi(z: f32) -> f32 {
  return phi_prime(z) * z;
}

fn phi_prime(z: f32) -> f32 {
  return select(1.0, f32(${Math.fround(slope).toExponential()}), z < 0.0);
}

fn phi_both(z: f32) -> vec2<f32> {
  let slope = phi_prime(z);
  return vec2(slope * z, slope);
}
`;
