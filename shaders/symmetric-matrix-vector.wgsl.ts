import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';

/** Rows of a strip, an invocation's: it stores a number for as many that it reads. Twice as many compile for two to three times as long. */
export const stripRows = 8;
export const symmetricWorkgroup = 8;

/**
 * Mc of a symmetric M, of which nothing above the diagonal is read but in the squares on it: slice s, of strip s of the rows, holds
 *
 *     its columns before the strip    Σ_i M_ij c_i over the rows i of the strip
 *     the strip's own                 Σ_j M_ij c_j over j up to the strip's last
 *     those behind it                 0
 *
 * so that Mc is the sum of the slices. Every entry that is read serves two sums: on a processor, where a load costs more than
 * the rest, a product takes two thirds of the time.
 */
export function symmetricMatrixVectorShader(): string {
  const own4 = stripRows / 4;
  const dot = (i: number): string => `(sum${i}.x + sum${i}.y) + (sum${i}.z + sum${i}.w)`;
  return wgsl`
struct Params {
  rows: u32, // of the block
  first4: u32, // vec4s of a row before the block's diagonal begins
  stride4: u32, // vec4s in a row of M
}
@group(0) @binding(0) var<storage, read> M: array<vec4<f32>>; // rows × rows of the matrix, padded with zeros
@group(0) @binding(1) var<storage, read> c: array<vec4<f32>>; // padded with zeros
@group(0) @binding(2) var<storage, read_write> slices: array<vec4<f32>>; // strips × rows of the matrix
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${symmetricWorkgroup})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let strips = (params.rows + ${stripRows - 1}u) / ${stripRows}u;
  let index = id.y * groups.x * ${symmetricWorkgroup}u + id.x;
  if (index >= strips) {
    return;
  }
  let strip = strips - 1u - index; // those with most to do begin
  let row = strip * ${stripRows}u;
  let end = params.rows - row;
  let stride4 = params.stride4;
  let own = params.first4 + row / 4u; // the vec4 of a row in which the strip's own columns begin
  let out = strip * stride4;
  ${each(stripRows, (i) => `let start${i} = (row + min(${i}u, end - 1u)) * stride4;`)}
  ${each(own4, (b) => `let own${b} = c[min(own + ${b}u, stride4 - 1u)];`)}
  // Of rows that are none the last stands in, times 0.
  ${each(stripRows, (i) => `let c${i} = select(0.0, own${Math.floor(i / 4)}[${i % 4}], ${i}u < end);`)}
  ${each(stripRows, (i) => `var sum${i} = vec4<f32>();`)}
  for (var k = 0u; k < own; k++) {
    let c_k = c[k];
    ${each(stripRows, (i) => `let m${i} = M[start${i} + k]; sum${i} += m${i} * c_k;`)}
    slices[out + k] = ${Array.from({ length: stripRows }, (_, i) => `c${i} * m${i}`).join(' + ')};
  }
  for (var k = own; k < min(own + ${own4}u, stride4); k++) {
    let c_k = c[k];
    ${each(stripRows, (i) => `sum${i} += M[start${i} + k] * c_k;`)}
  }
  ${each(own4, (b) => {
    const entries = [0, 1, 2, 3].map((j) => `select(0.0, ${dot(4 * b + j)}, ${4 * b + j}u < end)`);
    return `if (own + ${b}u < stride4) { slices[out + own + ${b}u] = vec4<f32>(${entries.join(', ')}); }`;
  })}
  for (var k = own + ${own4}u; k < stride4; k++) {
    slices[out + k] = vec4<f32>();
  }
}
`;
}
