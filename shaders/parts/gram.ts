import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './each.ts';

/**
 * Shape of the programs that reduce a kernel's rows and store no kernel: a workgroup has `lanes` invocations along the
 * columns and `rows`/4 along the rows, each of which walks over tiles of 4 × 4.
 */
export const rowWalk = { lanes: 16, rows: 16 } as const;

/**
 * `gram(row, column)`: inner products of the points row … row + 3 of X with column … column + 3 of X_other; [i][j] is
 * ⟨x_{row+i}, x_{column+j}⟩. Points past the end repeat the last one. It reads `rows`, `cols` and `inputs4` of params.
 */
export const gram = wgsl`
fn gram(row: u32, column: u32) -> mat4x4<f32> {
  let last_row = params.rows - 1u;
  let last_col = params.cols - 1u;
  ${each(4, (i) => `let row${i} = min(row + ${i}u, last_row) * params.inputs4;`)}
  ${each(4, (j) => `let col${j} = min(column + ${j}u, last_col) * params.inputs4;`)}
  ${each(4, (i) => `var products${i} = vec4<f32>();`)}
  for (var k = 0u; k < params.inputs4; k++) {
    let right = mat4x4<f32>(X_other[col0 + k], X_other[col1 + k], X_other[col2 + k], X_other[col3 + k]);
    ${each(4, (i) => `products${i} += X[row${i} + k] * right;`)}
  }
  return mat4x4<f32>(products0, products1, products2, products3);
}
`;
