import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * `row_square(i, cols4)`: ‖x_i‖² of row i of X, an array of vec4<f32> with cols4 of them a row (the padding is 0). Four sums
 * side by side: relative error at most γ_k, k = ⌈d/4⌉ + 2, where d is the length of a row.
 */
export const rowSquare = wgsl`
fn row_square(i: u32, cols4: u32) -> f32 {
  var squares = vec4<f32>();
  for (var k = 0u; k < cols4; k++) {
    let x = X[i * cols4 + k];
    squares += x * x;
  }
  return (squares.x + squares.y) + (squares.z + squares.w);
}
`;
