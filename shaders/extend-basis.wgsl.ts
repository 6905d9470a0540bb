import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

export const extendBasisWorkgroup = 64;

/** q = w/‖w‖, stored as a vector and as a column of Q; 0 where w is 0. One entry an invocation. */
export function extendBasisShader(): string {
  return wgsl`
struct Params {
  rows: u32,
  stride: u32, // floats in a row of Q
  column: u32,
  slot: u32, // where ‖w‖² is in squares
}
@group(0) @binding(0) var<storage, read> w: array<f32>; // rows
@group(0) @binding(1) var<storage, read> squares: array<f32>;
@group(0) @binding(2) var<storage, read_write> q: array<f32>; // rows
@group(0) @binding(3) var<storage, read_write> Q: array<f32>; // rows × columns
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${extendBasisWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * ${extendBasisWorkgroup}u + id.x;
  if (i >= params.rows) {
    return;
  }
  let square = squares[params.slot];
  let entry = select(0.0, w[i] / sqrt(square), square > 0.0);
  q[i] = entry;
  Q[i * params.stride + params.column] = entry;
}
`;
}
