import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Entries } from '../src/math/random.ts';
import { philox } from './parts/philox.wgsl.ts';
import { randomEntries } from './parts/random.wgsl.ts';

export interface RandomOptions {
  entries: Entries;
  /** Whether column j is multiplied by scales[j]. */
  scaled: boolean;
}

export const randomWorkgroup = 64;

/**
 * X_ij = scales_j · entry_ij + shift, four columns an invocation. Counter (j/4, i, stream, 0) under the seed as key: an
 * entry depends on seed, stream, i and j alone. Padding is stored as 0.
 */
export function randomShader({ entries, scaled }: RandomOptions): string {
  return wgsl`
struct Params {
  rows: u32,
  cols: u32,
  first_row: u32,
  stream: u32,
  key_low: u32,
  key_high: u32,
  shift: f32,
}
@group(0) @binding(0) var<storage, read_write> X: array<vec4<f32>>; // rows × cols
#if ${scaled}
@group(0) @binding(1) var<storage, read> scales: array<vec4<f32>>; // cols
#endif
@group(1) @binding(0) var<uniform> params: Params;

${philox}
${randomEntries(entries)}

@compute @workgroup_size(${randomWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = id.y * groups.x * ${randomWorkgroup}u + id.x;
  let columns4 = (params.cols + 3u) / 4u;
  let row = index / columns4;
  let column = index % columns4;
  if (row >= params.rows) {
    return;
  }
  let counter = vec4<u32>(column, params.first_row + row, params.stream, 0u);
  var x = entries(philox(counter, vec2<u32>(params.key_low, params.key_high)));
#if ${scaled}
  x *= scales[column];
#endif
  let inside = vec4<u32>(4u * column) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.cols);
  X[index] = select(vec4<f32>(), x + params.shift, inside);
}
`;
}
