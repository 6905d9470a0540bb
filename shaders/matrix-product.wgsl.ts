import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import {
  columnProducts,
  products,
  rowProducts,
  tileBuiltins,
  tileHeader,
  tileTurn,
} from './parts/product.wgsl.ts';
import { type Tile, eachTileEntry, groupCols, groupRows, tileRow, tileRow4 } from './parts/tile.ts';

/** Which operands are transposed: P Q, P Qᵀ or Pᵀ Q. */
export type ProductForm = 'NN' | 'NT' | 'TN';

/** C = P Q, P Qᵀ or Pᵀ Q. */
export function matrixProductShader(form: ProductForm, tile: Tile): string {
  const P = { buffer: 'P', stride: 'params.p4' };
  const Q = { buffer: 'Q', stride: 'params.q4' };
  const rowOf = (i: number): string =>
    form === 'TN' ? `4u * ${tileRow4(tile, i >> 2)} + ${i % 4}u` : tileRow(tile, `${i}u`);
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

@compute @workgroup_size(${tile.lanes}, ${tile.groups})
fn main(${tileBuiltins(tile)}
) {
  let row = group.y * ${groupRows(tile)}u + local.y * ${tile.rows}u;
  let column = group.x * ${groupCols(tile)}u + local.x * ${4 * tile.cols4}u;
  let column4 = column / 4u;
  ${tileTurn(tile)}
#if ${form === 'NT'}
  let last_row = params.rows - 1u;
  let last_column = params.cols - 1u;
  ${rowProducts(tile, 'c', P, Q, 'params.p4')}
#elif ${form === 'NN'}
  let last_row = params.rows - 1u;
  let last_column4 = params.q4 - 1u;
  ${products(tile, 'c', P, Q, { length: 'params.p4', last: 'params.inner - 1u' })}
#else
  let row4 = row / 4u;
  let last_row4 = params.p4 - 1u;
  let last_column4 = params.q4 - 1u;
  ${columnProducts(tile, 'c', P, Q, { begin: '0u', end: 'params.inner' }, () => '1.0')}
#endif
  ${eachTileEntry(
    tile,
    (i, g) => `if (row + ${rowOf(i)} < params.rows && column4 + ${g}u < params.c4) {
    let inside = vec4<u32>(column + ${4 * g}u) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.cols);
    C[(row + ${rowOf(i)}) * params.c4 + column4 + ${g}u] = select(vec4<f32>(), c${i}_${g}, inside);
  }`,
  )}
}
`;
}
