import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Entries } from '../../src/math/random.ts';
import { log } from './log.wgsl.ts';
import { sinCosTurn } from './sin-cos.wgsl.ts';

/**
 * `entries(words)`: four random numbers from four random words: N(0, 1), uniform on [−√3, √3], or ±1. The float64 twin is
 * src/math/random.ts, from the same integers.
 */
export function randomEntries(kind: Entries): string {
  switch (kind) {
    case 'normal':
      return wgsl`${log}${sinCosTurn}
// A word as a number in (0, 1): its 24 leading significant bits, so that float32 holds it exactly and the tail reaches
// 2^-32; never 0, never 1.
fn open_unit(word: u32) -> f32 {
  let w = word | 1u;
  let kept = w & (0xffffffffu << (max(8u, countLeadingZeros(w)) - countLeadingZeros(w)));
  return f32(kept) * 2.3283064365386963e-10; // 2^-32
}

// Box and Muller: sqrt(-2 log u) (cos, sin)(2 pi v) are two independent normals; |normal| < 6.7.
fn normal_pair(a: u32, b: u32) -> vec2<f32> {
  let radius = sqrt(-2.0 * log_unit(open_unit(a)));
  return radius * sin_cos_turn(b >> 8u).yx;
}

fn entries(words: vec4<u32>) -> vec4<f32> {
  return vec4(normal_pair(words.x, words.y), normal_pair(words.z, words.w));
}
`;
    case 'uniform':
      return wgsl`
// Odd multiples of 2^-24 in (-1, 1), times sqrt(3).
fn entries(words: vec4<u32>) -> vec4<f32> {
  let odd = bitcast<vec4<i32>>(((words >> vec4(8u)) << vec4(1u)) + vec4(1u)) - vec4(0x1000000);
  return vec4<f32>(odd) * 1.0323827e-7; // sqrt(3) 2^-24
}
`;
    case 'sign':
      return wgsl`
fn entries(words: vec4<u32>) -> vec4<f32> {
  return select(vec4(1.0), vec4(-1.0), (words >> vec4(31u)) == vec4(1u));
}
`;
  }
}
