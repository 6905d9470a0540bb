import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { featureSums } from './parts/feature-sums.wgsl.ts';
import { type FeatureStorage, featureArray, featureFunctions } from './parts/features.wgsl.ts';
import { unrolled } from './parts/unroll.ts';

export const secondGradientWorkgroup = 64;

/**
 * Partial sums of Aᵀe, as first-gradient makes those of its product: number s holds Σ_i A_ir e_i over its rows i, slice by
 * slice, added to what it held where asked. One invocation sums 4 units.
 */
export const secondGradientShader = (storage?: FeatureStorage): string =>
  unrolled(secondGradientText(storage));

/** The same as it is written. */
export function secondGradientText(storage: FeatureStorage = 'f32'): string {
  return wgsl`
const tile_columns4 = 1u;
const lanes = ${secondGradientWorkgroup}u;
const groups = 1u;

struct Params {
  rows: u32,
  slice_rows: u32,
  partial_rows: u32, // rows of a partial sum, whole slices
  units4: u32, // vec4s of units that are summed for
  stride4: u32, // vec4s in a row of A
  accumulate: u32, // 1: add to what the partial sums hold
}
@group(0) @binding(0) var<storage, read> A: ${featureArray(storage)}; // rows × units
@group(0) @binding(1) var<storage, read> e: array<f32>; // rows
@group(0) @binding(2) var<storage, read_write> feature_partials: array<vec4<f32>>; // partial sums × units
@group(1) @binding(0) var<uniform> params: Params;
${featureFunctions(storage)}${featureSums({ storage, groups: 1, rowStride: 'params.stride4' })}
@compute @workgroup_size(lanes)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  // Where the units are few, most invocations are beyond them.
  if (group.x * lanes + local.x >= params.units4) {
    return;
  }
  let first = group.y * params.partial_rows;
  add_features(group.x * lanes + local.x, local.xy, group.y, first, min(first + params.partial_rows, params.rows));
}
`;
}
