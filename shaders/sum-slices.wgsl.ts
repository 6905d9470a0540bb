import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

export const sumSlicesWorkgroup = 64;

/** total = Σ_s slices[s], or total + that sum, in the order of s: a fixed order, so the same bits every run. */
export function sumSlicesShader(): string {
  return wgsl`
struct Params {
  length4: u32, // vec4s in a slice
  slices: u32,
  accumulate: u32, // 1: add to what total holds
}
@group(0) @binding(0) var<storage, read> slices: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> total: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${sumSlicesWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let k = id.y * groups.x * ${sumSlicesWorkgroup}u + id.x;
  if (k >= params.length4) {
    return;
  }
  var sum = vec4<f32>();
  for (var s = 0u; s < params.slices; s++) {
    sum += slices[s * params.length4 + k];
  }
  if (params.accumulate == 1u) {
    sum += total[k];
  }
  total[k] = sum;
}
`;
}
