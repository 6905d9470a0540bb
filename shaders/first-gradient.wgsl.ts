import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';
import { type FeatureStorage, featureArray, featureFunctions } from './parts/features.wgsl.ts';
import { columnProducts, tileBuiltins, tileHeader, tileTurn } from './parts/product.wgsl.ts';
import { type Tile, groupCols, groupRows, tileRow4 } from './parts/tile.ts';

/**
 * Partial sums of Bᵀ diag(e) X over slices of rows: slice s holds Σ_i B_ir e_i x_i over its rows i, for all units r.
 * diag(e) meets B in registers; the scaled B is never stored. The slices are summed in fixed order by sum-slices.
 *
 * The tile is of the transpose, Xᵀ diag(e) B: its columns, along which invocations differ, are the units, which are
 * usually many more than the inputs. It is turned as it is stored.
 */
export function firstGradientShader(tile: Tile, storage: FeatureStorage = 'f32'): string {
  const { rows, cols4, lanes, groups } = tile;
  /** Of the vec4 of inputs b, the gradient of unit 4g + c. */
  const turned = (b: number, g: number, c: number) =>
    `vec4<f32>(${[0, 1, 2, 3].map((i) => `g${4 * b + i}_${g}[${c}]`).join(', ')})`;
  return wgsl`${tileHeader(tile)}
struct Params {
  rows: u32,
  slice_rows: u32,
  units4: u32, // vec4s in a row of B
  inputs4: u32, // vec4s in a row of X
}
@group(0) @binding(0) var<storage, read> B: ${featureArray(storage)}; // rows × units
@group(0) @binding(1) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(2) var<storage, read> e: array<f32>; // rows
@group(0) @binding(3) var<storage, read_write> slices: array<vec4<f32>>; // slices × units × inputs
@group(1) @binding(0) var<uniform> params: Params;
${featureFunctions(storage)}
@compute @workgroup_size(${lanes}, ${groups})
fn main(${tileBuiltins(tile)}
) {
  let row4 = group.y * ${groupRows(tile) / 4}u + local.y * ${rows / 4}u;
  let column4 = group.x * ${groupCols(tile) / 4}u + local.x * ${cols4}u;
  ${tileTurn(tile)}
  let last_row4 = params.inputs4 - 1u;
  let last_column4 = params.units4 - 1u;
  let begin = group.z * params.slice_rows;
  let end = min(begin + params.slice_rows, params.rows);
  ${columnProducts(
    tile,
    'g',
    { buffer: 'X', stride: 'params.inputs4' },
    { buffer: 'B', stride: 'params.units4', storage },
    { begin: 'begin', end: 'end' },
    (k) => `e[${k}]`,
  )}
  let units4 = params.units4;
  let inputs4 = params.inputs4;
  let slice = group.z * 4u * units4;
  ${each(
    cols4,
    (g) => `if (column4 + ${g}u < units4) {
    let unit${g} = slice + 4u * (column4 + ${g}u);
    ${each(
      rows / 4,
      (b) => `if (row4 + ${tileRow4(tile, b)} < inputs4) {
      ${each(4, (c) => `slices[(unit${g} + ${c}u) * inputs4 + row4 + ${tileRow4(tile, b)}] = ${turned(b, g, c)};`)}
    }`,
    )}
  }`,
  )}
}
`;
}
