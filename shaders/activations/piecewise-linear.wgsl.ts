import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { angle } from '../parts/angle.wgsl.ts';
import { flush, u } from '../parts/roundoff.ts';
import { type ActivationError, type ActivationShader, type ExpectedForm, literal } from './shader.ts';

const reluCode = wgsl`
fn phi(z: f32) -> f32 {
  return select(z, 0.0, z < 0.0);
}

fn phi_prime(z: f32) -> f32 {
  return select(1.0, 0.0, z < 0.0);
}

fn phi_both(z: f32) -> vec2<f32> {
  return vec2(phi(z), phi_prime(z));
}
`;

const leakyReluCode = (slope: number): string => wgsl`
fn phi(z: f32) -> f32 {
  return phi_prime(z) * z;
}

fn phi_prime(z: f32) -> f32 {
  return select(1.0, f32(${Math.fround(slope).toExponential()}), z < 0.0);
}

fn phi_both(z: f32) -> vec2<f32> {
  let slope = phi_prime(z);
  return vec2(slope * z, slope);
}
`;

const error = (slope: number): ActivationError => ({
  // The slope is rounded, then the product.
  phi: (z) => (z < 0 ? 2 * u * Math.abs(slope * z) : 0) + flush,
  // A subnormal z < 0 may count as 0.
  phiPrime: (z) => (z >= 0 ? 0 : z > -(2 ** -126) ? Math.abs(1 - slope) : u * Math.abs(slope)),
});

/**
 * φ(z) = lz + (r − l)max(z, 0), l and r its slopes left and right of 0, so E[φ′φ′] = lr + (r − l)²(π − θ)/(2π) and E[φφ]
 * likewise from the ReLU's.
 */
export const piecewiseLinearForm = (left: number, right: number): ExpectedForm => ({
  keepsGap: true,
  code: ({ first, second }) => {
    const linear = literal(left * right);
    const arc = literal((right - left) ** 2 / (2 * Math.PI));
    return wgsl`${angle}
fn expected(a: f32, b: f32, c: f32, gap: f32) -> f32 {
  let root = sqrt(gap); // √(ab) sin θ
  let rest = angle(root, -c); // π − θ
  var theta = 0.0;
#if ${first}
  theta += params.weight1 * (c * (${linear} + ${arc} * rest));
#endif
#if ${second}
  theta += params.weight2 * (${linear} * c + ${arc} * (root + rest * c));
#endif
  return theta;
}
`;
  },
});

const shader = (code: string, slope: number) =>
  ({
    code,
    error: error(slope),
    pair: 'slopes',
    expected: piecewiseLinearForm(slope, 1),
  }) as const satisfies ActivationShader;

export const relu = shader(reluCode, 0);
export const leakyRelu = (slope: number) => shader(leakyReluCode(slope), slope);
