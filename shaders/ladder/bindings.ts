/**
 * What every rung is given, C = P Q. Rows are stored in whole vec4s: what is past the end of one is 0, and C is stored
 * so, too.
 */
export const ladderBindings = (element: 'f32' | 'vec4<f32>'): string => `struct Params {
  rows: u32, // of P and C
  cols: u32, // of Q and C
  inner: u32, // columns of P, rows of Q: the terms of a sum
  p4: u32, // vec4s in a row of P, of Q and of C
  q4: u32,
  c4: u32,
}
@group(0) @binding(0) var<storage, read> P: array<${element}>;
@group(0) @binding(1) var<storage, read> Q: array<${element}>;
@group(0) @binding(2) var<storage, read_write> C: array<${element}>;
@group(1) @binding(0) var<uniform> params: Params;
`;
