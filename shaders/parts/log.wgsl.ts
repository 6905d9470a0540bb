import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * `log_unit(u)`: log u for 2^−126 ≤ u ≤ 1, and `log1p_unit(e)`: log(1 + e) for 0 ≤ e ≤ 1, both with small relative
 * error, also where the logarithm is near 0.
 *
 * Both rest on 2 atanh(s) = 2s + s³P(s²) for |s| ≤ 1/3; P minimizes the largest relative error there (Lawson's
 * reweighted least squares at Chebyshev nodes): 0.08 · 2^−24, with float32 coefficients 0.10 · 2^−24.
 */
export const log = wgsl`
fn two_atanh(s: f32) -> f32 {
  let z = s * s;
  var p = fma(z, 0.28018773, 0.28000537);
  p = fma(z, p, 0.40021598);
  p = fma(z, p, 0.6666641);
  return fma(s * z, p, 2.0 * s);
}

// log(1 + e) = 2 atanh(e / (2 + e))
fn log1p_unit(e: f32) -> f32 {
  return two_atanh(e / (2.0 + e));
}

// u = 2^k m with m in [0.7, 1.41); log m = 2 atanh((m - 1)/(m + 1)), m - 1 is exact.
fn log_unit(u: f32) -> f32 {
  let bits = bitcast<u32>(u) - 0x3f333333u; // 0x3f333333 is 0.7
  let k = f32(bitcast<i32>(bits) >> 23u);
  let m = bitcast<f32>((bits & 0x7fffffu) + 0x3f333333u);
  let l = two_atanh((m - 1.0) / (m + 1.0));
  return fma(k, 0.6931472, l); // this float32 is ln 2 to 0.05 * 2^-24
}
`;
