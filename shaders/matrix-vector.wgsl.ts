import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';

export interface MatrixVectorOptions {
  /** Add to what `out` holds. */
  accumulate: boolean;
  /** Invocations that share the columns of a row: a divisor of 64. */
  lanes: number;
}

const workgroup = 64;
/** Rows an invocation, so that what it reads of c serves as often. */
const own = 4;

/** Rows that a workgroup makes. */
export const matrixVectorRows = ({ lanes }: Pick<MatrixVectorOptions, 'lanes'>): number =>
  (own * workgroup) / lanes;

/** out_i = (out_i +) scale · Σ_k M_ik c_k; the lanes of a row meet in workgroup memory, in their order. */
export function matrixVectorShader({ accumulate, lanes }: MatrixVectorOptions): string {
  const rows = matrixVectorRows({ lanes });
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

@compute @workgroup_size(${lanes}, ${rows / own})
fn main(
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let first = (group.y * groups.x + group.x) * ${rows}u;
  let row = local.y * ${own}u;
  ${each(own, (i) => `let start${i} = min(first + row + ${i}u, params.rows - 1u) * params.cols4;`)}
  ${each(own, (i) => `var sum${i} = vec4<f32>();`)}
  for (var k = local.x; k < params.cols4; k += ${lanes}u) {
    let c_k = c[k];
    ${each(own, (i) => `sum${i} += M[start${i} + k] * c_k;`)}
  }
  ${each(
    own,
    (i) => `sums[(row + ${i}u) * ${lanes}u + local.x] = (sum${i}.x + sum${i}.y) + (sum${i}.z + sum${i}.w);`,
  )}
  workgroupBarrier();
  if (index < ${rows}u && first + index < params.rows) {
    var total = 0.0;
    for (var lane = 0u; lane < ${lanes}u; lane++) {
      total += sums[index * ${lanes}u + lane];
    }
#if ${accumulate}
    out[first + index] += params.scale * total;
#else
    out[first + index] = params.scale * total;
#endif
  }
}
`;
}
