import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { rowSquare } from './parts/row-square.wgsl.ts';

export const normFeatureWorkgroup = 64;

/** q(x_i) = ϑ₀ + ϑ₁ s + ϑ₂ s² with s = ‖x_i‖/√d − 1, one row an invocation. */
export function normFeatureShader(): string {
  return wgsl`
struct Params {
  rows: u32,
  inputs4: u32,
  inverse_d: f32,
  theta0: f32,
  theta1: f32,
  theta2: f32,
}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read_write> q: array<f32>; // rows
@group(1) @binding(0) var<uniform> params: Params;

${rowSquare}

@compute @workgroup_size(${normFeatureWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if (i >= params.rows) {
    return;
  }
  let a = row_square(i, params.inputs4) * params.inverse_d;
  // √a − 1 without cancellation, since a is near 1.
  let s = (a - 1.0) / (sqrt(a) + 1.0);
  q[i] = params.theta0 + s * (params.theta1 + s * params.theta2);
}
`;
}
