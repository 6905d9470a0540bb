import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';
import { gram, rowWalk } from './parts/gram.ts';

/**
 * largest_i = max over j ≠ i of |⟨x_i, x_j⟩|/d over a block of columns, or over it and those before. The invocations of a
 * workgroup share 16 rows and walk over the columns in tiles of 4 × 4; no product is stored. 0 where there is no j ≠ i.
 */
export function rowExtremesShader(): string {
  const { lanes, rows } = rowWalk;
  return wgsl`
struct Params {
  rows: u32,
  cols: u32,
  inputs4: u32, // vec4s in a row of X
  first_row: u32, // of the block of rows, in the set
  first_col: u32, // of the block of columns
  accumulate: u32, // 1: go on from what largest holds
  inverse_d: f32,
}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> X_other: array<vec4<f32>>; // cols × inputs
@group(0) @binding(2) var<storage, read_write> largest: array<f32>; // rows
@group(1) @binding(0) var<uniform> params: Params;

var<workgroup> shared_largest: array<vec4<f32>, ${lanes * (rows / 4)}>;

${gram}

@compute @workgroup_size(${lanes}, ${rows / 4})
fn main(
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
  @builtin(workgroup_id) group: vec3<u32>,
) {
  let row = ${rows}u * group.x + 4u * local.y;
  var most = vec4<f32>();
  for (var column = 4u * local.x; column < params.cols; column += ${4 * lanes}u) {
    let products = gram(row, column);
    let columns = vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u);
    // What repeats the last column would not change a maximum, but may be row i itself under another number.
    let inside = columns < vec4<u32>(params.cols);
    ${each(4, (i) => {
      const own = `columns + params.first_col == vec4<u32>(params.first_row + row + ${i}u)`;
      return `let others${i} = select(vec4<f32>(), abs(products[${i}]), inside & !(${own}));
    most[${i}] = max(most[${i}], max(max(others${i}.x, others${i}.y), max(others${i}.z, others${i}.w)));`;
    })}
  }
  shared_largest[index] = most;
  for (var width = ${lanes / 2}u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (local.x < width) {
      shared_largest[index] = max(shared_largest[index], shared_largest[index + width]);
    }
  }
  if (local.x == 0u) {
    let scaled = shared_largest[index] * params.inverse_d;
    ${each(4, (i) => {
      const before = `select(0.0, largest[row + ${i}u], params.accumulate == 1u)`;
      return `if (row + ${i}u < params.rows) { largest[row + ${i}u] = max(scaled[${i}], ${before}); }`;
    })}
  }
}
`;
}
