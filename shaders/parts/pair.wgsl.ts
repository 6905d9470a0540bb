import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Activation } from '../../src/math/activation-names.ts';
import { shaderOf } from './activations.wgsl.ts';

/**
 * `phi_pair(mean, half)`: of the two arguments z = mean + half and z′ = mean − half of a pair of units
 *
 *     (φ(z) + φ(z′), φ(z) − φ(z′), φ′(z), φ′(z′)),
 *
 * after what it needs (activations.wgsl.ts among it). The difference keeps its digits however small half is; bounds:
 * pairError in accuracy.ts. It is 0 where half is.
 *
 * A smooth φ: half · (s₁ − ⅖ half · s₂ + ¹⁄₁₅ half² · s₃) up to |half| = its limit, where s₁, s₂, s₃ are the sum of φ′, the
 * difference of φ″ and the sum of φ‴ at both arguments: the integral of φ′ from z′ to z by the polynomial that fits φ′,
 * φ″ and φ‴ there, off by (2 half)⁷ φ⁽⁷⁾/100800. It asks for no third evaluation: φ″ and φ‴ come of what φ and φ′ are
 * made of. Beyond, little cancels, and the difference is taken as it is. Both are made, and one is selected: invocations
 * that run side by side would wait for each other in a branch.
 */
export function pairActivation(a: Activation): string {
  const { code, pair } = shaderOf(a);
  if (typeof pair === 'object' && 'code' in pair) return pair.code;
  if (pair === 'slopes') return wgsl`${code}${piecewise}`;
  return wgsl`${code}
// (phi, phi', phi'', phi''')
fn phi_jet(z: f32) -> vec4<f32> {
  let p = phi_both(z);
  ${pair.higher}
  return vec4<f32>(p, second, third);
}

fn phi_pair(mean: f32, half: f32) -> vec4<f32> {
  let p = phi_jet(mean + half);
  let q = phi_jet(mean - half);
  let series = half * ((p.y + q.y) + half * (${(1 / 15).toFixed(8)} * half * (p.w + q.w) - 0.4 * (p.z - q.z)));
  return vec4<f32>(p.x + q.x, select(series, p.x - q.x, abs(half) > ${pair.limit}), p.y, q.y);
}
`;
}

/** Where both arguments have the same slope, the difference is 2 half times it; where not, nothing cancels. */
const piecewise = wgsl`
fn phi_pair(mean: f32, half: f32) -> vec4<f32> {
  let z = mean + half;
  let other = mean - half;
  let slopes = vec2<f32>(phi_prime(z), phi_prime(other));
  let values = vec2<f32>(phi(z), phi(other));
  let difference = select(values.x - values.y, 2.0 * half * slopes.x, slopes.x == slopes.y);
  return vec4<f32>(values.x + values.y, difference, slopes);
}
`;
