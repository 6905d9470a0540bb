import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { ladderBindings } from './bindings.ts';

export const workgroupMemory = wgsl`
// Rung 4 of 5: a workgroup reads together what its invocations need, and each of them reads it from there.
//
// 64 invocations make 32 × 32 entries of C. For 16 terms they need 32 rows of P and 32 columns of Q, 128 vec4s of each: each
// invocation copies two and two to workgroup memory, in place of the 16 and 16 that it would read on rung 2. At a
// barrier all wait until the copies are whole, at the next one until nobody needs them any more.
//
// That pays on a GPU, where workgroup memory is near. To a processor it is memory like any other, and barriers are dear.
${ladderBindings('vec4<f32>')}
var<workgroup> p_part: array<vec4<f32>, 128>; // vec4 n is number n % 4 of row n / 4
var<workgroup> q_part: array<vec4<f32>, 128>; // vec4 n is number n % 8 of row n / 8

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
  for (var start = 0u; start < params.p4; start += 4u) {
    for (var n = thread; n < 128u; n += 64u) {
      let row = min(32u * group.y + n / 4u, params.rows - 1u);
      let k = start + n % 4u;
      // Beyond the end of its rows P counts as 0, and what stands with it in Q does not matter.
      p_part[n] = select(vec4<f32>(), P[row * params.p4 + min(k, params.p4 - 1u)], k < params.p4);
      q_part[n] = Q[min(4u * start + n / 8u, params.inner - 1u) * params.q4 + min(8u * group.x + n % 8u, params.q4 - 1u)];
    }
    workgroupBarrier();
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
