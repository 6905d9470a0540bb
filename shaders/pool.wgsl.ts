import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type Pool, poolFunctions } from './parts/pools.wgsl.ts';

export const poolWorkgroup = 64;

/**
 * pooled = the mean of A over each block of positions, Σ_j A[p_j]/(positions of a block), in the order of the positions; an
 * invocation makes one vec4 of channels of one block.
 */
export const poolShader = (pool: Pool): string => wgsl`
struct Params {
  length4: u32, // vec4s of what is made
  channels4: u32, // vec4s in a row
}
@group(0) @binding(0) var<storage, read> A: array<vec4<f32>>; // points · positions × channels
@group(0) @binding(1) var<storage, read_write> pooled: array<vec4<f32>>; // points · blocks × channels
@group(1) @binding(0) var<uniform> params: Params;
${poolFunctions(pool)}
@compute @workgroup_size(${poolWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let k = id.y * groups.x * ${poolWorkgroup}u + id.x;
  if (k >= params.length4) {
    return;
  }
  let row = k / params.channels4;
  var sum = vec4<f32>();
  for (var j = 0u; j < members; j++) {
    let source = row / blocks * positions + member(row % blocks, j);
    sum += A[source * params.channels4 + k % params.channels4];
  }
  pooled[k] = sum * (1.0 / f32(members));
}
`;
