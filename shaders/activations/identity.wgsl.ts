import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { flush } from '../parts/roundoff.ts';
import { type ActivationShader } from './shader.ts';

export const identity = {
  code: wgsl`
fn phi(z: f32) -> f32 {
  return z;
}

fn phi_prime(z: f32) -> f32 {
  return 1.0;
}

fn phi_both(z: f32) -> vec2<f32> {
  return vec2(z, 1.0);
}
`,
  error: { phi: () => flush, phiPrime: () => 0 },
  pair: 'slopes',
  expected: {
    keepsGap: false,
    code: ({ first, second }) => {
      const weights = [...(first ? ['params.weight1'] : []), ...(second ? ['params.weight2'] : [])];
      return wgsl`
fn expected(a: f32, b: f32, c: f32, gap: f32) -> f32 {
  return c * (${weights.join(' + ')});
}
`;
    },
  },
} as const satisfies ActivationShader;
