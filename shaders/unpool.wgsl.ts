import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type Pool, poolFunctions } from './parts/pools.wgsl.ts';

export interface UnpoolOptions {
  pool: Pool;
  /** Whether what comes back to the blocks is the same for every point, as a readout is. */
  shared: boolean;
}

export const unpoolWorkgroup = 64;

/**
 * D = D ⊙ (what comes back to the block of its position)/(positions of a block): the way back through a pool, and through
 * the slopes below it. An invocation makes one vec4 of channels of one position.
 */
export const unpoolShader = ({ pool, shared }: UnpoolOptions): string => wgsl`
struct Params {
  length4: u32, // vec4s of D
  channels4: u32, // vec4s in a row
}
@group(0) @binding(0) var<storage, read> pooled: array<vec4<f32>>; // points · blocks × channels, or blocks × channels
@group(0) @binding(1) var<storage, read_write> D: array<vec4<f32>>; // points · positions × channels
@group(1) @binding(0) var<uniform> params: Params;
${poolFunctions(pool)}
@compute @workgroup_size(${unpoolWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let k = id.y * groups.x * ${unpoolWorkgroup}u + id.x;
  if (k >= params.length4) {
    return;
  }
  let row = k / params.channels4;
  let source = ${shared ? '' : 'row / positions * blocks + '}block_of(row % positions);
  D[k] *= pooled[source * params.channels4 + k % params.channels4] * (1.0 / f32(members));
}
`;
