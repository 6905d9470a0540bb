import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { erf as mathematics } from '../../src/math/activations/erf.ts';
import { angle } from '../parts/angle.wgsl.ts';
import { erf as erfPart } from '../parts/erf.wgsl.ts';
import { expNeg } from '../parts/exp.wgsl.ts';
import { relativeBounds } from './relative-bounds.ts';
import { type ActivationShader, clampedAbs, literal } from './shader.ts';

const code = wgsl`${erfPart}${expNeg}${clampedAbs}
fn phi(z: f32) -> f32 {
  return erf(z);
}

// 2/sqrt(pi) exp(-z^2)
fn phi_prime(z: f32) -> f32 {
  let a = clamped_abs(z, 10.0);
  return 1.1283792 * exp_neg(a * a);
}

fn phi_both(z: f32) -> vec2<f32> {
  return vec2(phi(z), phi_prime(z));
}
`;

export const erf = {
  code,
  // z² is right to u, so e^(−z²) to z²u.
  error: relativeBounds(mathematics, 27.4, (z) => 4.4 + z * z),
  pair: {
    limit: 0.1,
    higher: `let a = clamped_abs(z, 10.0);
  let second = select(-2.0, 2.0, z < 0.0) * a * p.y;
  let third = (4.0 * a * a - 2.0) * p.y;`,
    third: 2.26,
    seventh: 135.5,
    errors: [9, 25],
  },
  expected: {
    keepsGap: true,
    code: ({ first, second }) => wgsl`${second ? angle : ''}
// (1 + 2a)(1 + 2b) − 4c² = 1 + 2(a + b) + 4(ab − c²): no cancellation beyond that of ab − c²,
// which for long inputs (a mean far from 0) is nearly all of it.
fn expected(a: f32, b: f32, c: f32, gap: f32) -> f32 {
  let inverse_root = inverseSqrt(1.0 + 2.0 * (a + b) + 4.0 * gap);
  var theta = 0.0;
#if ${first}
  theta += params.weight1 * (${literal(4 / Math.PI)} * c * inverse_root);
#endif
#if ${second}
  // arcsin(2c/√((1 + 2a)(1 + 2b))) by its tangent.
  theta += params.weight2 * (${literal(2 / Math.PI)} * sign(c) * angle(2.0 * abs(c) * inverse_root, 1.0));
#endif
  return theta;
}
`,
  },
} as const satisfies ActivationShader;
