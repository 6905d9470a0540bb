import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { multiplyWide } from './multiply-wide.wgsl.ts';

/**
 * `sin_cos(x)`: (sin x, cos x) for |x| < 2²⁴, and `sin_cos_turn(k)`: (sin, cos) of 2πk/2²⁴, k < 2²⁴, whose reduction is exact
 * on the integer. WGSL's own sin and cos are only promised to 2^−11, absolutely.
 *
 * Up to 10⁴, x = n π/2 + r with π/2 in three parts of 11 + 11 + 24 bits, so that n < 2¹³ times the first two is exact, fused
 * or not. Beyond, the 24 bits of x are multiplied by 2/π in 64 bits, as integers (Payne and Hanek's way, which for
 * x < 2²⁴ needs one constant and no table): no compiler can regroup that, and quarters of a turn are right to 2^−41.
 *
 * From 2²⁴ on, float32 numbers are 2 and more apart, so that a sine there is one of a number that nobody meant: both
 * values overflow, so that no sum of them is finite. A run that diverges must show it.
 *
 * sin r = r + r³P(r²) and cos r = 1 − r²/2 + r⁴Q(r²) on |r| ≤ 0.7858, P and Q of least relative error (Lawson's reweighted
 * least squares at Chebyshev nodes): 0.06 and 0.002 · 2^−24, with float32 coefficients 0.14 and 0.003 · 2^−24. Where n is
 * rounded twice, |r| passes that by 0.0005, and the error grows by a fortieth.
 */
const quadrant = wgsl`
// (sin, cos) of r + quadrant * pi/2.
fn sin_cos_quadrant(r: f32, quadrant: u32) -> vec2<f32> {
  let z = r * r;
  let sin_r = fma(r * z, fma(z, fma(z, -0.00019514958, 0.008332158), -0.16666655), r);
  let q = fma(z, fma(z, 2.4432786e-5, -0.0013887313), 0.041666646);
  let cos_r = fma(z * z, q, fma(z, -0.5, 1.0));
  let turned = (quadrant & 1u) == 1u;
  let s = bitcast<u32>(select(sin_r, cos_r, turned)) ^ ((quadrant & 2u) << 30u);
  let c = bitcast<u32>(select(cos_r, sin_r, turned)) ^ (((quadrant + 1u) & 2u) << 30u);
  return vec2(bitcast<f32>(s), bitcast<f32>(c));
}
`;

export const sinCosTurn = wgsl`${quadrant}
fn sin_cos_turn(k: u32) -> vec2<f32> {
  let quadrant = (k + 0x200000u) >> 22u;
  let rest = bitcast<i32>(k - (quadrant << 22u)); // in [-2^21, 2^21)
  return sin_cos_quadrant(f32(rest) * 3.7450704e-7, quadrant);
}
`;

export const sinCos = wgsl`${quadrant}${multiplyWide}
// (sin, cos) of 10^4 < a < 2^24.
fn sin_cos_far(a: f32) -> vec2<f32> {
  let bits = bitcast<u32>(a);
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  let shift = 150u - (bits >> 23u); // a = mantissa / 2^shift, 0 <= shift <= 10
  // mantissa * (2/pi) in units of 2^-64: words from low to high.
  let low = multiply_wide(mantissa, 0x4e44152au);
  let high = multiply_wide(mantissa, 0xa2f9836eu);
  let middle = low.y + high.x;
  let top = high.y + select(0u, 1u, middle < low.y);
  // A shift by all 32 bits is none: hence in two.
  let upper = (middle >> shift) | ((top << (31u - shift)) << 1u);
  let lower = (low.x >> shift) | ((middle << (31u - shift)) << 1u);
  let quadrant = (top >> shift) + (upper >> 31u);
  // What is left of a quarter turn, in [-1/2, 1/2): as a signed word and what follows it.
  let rest = fma(f32(lower), 2.3283064e-10, f32(bitcast<i32>(upper)));
  return sin_cos_quadrant(rest * 3.6572952e-10, quadrant);
}

// a - n part, which is at least -1. The compiler does not know it: as \`ungrouped\` of exp_neg_parts.
fn without(a: f32, n: f32, part: f32) -> f32 {
  let rest = fma(n, -part, a);
  return select(rest, -1.0, rest < -1.0);
}

fn sin_cos(x: f32) -> vec2<f32> {
  let a = abs(x);
  let sign = bitcast<u32>(x) & 0x80000000u;
  if (a > 1e4) {
    let near = select(sin_cos_far(min(a, 16777215.0)), vec2(a * 3e38), a >= 16777216.0);
    return vec2(bitcast<f32>(bitcast<u32>(near.x) ^ sign), near.y);
  }
  // How n becomes an integer: see exp_neg_parts.
  let n = floor(fma(a, 0.63661975, 0.5));
  let middle = without(without(a, n, 1.5703125), n, 0.0004837512969970703);
  let r = fma(n, -7.54979e-8, middle);
  let sc = sin_cos_quadrant(r, bitcast<u32>(n + 8388608.0));
  return vec2(bitcast<f32>(bitcast<u32>(sc.x) ^ sign), sc.y);
}
`;
