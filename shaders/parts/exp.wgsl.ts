import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * `exp_neg_parts(t)` and `exp_neg(t)`: e^−t for t ≥ 0.
 *
 * Every exponential here has an argument ≤ 0, so nothing can overflow. Below 2^−126 (t > 87.33) the result is 0:
 * some adapters flush subnormals, and the same answer everywhere is worth more than the last few of them.
 * Beyond WGSL's own exp: that one may be wrong by 3 + 2t ulp.
 *
 * Cody–Waite: −t = n ln 2 + r, |r| ≤ ½ ln 2, with ln 2 in two parts of which n times the first is exact (17 bits by 7),
 * fused or not. WGSL lets a compiler regroup n·a + n·b into n·(a + b), which undoes the split, and some do (Mesa's):
 * `ungrouped`, which never acts, stands in their way.
 *
 * e^r − 1 = r + r²P(r): P minimizes the largest relative error on |r| ≤ 0.3468 (Lawson's reweighted least squares at
 * Chebyshev nodes): 0.22 · 2^−24, with float32 coefficients 0.29 · 2^−24.
 *
 * What looks like the long way round is the short one on a processor: SwiftShader makes round, max and i32(f32) of forty
 * operations each and shifts one invocation at a time, but floor, select and the product of integers of a few.
 */
export const expNeg = wgsl`
// x, which is at least -1. The compiler does not know it.
fn ungrouped(x: f32) -> f32 {
  return select(x, -1.0, x < -1.0);
}

// (s, q) with e^-t = s (1 + q), s a power of 2 and q = e^r - 1 in [-0.3, 0.42]; s = 0 where e^-t < 2^-126.
fn exp_neg_parts(t: f32) -> vec2<f32> {
  let n = floor(fma(t, -1.442695, 0.5));
  let high = ungrouped(fma(n, -0.6931381225585938, -t));
  let r = fma(n, -9.0580015e-6, high);
  var p = fma(r, 0.0013882517, 0.0083665475);
  p = fma(r, p, 0.0416672);
  p = fma(r, p, 0.16666543);
  p = fma(r, p, 0.49999997);
  // n + 127 in the last bits of n + 127 + 2^23, which is exact, and from there in the exponent; the rest passes out above.
  let s = bitcast<f32>(bitcast<u32>(n + 8388735.0) * 0x800000u);
  return vec2(select(s, 0.0, t > 87.33), fma(r * r, p, r));
}

fn exp_neg(t: f32) -> f32 {
  let e = exp_neg_parts(t);
  return fma(e.x, e.y, e.x);
}
`;
