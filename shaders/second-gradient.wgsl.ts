import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type FeatureStorage, featureArray, featureFunctions, unstored } from './parts/features.wgsl.ts';

export const secondGradientWorkgroup = 64;

/** Partial sums of Aᵀe over slices of rows; one invocation sums 4 units over one slice. */
export function secondGradientShader(storage: FeatureStorage = 'f32'): string {
  return wgsl`
struct Params {
  rows: u32,
  slice_rows: u32,
  units4: u32, // vec4s in a row of A
}
@group(0) @binding(0) var<storage, read> A: ${featureArray(storage)}; // rows × units
@group(0) @binding(1) var<storage, read> e: array<f32>; // rows
@group(0) @binding(2) var<storage, read_write> slices: array<vec4<f32>>; // slices × units
@group(1) @binding(0) var<uniform> params: Params;
${featureFunctions(storage)}
@compute @workgroup_size(${secondGradientWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.units4) {
    return;
  }
  var sum = vec4<f32>();
  let end = min((id.y + 1u) * params.slice_rows, params.rows);
  for (var i = id.y * params.slice_rows; i < end; i++) {
    sum += ${unstored(storage, 'A[i * params.units4 + id.x]')} * e[i];
  }
  slices[id.y * params.units4 + id.x] = sum;
}
`;
}
