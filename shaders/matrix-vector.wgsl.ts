import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';

export interface MatrixVectorOptions {
  /** Add to what `out` holds. */
  accumulate: boolean;
  /** Invocations that share the columns of a row: a divisor of 64. */
  lanes: number;
}

/** Invocations a workgroup, and rows an invocation, so that what it reads of c serves as often. As measured on both sorts. */
const shapeOf = ({ lanes }: Pick<MatrixVectorOptions, 'lanes'>): { invocations: number; own: number } =>
  lanes === 1 ? { invocations: 16, own: 8 } : { invocations: 64, own: 4 };

/** Rows that a workgroup makes. */
export function matrixVectorRows(options: Pick<MatrixVectorOptions, 'lanes'>): number {
  const { invocations, own } = shapeOf(options);
  return (own * invocations) / options.lanes;
}

/**
 * out_i = (out_i +) scale · Σ_k M_ik c_k; the lanes of a row meet in workgroup memory, in their order. A lane that has a row
 * to itself meets nobody: processors take that, since a barrier costs SwiftShader some 0.1 ms a workgroup.
 */
export function matrixVectorShader({ accumulate, lanes }: MatrixVectorOptions): string {
  const { own } = shapeOf({ lanes });
  const rows = matrixVectorRows({ lanes });
  const write = (entry: string, total: string): string =>
    `out[${entry}] ${accumulate ? '+=' : '='} params.scale * ${total};`;
  const dot = (i: number): string => `(sum${i}.x + sum${i}.y) + (sum${i}.z + sum${i}.w)`;
  return wgsl`
struct Params {
  rows: u32,
  cols4: u32, // vec4s of a row that are summed over
  stride4: u32, // vec4s in a row of M
  scale: f32,
}
@group(0) @binding(0) var<storage, read> M: array<vec4<f32>>; // rows × cols, padded with zeros
@group(0) @binding(1) var<storage, read> c: array<vec4<f32>>; // cols, padded with zeros
@group(0) @binding(2) var<storage, read_write> out: array<f32>; // rows
@group(1) @binding(0) var<uniform> params: Params;

#if ${lanes > 1}
var<workgroup> sums: array<f32, ${rows * lanes}>;
#endif

@compute @workgroup_size(${lanes}, ${rows / own})
fn main(
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let first = (group.y * groups.x + group.x) * ${rows}u;
  let row = local.y * ${own}u;
  ${each(own, (i) => `let start${i} = min(first + row + ${i}u, params.rows - 1u) * params.stride4;`)}
  ${each(own, (i) => `var sum${i} = vec4<f32>();`)}
  for (var k = local.x; k < params.cols4; k += ${lanes}u) {
    let c_k = c[k];
    ${each(own, (i) => `sum${i} += M[start${i} + k] * c_k;`)}
  }
#if ${lanes > 1}
  ${each(own, (i) => `sums[(row + ${i}u) * ${lanes}u + local.x] = ${dot(i)};`)}
  workgroupBarrier();
  if (index < ${rows}u && first + index < params.rows) {
    var total = 0.0;
    for (var lane = 0u; lane < ${lanes}u; lane++) {
      total += sums[index * ${lanes}u + lane];
    }
    ${write('first + index', 'total')}
  }
#else
  ${each(own, (i) => `if (first + row + ${i}u < params.rows) { ${write(`first + row + ${i}u`, `(${dot(i)})`)} }`)}
#endif
}
`;
}
