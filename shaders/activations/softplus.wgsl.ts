import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { softplus as mathematics } from '../../src/math/activations/softplus.ts';
import { expNeg } from '../parts/exp.wgsl.ts';
import { log } from '../parts/log.wgsl.ts';
import { relativeBounds } from './relative-bounds.ts';
import { type ActivationShader, clampedAbs, halves } from './shader.ts';

/** (log(1 + e^z), σ(z)) as a function of the name given, after `expNeg`, `log` and `clampedAbs`. */
export const softplusBoth = (
  name: string,
): string => wgsl`// log(1 + exp z) = max(z, 0) + log(1 + exp(-|z|)); the derivative is the sigmoid.
fn ${name}(z: f32) -> vec2<f32> {
  let e = exp_neg(clamped_abs(z, 88.0));
  let r = 1.0 / (1.0 + e);
  let negative = z < 0.0;
  return vec2(select(z, 0.0, negative) + log1p_unit(e), select(r, e * r, negative));
}
`;

export const softplus = {
  code: wgsl`${expNeg}${log}${clampedAbs}${halves}
${softplusBoth('phi_both')}`,
  error: relativeBounds(mathematics, 10.3, () => 10.1),
  pair: {
    limit: 0.2,
    higher: 'let second = p.y * (1.0 - p.y); let third = second * (1.0 - 2.0 * p.y);',
    third: 0.097,
    seventh: 0.41,
    errors: [15, 21],
  },
  expected: null,
} as const satisfies ActivationShader;
