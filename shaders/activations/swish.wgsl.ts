import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { swish as mathematics } from '../../src/math/activations/swish.ts';
import { logistic, logisticPrime } from '../../src/math/logistic.ts';
import { expNeg } from '../parts/exp.wgsl.ts';
import { flush, u } from '../parts/roundoff.ts';
import { type ActivationShader, clampedAbs, halves } from './shader.ts';

/**
 * With e = exp(−|z|) and r = 1/(1 + e), as in the sigmoid: σ = r or er, and φ′ = σ + zσ′ = σ(1 + zσ(−z)), which is a product of
 * what is right to some roundings and a sum whose terms cancel at z = −1.28, where φ′ is 0.
 */
export const swish = {
  code: wgsl`${expNeg}${clampedAbs}${halves}
fn phi_both(z: f32) -> vec2<f32> {
  let t = clamped_abs(z, 88.0);
  let e = exp_neg(t);
  let r = 1.0 / (1.0 + e);
  let left = e * r;
  let negative = z < 0.0;
  let s = select(r, left, negative);
  let clamped = select(t, -t, negative);
  return vec2(z * s, fma(clamped, left * r, s));
}
`,
  error: {
    // σ is right to 10.1u, as in the sigmoid; a product.
    phi: (z) => 11.2 * u * Math.abs(mathematics.phi(z)) + (1 + Math.abs(z)) * flush,
    // σ′ is right to 17.8u; a product and a sum.
    phiPrime: (z) => 20 * u * (logistic(z) + Math.abs(z) * logisticPrime(z)) + 128 * flush,
  },
  pair: {
    limit: 0.18,
    // φ″ = σ′(2 + z(1 − 2σ)) and φ‴ = σ′(3(1 − 2σ) + z(1 − 6σ′)).
    higher: `let t = clamped_abs(z, 88.0);
  let e = exp_neg(t);
  let r = 1.0 / (1.0 + e);
  let slope = (e * r) * r;
  let x = select(t, -t, z < 0.0);
  // 1 − 2σ(z) = −tanh(z/2)
  let turn = select(-1.0, 1.0, z < 0.0) * (1.0 - e) * r;
  let second = slope * (2.0 + x * turn);
  let third = slope * (3.0 * turn + x * (1.0 - 6.0 * slope));`,
    third: 0.309,
    seventh: 2.91,
    errors: [10, 14],
  },
  expected: null,
} as const satisfies ActivationShader;
