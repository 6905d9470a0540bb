import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Activation } from '../../src/math/activation-names.ts';
import { activation } from './activations.wgsl.ts';

/**
 * `phi_pair(mean, half)`: of the two arguments z = mean + half and z′ = mean − half of a pair of units
 *
 *     (φ(z) + φ(z′), φ(z) − φ(z′), φ′(z), φ′(z′)),
 *
 * after what it needs (activations.wgsl.ts among it). The difference keeps its digits however small half is; bounds:
 * pairError in accuracy.ts. It is 0 where half is.
 *
 * A smooth φ: half · (s₁ − ⅖ half · s₂ + ¹⁄₁₅ half² · s₃) up to |half| = pairLimit, where s₁, s₂, s₃ are the sum of φ′, the
 * difference of φ″ and the sum of φ‴ at both arguments: the integral of φ′ from z′ to z by the polynomial that fits φ′,
 * φ″ and φ‴ there, off by (2 half)⁷ φ⁽⁷⁾/100800. It asks for no third evaluation: φ″ and φ‴ come of what φ and φ′ are
 * made of. Beyond, little cancels, and the difference is taken as it is. Both are made, and one is selected: invocations
 * that run side by side would wait for each other in a branch.
 */
export function pairActivation(a: Activation): string {
  switch (a.name) {
    case 'identity':
    case 'relu':
    case 'leaky-relu':
      return wgsl`${activation(a)}${piecewise}`;
    default:
      return wgsl`${activation(a)}
// (phi, phi', phi'', phi''')
fn phi_jet(z: f32) -> vec4<f32> {
  let p = phi_both(z);
  ${higherDerivatives[a.name]}
  return vec4<f32>(p, second, third);
}

fn phi_pair(mean: f32, half: f32) -> vec4<f32> {
  let p = phi_jet(mean + half);
  let q = phi_jet(mean - half);
  let series = half * ((p.y + q.y) + half * (${(1 / 15).toFixed(8)} * half * (p.w + q.w) - 0.4 * (p.z - q.z)));
  return vec4<f32>(p.x + q.x, select(series, p.x - q.x, abs(half) > ${pairLimit[a.name]}), p.y, q.y);
}
`;
  }
}

type Smooth = Exclude<Activation['name'], 'identity' | 'relu' | 'leaky-relu'>;

/** |half| up to which the difference is a series, off by less than 3 · 2⁻²⁴ |half|; 2^−24/(2 pairLimit) is what cancels beyond. */
export const pairLimit: Record<Smooth, number> = {
  erf: 0.1,
  tanh: 0.1,
  sigmoid: 0.2,
  softplus: 0.2,
  gelu: 0.15,
  sin: 0.2,
};

/** φ″ and φ‴ as `second` and `third`, of p = (φ, φ′) at z. */
const higherDerivatives: Record<Smooth, string> = {
  erf: 'let x = clamp(z, -10.0, 10.0); let second = -2.0 * x * p.y; let third = (4.0 * x * x - 2.0) * p.y;',
  tanh: 'let second = -2.0 * p.x * p.y; let third = p.y * (4.0 - 6.0 * p.y);',
  sigmoid: 'let second = p.y * (1.0 - 2.0 * p.x); let third = p.y * (1.0 - 6.0 * p.y);',
  softplus: 'let second = p.y * (1.0 - p.y); let third = second * (1.0 - 2.0 * p.y);',
  gelu: `let x = clamp(z, -14.0, 14.0);
  let density = 0.3989423 * exp_neg(0.5 * x * x);
  let second = (2.0 - x * x) * density;
  let third = x * (x * x - 4.0) * density;`,
  sin: 'let second = -p.x; let third = -p.y;',
};

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
