import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { ladderBindings } from './bindings.ts';

export const registerTile = wgsl`
// Rung 2 of 5: an invocation makes 4 × 4 entries of C, and has their sums in registers.
//
// For four terms it reads four vec4s of P and four of Q, and does 64 multiplications with them: each number that it
// reads serves four sums. Twice as large a tile would read half as much again, as long as there are registers for
// its sums, and invocations enough for the adapter.
${ladderBindings('vec4<f32>')}
@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = 4u * id.y;
  let column4 = id.x;
  // Rows past the end repeat the last one: a read may not pass the end, and a branch in the loop would cost.
  let rows = min(vec4<u32>(row) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.rows - 1u)) * params.p4;
  let at = min(column4, params.q4 - 1u);
  let last = params.inner - 1u;

  // Not an array that a loop goes over: a processor would have it in memory, since registers cannot be counted through.
  var c0 = vec4<f32>();
  var c1 = vec4<f32>();
  var c2 = vec4<f32>();
  var c3 = vec4<f32>();
  for (var k = 0u; k < params.p4; k++) {
    // Four rows of Q as columns of a matrix. Past the last row any will do, since P is 0 there.
    let q = mat4x4<f32>(
      Q[min(4u * k, last) * params.q4 + at],
      Q[min(4u * k + 1u, last) * params.q4 + at],
      Q[min(4u * k + 2u, last) * params.q4 + at],
      Q[min(4u * k + 3u, last) * params.q4 + at],
    );
    c0 += q * P[rows[0] + k];
    c1 += q * P[rows[1] + k];
    c2 += q * P[rows[2] + k];
    c3 += q * P[rows[3] + k];
  }

  if (column4 >= params.c4) {
    return;
  }
  if (row < params.rows) { C[row * params.c4 + column4] = c0; }
  if (row + 1u < params.rows) { C[(row + 1u) * params.c4 + column4] = c1; }
  if (row + 2u < params.rows) { C[(row + 2u) * params.c4 + column4] = c2; }
  if (row + 3u < params.rows) { C[(row + 3u) * params.c4 + column4] = c3; }
}
`;
