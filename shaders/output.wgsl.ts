import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';

export const outputWorkgroup = 64;

/**
 * f = A v · scale and e = f − y, four rows of A an invocation: what is read of v serves four times.
 *
 * Unit r is added together with its partner r + m/2 of the symmetric initialization: at t = 0 each pair cancels
 * exactly, so f is exactly 0, and later the pair's small difference is formed before it meets the large sum. Where
 * partners stand at the same place of their vec4s, four pairs are added at a time.
 */
export function outputShader(): string {
  return wgsl`
struct Params {
  rows: u32,
  units4: u32, // vec4s in a row of A
  half_units: u32, // m/2
  scale: f32,
}
@group(0) @binding(0) var<storage, read> A: array<vec4<f32>>; // rows × m
@group(0) @binding(1) var<storage, read> v: array<vec4<f32>>; // m
@group(0) @binding(2) var<storage, read> y: array<vec4<f32>>; // rows
@group(0) @binding(3) var<storage, read_write> f: array<vec4<f32>>; // rows
@group(0) @binding(4) var<storage, read_write> e: array<vec4<f32>>; // rows
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${outputWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let first = 4u * id.x;
  if (first >= params.rows) {
    return;
  }
  ${each(4, (i) => `let row${i} = min(first + ${i}u, params.rows - 1u) * params.units4;`)}
  let half = params.half_units;
  var sum = vec4<f32>();
  if (half % 4u == 0u) {
    ${each(4, (i) => `var sums${i} = vec4<f32>();`)}
    for (var r = 0u; r < half / 4u; r++) {
      let partner = half / 4u + r;
      let weight = v[r];
      let partner_weight = v[partner];
      ${each(4, (i) => `sums${i} += weight * A[row${i} + r] + partner_weight * A[row${i} + partner];`)}
    }
    ${each(4, (i) => `sum[${i}] = (sums${i}.x + sums${i}.y) + (sums${i}.z + sums${i}.w);`)}
  } else {
    for (var r = 0u; r < half; r++) {
      let partner = half + r;
      let weight = v[r / 4u][r % 4u];
      let partner_weight = v[partner / 4u][partner % 4u];
      ${each(
        4,
        (i) => `sum[${i}] += weight * A[row${i} + r / 4u][r % 4u]
        + partner_weight * A[row${i} + partner / 4u][partner % 4u];`,
      )}
    }
  }
  let inside = vec4<u32>(first) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.rows);
  let output = sum * params.scale;
  f[id.x] = select(vec4<f32>(), output, inside);
  e[id.x] = select(vec4<f32>(), output - y[id.x], inside);
}
`;
}
