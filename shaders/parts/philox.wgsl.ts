import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { multiplyWide } from './multiply-wide.wgsl.ts';

/**
 * `philox(counter, key)`: Philox 4×32-10 (Salmon, Moraes, Dror, Shaw, SC11): 128 random bits for each 128-bit counter
 * under a 64-bit key. The same bits as src/math/philox.ts.
 */
export const philox = wgsl`${multiplyWide}
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
