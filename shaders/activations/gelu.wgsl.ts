import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { gelu as mathematics } from '../../src/math/activations/gelu.ts';
import { normalCdf, normalDensity } from '../../src/math/normal.ts';
import { normalTail } from '../parts/erf.wgsl.ts';
import { expNeg } from '../parts/exp.wgsl.ts';
import { flush, u } from '../parts/roundoff.ts';
import { type ActivationShader, clampedAbs, halves } from './shader.ts';

export const gelu = {
  code: wgsl`${expNeg}${normalTail}${clampedAbs}${halves}
// z Phi(z) and Phi(z) + z pdf(z), Phi and pdf of N(0, 1), from one exponential.
fn phi_both(z: f32) -> vec2<f32> {
  let t = clamped_abs(z, 14.0);
  let e = exp_neg(0.5 * t * t);
  let tail = normal_tail(t, e);
  let cdf = select(1.0 - tail, tail, z < 0.0);
  let clamped = select(t, -t, z < 0.0);
  return vec2(z * cdf, fma(clamped, 0.3989423 * e, cdf));
}
`,
  error: {
    phi: (z) => (z < 0 ? 25.9 + (z * z) / 2 : 11.2) * u * Math.abs(mathematics.phi(z)) + flush,
    // The two terms of φ′ cancel at z = −0.75.
    phiPrime: (z) => (11.2 + (z * z) / 2) * u * (normalCdf(z) + Math.abs(z) * normalDensity(z)) + flush,
  },
  pair: {
    limit: 0.15,
    // With the exponential that φ is made of.
    higher: `let t = clamped_abs(z, 14.0);
  let density = 0.3989423 * exp_neg(0.5 * t * t);
  let second = (2.0 - t * t) * density;
  let third = select(t, -t, z < 0.0) * (t * t - 4.0) * density;`,
    third: 0.78,
    seventh: 16.5,
    errors: [9, 18],
  },
  expected: null,
} as const satisfies ActivationShader;
