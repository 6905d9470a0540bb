import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { tileBuiltins, tileHeader, tilePlace, tileProduct } from './parts/product.wgsl.ts';
import type { Tile } from './parts/tile.ts';
import { unrolled } from './parts/unroll.ts';

/** Which operands are transposed: P Q, P Qᵀ or Pᵀ Q. */
export type ProductForm = 'NN' | 'NT' | 'TN';

/** C = P Q, P Qᵀ or Pᵀ Q. */
export const matrixProductShader = (form: ProductForm, tile: Tile): string =>
  unrolled(matrixProductText(form, tile));

/** The same as it is written. */
export function matrixProductText(form: ProductForm, tile: Tile): string {
  const transposed = form === 'TN';
  const P = { buffer: 'P', rows: transposed ? 'params.inner' : 'params.rows', stride: 'params.p4' };
  const Q = { buffer: 'Q', rows: form === 'NT' ? 'params.cols' : 'params.inner', stride: 'params.q4' };
  return wgsl`${tileHeader(tile)}
struct Params {
  rows: u32, // of C
  cols: u32,
  inner: u32, // terms of a sum
  p4: u32, // vec4s in a row of P, of Q and of C
  q4: u32,
  c4: u32,
}
@group(0) @binding(0) var<storage, read> P: array<vec4<f32>>; // padded with zeros, as Q is
@group(0) @binding(1) var<storage, read> Q: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> C: array<vec4<f32>>;
@group(1) @binding(0) var<uniform> params: Params;

${tileProduct(tile, form, { name: 'product', P, Q })}
@compute @workgroup_size(lanes, groups)
fn main(${tileBuiltins(tile)}
) {
  let place = ${tilePlace(tile)};
  var c = product(place${transposed ? ', 0u, params.inner' : ''});
  for (var i = 0u; i < tile_rows; i++) {
    let row = ${transposed ? '4u * row4_of(place, i / 4u) + i % 4u' : 'row_of(place, i)'};
    for (var g = 0u; g < tile_columns4; g++) {
      let column = place.column + 4u * g;
      if (row < params.rows && column / 4u < params.c4) {
        C[row * params.c4 + column / 4u] = select(vec4<f32>(), c[i][g], column + steps < vec4<u32>(params.cols));
      }
    }
  }
}
`;
}
