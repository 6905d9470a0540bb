import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';

export interface TangentOptions {
  /** Add J₁ vec Δ. */
  first: boolean;
  /** Add J₂ δ. */
  second: boolean;
}

/** A workgroup takes 4 rows for each of its `rowGroups`, and `lanes` invocations share the units of these rows. */
export const tangentTile = { rows: 4, rowGroups: 4, lanes: 16 } as const;

/**
 * u_i = scale₁ Σ_r v_r D_ir ⟨Δ_r, x_i⟩ + scale₂ Σ_r A_ir δ_r: the Jacobian-vector product J₁ vec Δ + J₂ δ.
 *
 * XΔᵀ is never stored: a lane makes its 4 × 4 tile in registers and adds it, weighed by D and v, to the sums of its
 * 4 rows. The lanes of a row meet in workgroup memory, in the order of the lanes.
 */
export function tangentShader({ first, second }: TangentOptions): string {
  const { rows, rowGroups, lanes } = tangentTile;
  return wgsl`
struct Params {
  rows: u32,
  units: u32,
  inputs4: u32, // vec4s in a row of X and of Δ
  scale1: f32,
  scale2: f32,
}
#if ${first}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> Delta: array<vec4<f32>>; // units × inputs
@group(0) @binding(2) var<storage, read> D: array<vec4<f32>>; // rows × units, padded with zeros
@group(0) @binding(3) var<storage, read> v: array<vec4<f32>>; // units, padded with zeros
#endif
#if ${second}
@group(0) @binding(4) var<storage, read> A: array<vec4<f32>>; // rows × units, padded with zeros
@group(0) @binding(5) var<storage, read> delta: array<vec4<f32>>; // units, padded with zeros
#endif
@group(0) @binding(6) var<storage, read_write> u: array<f32>; // rows
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> sums: array<vec4<f32>, ${lanes * rowGroups}>;

@compute @workgroup_size(${lanes}, ${rowGroups})
fn main(
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let row = ${rows}u * ((group.y * groups.x + group.x) * ${rowGroups}u + local.y);
  let last_row = params.rows - 1u;
  let last_unit = params.units - 1u;
  let units4 = (params.units + 3u) / 4u;
  ${each(rows, (i) => `let row${i} = min(row + ${i}u, last_row);`)}
  var sum = vec4<f32>(); // one component a row
  for (var g = local.x; g < units4; g += ${lanes}u) {
#if ${first}
    ${each(4, (r) => `let w${r} = min(4u * g + ${r}u, last_unit) * params.inputs4;`)}
    ${each(rows, (i) => `var s${i} = vec4<f32>();`)}
    for (var k = 0u; k < params.inputs4; k++) {
      let w = mat4x4<f32>(Delta[w0 + k], Delta[w1 + k], Delta[w2 + k], Delta[w3 + k]);
      ${each(rows, (i) => `s${i} += X[row${i} * params.inputs4 + k] * w;`)}
    }
    let weights = params.scale1 * v[g];
    ${each(rows, (i) => `sum[${i}] += dot(D[row${i} * units4 + g] * weights, s${i});`)}
#endif
#if ${second}
    let moved = params.scale2 * delta[g];
    ${each(rows, (i) => `sum[${i}] += dot(A[row${i} * units4 + g], moved);`)}
#endif
  }
  sums[local.y * ${lanes}u + local.x] = sum;
  workgroupBarrier();
  if (local.x == 0u) {
    var total = vec4<f32>();
    for (var lane = 0u; lane < ${lanes}u; lane++) {
      total += sums[local.y * ${lanes}u + lane];
    }
    ${each(rows, (i) => `if (row + ${i}u < params.rows) { u[row + ${i}u] = total[${i}]; }`)}
  }
}
`;
}
