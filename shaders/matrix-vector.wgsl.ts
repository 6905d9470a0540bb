import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

export interface MatrixVectorOptions {
  /** Add to what `out` holds. */
  accumulate: boolean;
}

/** A workgroup takes `rows` rows, and `lanes` invocations share the columns of each. */
export const matrixVectorTile = { rows: 8, lanes: 8 } as const;

/** out_i = (out_i +) scale · Σ_k M_ik c_k; the lanes of a row meet in workgroup memory, in their order. */
export function matrixVectorShader({ accumulate }: MatrixVectorOptions): string {
  const { rows, lanes } = matrixVectorTile;
  return wgsl`
struct Params {
  rows: u32,
  cols4: u32, // vec4s in a row of M
  scale: f32,
}
@group(0) @binding(0) var<storage, read> M: array<vec4<f32>>; // rows × cols, padded with zeros
@group(0) @binding(1) var<storage, read> c: array<vec4<f32>>; // cols, padded with zeros
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // rows
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> sums: array<f32, ${rows * lanes}>;

@compute @workgroup_size(${lanes}, ${rows})
fn main(
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let row = (group.y * groups.x + group.x) * ${rows}u + local.y;
  let start = min(row, params.rows - 1u) * params.cols4;
  var sum = vec4<f32>();
  for (var k = local.x; k < params.cols4; k += ${lanes}u) {
    sum += M[start + k] * c[k];
  }
  sums[local.y * ${lanes}u + local.x] = (sum.x + sum.y) + (sum.z + sum.w);
  workgroupBarrier();
  if (local.x == 0u && row < params.rows) {
    var total = 0.0;
    for (var lane = 0u; lane < ${lanes}u; lane++) {
      total += sums[local.y * ${lanes}u + lane];
    }
#if ${accumulate}
    out[row] += params.scale * total;
#else
    out[row] = params.scale * total;
#endif
  }
}
`;
}
