import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { partialSums } from './parts/partial-sums.wgsl.ts';

export const descendWorkgroup = 64;

export interface DescendOptions {
  /** Also store θ = θ(0) + Δ. */
  position: boolean;
}

/**
 * One step of gradient descent in the displacement Δ = θ − θ(0): Δ ← Δ − rate · g, and θ = θ(0) + Δ.
 *
 * Δ is the state and θ only its sum with θ(0), so the small steps of early training add up to float32's relative
 * precision of the displacement itself, not of the much larger parameter. The gradient comes in partial sums.
 */
export function descendShader({ position }: DescendOptions): string {
  return wgsl`
struct Params {
  length4: u32, // vec4s in Δ
  rate: f32,
  partials: u32,
  partial: u32, // vec4s in a partial sum of g
}
@group(0) @binding(0) var<storage, read> gradient: array<vec4<f32>>; // partial sums
@group(0) @binding(1) var<storage, read_write> displacement: array<vec4<f32>>;
#if ${position}
@group(0) @binding(2) var<storage, read> start: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> position: array<vec4<f32>>;
#endif
@group(1) @binding(0) var<uniform> params: Params;
${partialSums('vec4<f32>')}
@compute @workgroup_size(${descendWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let k = id.y * groups.x * ${descendWorkgroup}u + id.x;
  if (k >= params.length4) {
    return;
  }
  let moved = displacement[k] - params.rate * gradient_at(k);
  displacement[k] = moved;
#if ${position}
  position[k] = start[k] + moved;
#endif
}
`;
}
