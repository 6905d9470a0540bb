import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { tanh as mathematics } from '../../src/math/activations/tanh.ts';
import { expNeg } from '../parts/exp.wgsl.ts';
import { relativeBounds } from './relative-bounds.ts';
import { type ActivationShader, clampedAbs, halves } from './shader.ts';

/** (tanh z, 1 − tanh² z) as a function of the name given, after `expNeg` and `clampedAbs`. */
export const tanhBoth = (
  name: string,
): string => wgsl`// With e = exp(-2|z|): tanh |z| = (1 - e)/(1 + e), and 1 - tanh^2 = 4e/(1 + e)^2 keeps its digits in the tails.
fn ${name}(z: f32) -> vec2<f32> {
  let x = exp_neg_parts(2.0 * clamped_abs(z, 44.0));
  let e = fma(x.x, x.y, x.x);
  // e - 1 = s q + (s - 1) loses no digits near z = 0, where s = 1. See exp_neg_parts.
  let one_minus_e = -fma(x.x, x.y, ungrouped(x.x - 1.0));
  let r = 1.0 / (1.0 + e);
  let t = bitcast<u32>(abs(one_minus_e * r)) | (bitcast<u32>(z) & 0x80000000u);
  return vec2(bitcast<f32>(t), 4.0 * (e * r) * r);
}
`;

export const tanh = {
  code: wgsl`${expNeg}${clampedAbs}${halves}
${tanhBoth('phi_both')}`,
  error: relativeBounds(mathematics, 11, () => 17.8),
  pair: {
    limit: 0.1,
    higher: 'let second = -2.0 * p.x * p.y; let third = p.y * (4.0 - 6.0 * p.y);',
    third: 2,
    seventh: 272,
    errors: [26, 160],
  },
  expected: null,
} as const satisfies ActivationShader;
