import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { ladderBindings } from './bindings.ts';

export const quadSwap = wgsl`enable subgroups;

// Rung 3 of 5: neighbours swap what they read.
//
// Four invocations beside each other, a quad, have the same four rows and other columns. On rung 2 each of them read all
// four rows. Here each reads one, and hands it on: three swaps, between neighbours in x, in y and across, show each
// invocation the other three rows. P is read a quarter as often.
//
// A swap brings the rows in another order to each: as number j comes row j ^ turn, where turn is the invocation's number
// in its quad. The sums do not mind, as long as they are stored in the right rows.
${ladderBindings('vec4<f32>')}
@compute @workgroup_size(8)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let turn = lane % 4u;
  let row = 4u * group.y;
  let column4 = 8u * group.x + local.x;
  let own_row = min(row + turn, params.rows - 1u) * params.p4;
  let at = min(column4, params.q4 - 1u);
  let last = params.inner - 1u;

  var c0 = vec4<f32>();
  var c1 = vec4<f32>();
  var c2 = vec4<f32>();
  var c3 = vec4<f32>();
  // No invocation has left: the whole quad has to be there when it swaps.
  for (var k = 0u; k < params.p4; k++) {
    let q = mat4x4<f32>(
      Q[min(4u * k, last) * params.q4 + at],
      Q[min(4u * k + 1u, last) * params.q4 + at],
      Q[min(4u * k + 2u, last) * params.q4 + at],
      Q[min(4u * k + 3u, last) * params.q4 + at],
    );
    let own = P[own_row + k];
    c0 += q * own;
    c1 += q * quadSwapX(own);
    c2 += q * quadSwapY(own);
    c3 += q * quadSwapDiagonal(own);
  }

  if (column4 >= params.c4) {
    return;
  }
  let rows = row + (vec4<u32>(0u, 1u, 2u, 3u) ^ vec4<u32>(turn));
  if (rows[0] < params.rows) { C[rows[0] * params.c4 + column4] = c0; }
  if (rows[1] < params.rows) { C[rows[1] * params.c4 + column4] = c1; }
  if (rows[2] < params.rows) { C[rows[2] * params.c4 + column4] = c2; }
  if (rows[3] < params.rows) { C[rows[3] * params.c4 + column4] = c3; }
}
`;
