import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * `sin_cos(x)`: (sin x, cos x), good for |x| ≤ 10⁴, and `sin_cos_turn(k)`: (sin, cos) of 2πk/2²⁴, k < 2²⁴, whose reduction
 * is exact on the integer. WGSL's own sin and cos are only promised to 2^−11, absolutely.
 *
 * x = n π/2 + r with π/2 in three parts of 11 + 11 + 24 bits, so that n < 2¹³ times the first two is exact, fused or not.
 * Beyond 10⁴ the error grows like |x| · 2^−24, as that of x itself does; nothing bounds the result there, on purpose: a
 * run that diverges must show it.
 *
 * sin r = r + r³P(r²) and cos r = 1 − r²/2 + r⁴Q(r²) on |r| ≤ 0.7858, P and Q of least relative error (Lawson's reweighted
 * least squares at Chebyshev nodes): 0.06 and 0.002 · 2^−24, with float32 coefficients 0.14 and 0.003 · 2^−24.
 */
export const sinCos = wgsl`
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

fn sin_cos(x: f32) -> vec2<f32> {
  let a = abs(x);
  let n = round(a * 0.63661975);
  // The max never acts: see exp_neg_parts.
  let high = max(fma(n, -1.5703125, a), -1.0);
  let middle = max(fma(n, -0.0004837512969970703, high), -1.0);
  let r = fma(n, -7.54979e-8, middle);
  let sc = sin_cos_quadrant(r, u32(n));
  return vec2(bitcast<f32>(bitcast<u32>(sc.x) ^ (bitcast<u32>(x) & 0x80000000u)), sc.y);
}

fn sin_cos_turn(k: u32) -> vec2<f32> {
  let quadrant = (k + 0x200000u) >> 22u;
  let rest = bitcast<i32>(k - (quadrant << 22u)); // in [-2^21, 2^21)
  return sin_cos_quadrant(f32(rest) * 3.7450704e-7, quadrant);
}
`;
