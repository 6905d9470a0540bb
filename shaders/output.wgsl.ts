import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

export const outputWorkgroup = 64;

/**
 * f = A v · scale and e = f − y, one row of A an invocation.
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
@group(0) @binding(2) var<storage, read> y: array<f32>; // rows
@group(0) @binding(3) var<storage, read_write> f: array<f32>; // rows
@group(0) @binding(4) var<storage, read_write> e: array<f32>; // rows
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${outputWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if (i >= params.rows) {
    return;
  }
  let row = i * params.units4;
  let half = params.half_units;
  var sum = 0.0;
  if (half % 4u == 0u) {
    var sums = vec4<f32>();
    for (var r = 0u; r < half / 4u; r++) {
      let partner = half / 4u + r;
      sums += v[r] * A[row + r] + v[partner] * A[row + partner];
    }
    sum = (sums.x + sums.y) + (sums.z + sums.w);
  } else {
    for (var r = 0u; r < half; r++) {
      let partner = half + r;
      sum += v[r / 4u][r % 4u] * A[row + r / 4u][r % 4u]
        + v[partner / 4u][partner % 4u] * A[row + partner / 4u][partner % 4u];
    }
  }
  let output = sum * params.scale;
  f[i] = output;
  e[i] = output - y[i];
}
`;
}
