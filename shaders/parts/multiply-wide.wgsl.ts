import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/** `multiply_wide(a, b)`: the product of two words in 64 bits, which WGSL has no integers of. */
export const multiplyWide = wgsl`
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
`;
