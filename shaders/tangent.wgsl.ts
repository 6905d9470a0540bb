import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

export const tangentWorkgroup = 64;

/**
 * u_i = (Σ_r v_r D_ir S_ir + Σ_r A_ir δ_r) · scale and e = u − y, with S = XΔᵀ/√d: the linearized network's output
 * from the Jacobian at (W(0), v(0)) and the displacement (Δ, δ). One row an invocation.
 */
export function tangentShader(): string {
  return wgsl`
struct Params {
  rows: u32,
  units: u32,
  stride: u32, // floats in a row of A, D, S
  scale: f32,
}
@group(0) @binding(0) var<storage, read> A: array<f32>; // rows × units
@group(0) @binding(1) var<storage, read> D: array<f32>; // rows × units
@group(0) @binding(2) var<storage, read> S: array<f32>; // rows × units
@group(0) @binding(3) var<storage, read> v: array<f32>; // units
@group(0) @binding(4) var<storage, read> delta: array<f32>; // units
@group(0) @binding(5) var<storage, read> y: array<f32>; // rows
@group(0) @binding(6) var<storage, read_write> u: array<f32>; // rows
@group(0) @binding(7) var<storage, read_write> e: array<f32>; // rows
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${tangentWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if (i >= params.rows) {
    return;
  }
  var sum = 0.0;
  for (var r = 0u; r < params.units; r++) {
    let at = i * params.stride + r;
    sum += v[r] * D[at] * S[at] + A[at] * delta[r];
  }
  let output = sum * params.scale;
  u[i] = output;
  e[i] = output - y[i];
}
`;
}
