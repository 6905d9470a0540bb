import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

export const linearGradientWorkgroup = 64;

/**
 * Partial sums of Ψᵀe over slices of rows, in the layout of β (see linear-output): one invocation sums 4 inputs, or
 * bias and q, over one slice.
 */
export function linearGradientShader(): string {
  return wgsl`
struct Params {
  rows: u32,
  slice_rows: u32,
  inputs4: u32,
  scale: f32,
  bias: f32,
  norm_scale: f32,
}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> q: array<f32>; // rows
@group(0) @binding(2) var<storage, read> e: array<f32>; // rows
@group(0) @binding(3) var<storage, read_write> slices: array<vec4<f32>>; // slices × β
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${linearGradientWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let k = id.x;
  if (k > params.inputs4) {
    return;
  }
  let end = min((id.y + 1u) * params.slice_rows, params.rows);
  var sum = vec4<f32>();
  if (k < params.inputs4) {
    for (var i = id.y * params.slice_rows; i < end; i++) {
      sum += X[i * params.inputs4 + k] * e[i];
    }
    sum *= params.scale;
  } else {
    for (var i = id.y * params.slice_rows; i < end; i++) {
      sum += vec4<f32>(1.0, q[i], 0.0, 0.0) * e[i];
    }
    sum *= vec4<f32>(params.bias, params.norm_scale, 0.0, 0.0);
  }
  slices[id.y * (params.inputs4 + 1u) + k] = sum;
}
`;
}
