import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * `erf(x)` as one odd rational function x·P(x²)/Q(x²) of degrees 5 and 5, |x| clamped to 3.9192 where erf is within
 * 2^−25 of 1. All coefficients are positive, so nothing cancels; |erf| never passes 1.
 *
 * Fitted on [0, 3.9192] for least relative error (Lawson's reweighted least squares on the linearized problem, at
 * Chebyshev nodes): 0.31 · 2^−24; P and Q were scaled by the common factor, out of 3000, whose float32 coefficients do
 * best: 0.37 · 2^−24.
 */
export const erf = wgsl`
fn erf(x: f32) -> f32 {
  let size = abs(x);
  let a = select(size, 3.9192, size > 3.9192);
  let z = a * a;
  var p = fma(z, 2.9026328e-6, 0.00040323616);
  p = fma(z, p, 0.005328365);
  p = fma(z, p, 0.074656524);
  p = fma(z, p, 0.2694617);
  p = fma(z, p, 1.5971185);
  var q = fma(z, 5.392541e-5, 0.0016451763);
  q = fma(z, q, 0.021184495);
  q = fma(z, q, 0.16149487);
  q = fma(z, q, 0.7106065);
  q = fma(z, q, 1.4154094);
  let y = a * p / q;
  return bitcast<f32>(bitcast<u32>(select(y, 1.0, y > 1.0)) | (bitcast<u32>(x) & 0x80000000u));
}
`;

/**
 * `normal_tail(t, e)`: 1 − Φ(t) = P(N(0, 1) > t) for 0 ≤ t ≤ 14, given e = e^(−t²/2); small relative error in the whole tail.
 *
 * (1 − Φ(t)) e^(t²/2) = P(t)/Q(t) of degrees 4 and 5 with positive coefficients, fitted on [0, 14] as erf is:
 * 0.09 · 2^−24, with float32 coefficients 0.15 · 2^−24.
 */
export const normalTail = wgsl`
fn normal_tail(t: f32, e: f32) -> f32 {
  var p = fma(t, 0.005622323, 0.055666797);
  p = fma(t, p, 0.2515834);
  p = fma(t, p, 0.6028936);
  p = fma(t, p, 0.68941385);
  var q = fma(t, 0.014092897, 0.13954535);
  q = fma(t, q, 0.64450413);
  q = fma(t, q, 1.6536151);
  q = fma(t, q, 2.305933);
  q = fma(t, q, 1.3788277);
  return e * (p / q);
}
`;
