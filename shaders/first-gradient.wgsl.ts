import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type FeatureStorage, featureArray, featureFunctions } from './parts/features.wgsl.ts';
import { type Patches, patchArray, patchFunctions, patchOperand, positionsOf } from './parts/patches.wgsl.ts';
import { tileBuiltins, tileHeader, tilePlace, tileProduct } from './parts/product.wgsl.ts';
import type { Tile } from './parts/tile.ts';
import { unrolled } from './parts/unroll.ts';

export interface FirstGradientOptions {
  /** How B is stored; 'f32' unless given. */
  storage?: FeatureStorage;
  /** What a row of X is, where it is not a row: a convolution's. Then e has an entry for each point, not for each row. */
  patches?: Patches | undefined;
  /** Whether rows are weighed by e; true unless given. */
  weighed?: boolean;
}

/**
 * Partial sums of Bᵀ diag(e) X over slices of rows: slice s holds Σ_i B_ir e_i x_i over its rows i, for all units r.
 * diag(e) meets B in registers; the scaled B is never stored. The slices are summed in fixed order by sum-slices.
 *
 * Without weights, slices of the rows of one point hold Σ_p B_ipr x_ip: its row of the Jacobian, all units of it. With
 * `patches`, their padded columns are 0.
 *
 * The tile is of the transpose, Xᵀ diag(e) B: its columns, along which invocations differ, are the units, which are
 * usually many more than the inputs. It is turned as it is stored.
 */
export const firstGradientShader = (tile: Tile, options: FirstGradientOptions = {}): string =>
  unrolled(firstGradientText(tile, options));

/** The same as it is written. */
export function firstGradientText(
  tile: Tile,
  { storage = 'f32', patches, weighed = true }: FirstGradientOptions = {},
): string {
  const X = patches
    ? patchOperand('X', 'params.rows', 'params.inputs4')
    : { buffer: 'X', rows: 'params.rows', stride: 'params.inputs4' };
  const point = (row: string) => (patches ? `${row} / ${positionsOf(patches)}u` : row);
  const weight = weighed ? (row: string) => `e[${point(row)}]` : undefined;
  const B = { buffer: 'B', rows: 'params.rows', stride: 'params.units4', storage };
  return wgsl`${tileHeader(tile)}
struct Params {
  rows: u32,
  slice_rows: u32,
  units4: u32, // vec4s in a row of B
  inputs4: u32, // vec4s in a row of X
}
@group(0) @binding(0) var<storage, read> B: ${featureArray(storage)}; // rows × units
@group(0) @binding(1) var<storage, read> X: ${patchArray(patches)}; // rows × inputs
#if ${weighed}
@group(0) @binding(2) var<storage, read> e: array<f32>; // ${patches ? 'points' : 'rows'}
#endif
@group(0) @binding(3) var<storage, read_write> slices: array<vec4<f32>>; // slices × units × inputs
@group(1) @binding(0) var<uniform> params: Params;
${featureFunctions(storage)}${patches ? patchFunctions(patches, 'X') : ''}
${tileProduct(tile, 'TN', { name: 'inputs_by_units', P: X, Q: B, weight })}
@compute @workgroup_size(lanes, groups)
fn main(${tileBuiltins(tile)}
) {
  let place = ${tilePlace(tile)};
  let begin = group.z * params.slice_rows;
  let end = min(begin + params.slice_rows, params.rows);
  var sums = inputs_by_units(place, begin, end);
  let units4 = params.units4;
  let inputs4 = params.inputs4;
  let slice = group.z * 4u * units4;
  for (var g = 0u; g < tile_columns4; g++) {
    let unit4 = place.column / 4u + g;
    for (var b = 0u; b < tile_rows4; b++) {
      let input4 = row4_of(place, b);
      if (unit4 < units4 && input4 < inputs4) {
        // Columns are units now, rows inputs.
        let turned = transpose(mat4x4<f32>(sums[4u * b][g], sums[4u * b + 1u][g], sums[4u * b + 2u][g], sums[4u * b + 3u][g]));
        let at = (slice + 4u * unit4) * inputs4 + input4;
        slices[at] = turned[0];
        slices[at + inputs4] = turned[1];
        slices[at + 2u * inputs4] = turned[2];
        slices[at + 3u * inputs4] = turned[3];
      }
    }
  }
}
`;
}
