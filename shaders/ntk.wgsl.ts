import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';

export interface NtkOptions {
  /** Add weight₁ · Θ₁. */
  first: boolean;
  /** Add weight₂ · Θ₂. */
  second: boolean;
}

/** An invocation makes a 4 × 4 tile of the kernel. */
export const ntkTile = { rows: 4, cols: 4, workgroup: [8, 8] } as const;

/**
 * weight₁ Θ₁ + weight₂ Θ₂ between two blocks of points, entry by entry:
 *
 *     Θ₁ = (D diag(v ṽ) D̃ᵀ/m) ⊙ (X X̃ᵀ/d)      Θ₂ = A Ãᵀ/m
 *
 * Both factors of Θ₁ are accumulated in the same invocation and meet in registers: no n × n intermediate exists.
 */
export function ntkShader({ first, second }: NtkOptions): string {
  const [x, y] = ntkTile.workgroup;
  /** Row i of the tile of P Q̃ᵀ as a vec4 over its 4 columns, accumulated over the vec4s of a row. */
  const product = (name: string, left: (i: number) => string, right: (j: number) => string) => wgsl`
    let ${name}_right = mat4x4<f32>(${[0, 1, 2, 3].map(right).join(', ')});
    ${each(ntkTile.rows, (i) => `${name}${i} += ${left(i)} * ${name}_right;`)}`;
  return wgsl`
struct Params {
  rows: u32,
  cols: u32,
  units4: u32, // vec4s in a row of D and of A
  inputs4: u32, // vec4s in a row of X
  stride4: u32, // vec4s in a row of the kernel
  column4: u32, // where this block's columns begin in it, in vec4s
  weight1: f32, // over m d
  weight2: f32, // over m
}
#if ${first}
@group(0) @binding(0) var<storage, read> D: array<vec4<f32>>; // rows × units
@group(0) @binding(1) var<storage, read> D_other: array<vec4<f32>>; // cols × units
@group(0) @binding(2) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(3) var<storage, read> X_other: array<vec4<f32>>; // cols × inputs
@group(0) @binding(4) var<storage, read> vv: array<vec4<f32>>; // v_r ṽ_r, units
#endif
#if ${second}
@group(0) @binding(5) var<storage, read> A: array<vec4<f32>>; // rows × units
@group(0) @binding(6) var<storage, read> A_other: array<vec4<f32>>; // cols × units
#endif
@group(0) @binding(7) var<storage, read_write> kernel: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(${x}, ${y})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = ${ntkTile.cols}u * id.x;
  let row = ${ntkTile.rows}u * id.y;
  if (column >= params.cols || row >= params.rows) {
    return;
  }
  let last_row = params.rows - 1u;
  let last_col = params.cols - 1u;
  ${each(4, (i) => `let row${i} = min(row + ${i}u, last_row);`)}
  ${each(4, (j) => `let col${j} = min(column + ${j}u, last_col);`)}
  ${each(4, (i) => `var theta${i} = vec4<f32>();`)}
#if ${first}
  ${each(4, (i) => `var slopes${i} = vec4<f32>();`)}
  for (var k = 0u; k < params.units4; k++) {
    let weights = vv[k];
    ${product(
      'slopes',
      (i) => `(D[row${i} * params.units4 + k] * weights)`,
      (j) => `D_other[col${j} * params.units4 + k]`,
    )}
  }
  ${each(4, (i) => `var inputs${i} = vec4<f32>();`)}
  for (var k = 0u; k < params.inputs4; k++) {
    ${product(
      'inputs',
      (i) => `X[row${i} * params.inputs4 + k]`,
      (j) => `X_other[col${j} * params.inputs4 + k]`,
    )}
  }
  ${each(4, (i) => `theta${i} = params.weight1 * (slopes${i} * inputs${i});`)}
#endif
#if ${second}
  ${each(4, (i) => `var values${i} = vec4<f32>();`)}
  for (var k = 0u; k < params.units4; k++) {
    ${product(
      'values',
      (i) => `A[row${i} * params.units4 + k]`,
      (j) => `A_other[col${j} * params.units4 + k]`,
    )}
  }
  ${each(4, (i) => `theta${i} += params.weight2 * values${i};`)}
#endif
  let inside = vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.cols);
  let at = row * params.stride4 + params.column4 + id.x;
  ${each(
    4,
    (i) =>
      `if (row + ${i}u < params.rows) { kernel[at + ${i}u * params.stride4] = select(vec4<f32>(), theta${i}, inside); }`,
  )}
}
`;
}
