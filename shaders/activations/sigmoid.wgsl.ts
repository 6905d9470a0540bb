import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { sigmoid as mathematics } from '../../src/math/activations/sigmoid.ts';
import { expNeg } from '../parts/exp.wgsl.ts';
import { relativeBounds } from './relative-bounds.ts';
import { type ActivationShader, clampedAbs, halves } from './shader.ts';

/** (σ(z), σ′(z)) of the logistic function σ, as a function of the name given, after `expNeg` and `clampedAbs`. */
export const sigmoidBoth = (
  name: string,
): string => wgsl`// With e = exp(-|z|): 1/(1 + e) for z >= 0, e/(1 + e) below; the derivative is e/(1 + e)^2.
fn ${name}(z: f32) -> vec2<f32> {
  let e = exp_neg(clamped_abs(z, 88.0));
  let r = 1.0 / (1.0 + e);
  return vec2(select(r, e * r, z < 0.0), (e * r) * r);
}
`;

export const sigmoid = {
  code: wgsl`${expNeg}${clampedAbs}${halves}
${sigmoidBoth('phi_both')}`,
  error: relativeBounds(mathematics, 10.1, () => 17.8),
  pair: {
    limit: 0.2,
    higher: 'let second = p.y * (1.0 - 2.0 * p.x); let third = p.y * (1.0 - 6.0 * p.y);',
    third: 0.126,
    seventh: 1.07,
    errors: [11, 11],
  },
  expected: null,
} as const satisfies ActivationShader;
