import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { ladderBindings } from './bindings.ts';

export const readingAhead = wgsl`
// Rung 5 of 5: what is needed next is on its way while the workgroup multiplies.
//
// On rung 4 all wait for memory, then all multiply, then all wait again. Here each invocation asks for its share of the
// next part, two vec4s of P and two of Q, into registers before it multiplies, and puts them into workgroup memory
// after. Whether the registers are worth it, the adapter says: with many workgroups at a time, one multiplies while another waits.
${ladderBindings('vec4<f32>')}
var<workgroup> p_part: array<vec4<f32>, 128>; // vec4 n is number n % 4 of row n / 4
var<workgroup> q_part: array<vec4<f32>, 128>; // vec4 n is number n % 8 of row n / 8

/** vec4 n of the part of P that begins at vec4 \`start\` of its rows, 0 beyond their end. */
fn read_p(group: vec3<u32>, start: u32, n: u32) -> vec4<f32> {
  let row = min(32u * group.y + n / 4u, params.rows - 1u);
  let k = start + n % 4u;
  return select(vec4<f32>(), P[row * params.p4 + min(k, params.p4 - 1u)], k < params.p4);
}

/** vec4 n of what stands with it in Q. */
fn read_q(group: vec3<u32>, start: u32, n: u32) -> vec4<f32> {
  return Q[min(4u * start + n / 8u, params.inner - 1u) * params.q4 + min(8u * group.x + n % 8u, params.q4 - 1u)];
}

@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  var c0 = vec4<f32>();
  var c1 = vec4<f32>();
  var c2 = vec4<f32>();
  var c3 = vec4<f32>();
  var p_next = array(read_p(group, 0u, thread), read_p(group, 0u, thread + 64u));
  var q_next = array(read_q(group, 0u, thread), read_q(group, 0u, thread + 64u));
  for (var start = 0u; start < params.p4; start += 4u) {
    p_part[thread] = p_next[0];
    p_part[thread + 64u] = p_next[1];
    q_part[thread] = q_next[0];
    q_part[thread + 64u] = q_next[1];
    workgroupBarrier();
    p_next = array(read_p(group, start + 4u, thread), read_p(group, start + 4u, thread + 64u));
    q_next = array(read_q(group, start + 4u, thread), read_q(group, start + 4u, thread + 64u));
    for (var k = 0u; k < 4u; k++) {
      let q_at = 32u * k + local.x;
      let q = mat4x4<f32>(q_part[q_at], q_part[q_at + 8u], q_part[q_at + 16u], q_part[q_at + 24u]);
      let p_at = 16u * local.y + k;
      c0 += q * p_part[p_at];
      c1 += q * p_part[p_at + 4u];
      c2 += q * p_part[p_at + 8u];
      c3 += q * p_part[p_at + 12u];
    }
    workgroupBarrier();
  }

  let row = 32u * group.y + 4u * local.y;
  let column4 = 8u * group.x + local.x;
  if (column4 >= params.c4) {
    return;
  }
  if (row < params.rows) { C[row * params.c4 + column4] = c0; }
  if (row + 1u < params.rows) { C[(row + 1u) * params.c4 + column4] = c1; }
  if (row + 2u < params.rows) { C[(row + 2u) * params.c4 + column4] = c2; }
  if (row + 3u < params.rows) { C[(row + 3u) * params.c4 + column4] = c3; }
}
`;
