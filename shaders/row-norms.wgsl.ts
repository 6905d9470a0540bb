import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { rowSquare } from './parts/row-square.wgsl.ts';

export const rowNormsWorkgroup = 64;

/** a_i = ‖x_i‖²/d, one row an invocation. */
export function rowNormsShader(): string {
  return wgsl`
struct Params {
  rows: u32,
  inputs4: u32,
  inverse_d: f32,
}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read_write> norms: array<f32>; // rows
@group(1) @binding(0) var<uniform> params: Params;

${rowSquare}

@compute @workgroup_size(${rowNormsWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * ${rowNormsWorkgroup}u + id.x;
  if (i >= params.rows) {
    return;
  }
  norms[i] = row_square(i, params.inputs4) * params.inverse_d;
}
`;
}
