import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { ladderBindings } from './bindings.ts';

export const naive = wgsl`
// Rung 1 of 5: the product as it is written on paper, one invocation for every entry.
//
// For each term of its sum, an invocation reads two numbers and does one multiplication and one addition. Its
// neighbours read the same numbers again: every entry of P is read once for each column of C, every entry of Q once for each row.
// A load costs more than a multiplication, on any adapter, so that the loads are what takes the time.
${ladderBindings('f32')}
@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = id.y;
  let column = id.x;
  // The grid is of whole workgroups, and hangs over the edges of C.
  if (row >= params.rows || column >= 4u * params.c4) {
    return;
  }
  var sum = 0.0;
  for (var k = 0u; k < params.inner; k++) {
    sum += P[row * 4u * params.p4 + k] * Q[k * 4u * params.q4 + column];
  }
  // Past the last column this is 0, since Q is.
  C[row * 4u * params.c4 + column] = sum;
}
`;
