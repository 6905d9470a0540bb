import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Activation } from '../src/math/activation-names.ts';
import { activation } from './parts/activations.wgsl.ts';
import { each } from './parts/each.ts';
import { forwardTile } from './forward.wgsl.ts';

/**
 * C = S ⊙ (φ′(Z + h) − φ′(Z − h))/(2h) with Z = X Wᵀ · scale and S = X Gᵀ · scale: how φ′(Z) changes as W moves along
 * G. The difference quotient is φ″ up to h² where φ is smooth; where φ′ jumps, it is the jump smoothed over 2h, which has
 * a direction to offer where φ″ has none.
 *
 * One invocation makes a tile of 4 rows by 4 units of both products, as forward does.
 */
export function curvatureShader(phi: Activation): string {
  const { rows, workgroup } = forwardTile;
  const [x, y] = workgroup;
  return wgsl`
struct Params {
  rows: u32,
  units: u32,
  inputs4: u32, // vec4s in a row of X, of W and of G
  scale: f32,
  h: f32,
}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> W: array<vec4<f32>>; // units × inputs
@group(0) @binding(2) var<storage, read> G: array<vec4<f32>>; // units × inputs
@group(0) @binding(3) var<storage, read_write> C: array<vec4<f32>>; // rows × units
@group(1) @binding(0) var<uniform> params: Params;

${activation(phi)}

fn quotient(z: f32) -> f32 {
  return (phi_prime(z + params.h) - phi_prime(z - params.h)) / (2.0 * params.h);
}

fn store(row: u32, column: u32, z: vec4<f32>, s: vec4<f32>) {
  let inside = vec4<u32>(4u * column) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.units);
  let slopes = vec4<f32>(quotient(z.x), quotient(z.y), quotient(z.z), quotient(z.w));
  C[row * ((params.units + 3u) / 4u) + column] = select(vec4<f32>(), s * slopes, inside);
}

@compute @workgroup_size(${x}, ${y})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x; // group of 4 units
  let row = id.y * ${rows}u;
  if (4u * column >= params.units || row >= params.rows) {
    return;
  }
  let last_row = params.rows - 1u;
  let last_unit = params.units - 1u;
  ${each(rows, (i) => `let x${i} = min(row + ${i}u, last_row) * params.inputs4;`)}
  ${each(4, (r) => `let w${r} = min(4u * column + ${r}u, last_unit) * params.inputs4;`)}
  ${each(rows, (i) => `var z${i} = vec4<f32>();`)}
  ${each(rows, (i) => `var s${i} = vec4<f32>();`)}
  for (var k = 0u; k < params.inputs4; k++) {
    let w = mat4x4<f32>(W[w0 + k], W[w1 + k], W[w2 + k], W[w3 + k]);
    let g = mat4x4<f32>(G[w0 + k], G[w1 + k], G[w2 + k], G[w3 + k]);
    ${each(rows, (i) => `z${i} += X[x${i} + k] * w;`)}
    ${each(rows, (i) => `s${i} += X[x${i} + k] * g;`)}
  }
  ${each(
    rows,
    (i) =>
      `if (row + ${i}u < params.rows) { store(row + ${i}u, column, z${i} * params.scale, s${i} * params.scale); }`,
  )}
}
`;
}
