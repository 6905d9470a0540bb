import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/**
 * `philox(counter, key)`: Philox 4×32-10 (Salmon, Moraes, Dror, Shaw, SC11): 128 random bits for each 128-bit counter
 * under a 64-bit key. The same bits as src/math/philox.ts.
 */
export const philox = wgsl`
// (low, high) words of the 64-bit product, from 16-bit halves.
fn multiply_wide(a: u32, b: u32) -> vec2<u32> {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let middle = a1 * b0 + ((a0 * b0) >> 16u); // at most (2^16 - 1) 2^16: does not wrap
  let carry = a0 * b1 + (middle & 0xffffu);
  return vec2(a * b, a1 * b1 + (middle >> 16u) + (carry >> 16u));
}

fn philox(counter: vec4<u32>, key: vec2<u32>) -> vec4<u32> {
  var c = counter;
  var k = key;
  for (var round = 0u; round < 10u; round++) {
    let even = multiply_wide(0xd2511f53u, c.x);
    let odd = multiply_wide(0xcd9e8d57u, c.z);
    c = vec4(odd.y ^ c.y ^ k.x, odd.x, even.y ^ c.w ^ k.y, even.x);
    k += vec2(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}
`;
