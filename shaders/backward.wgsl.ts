import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type Patches, patchFunctions, patchOperand } from './parts/patches.wgsl.ts';
import { tileBuiltins, tileHeader, tilePlace, tileProduct } from './parts/product.wgsl.ts';
import type { Tile } from './parts/tile.ts';
import { unrolled } from './parts/unroll.ts';

export interface BackwardOptions {
  /** Whether the product is multiplied by what is in D, entry by entry; else it is stored there. */
  slopes: boolean;
  /** Of a convolution: the windows through which its layer reads, with `channels` the units of that layer. */
  patches?: Patches | undefined;
}

/**
 * D = (B W) · scale ⊙ D, where B holds the derivatives by what enters a layer's units: with D = φ′(Z) of the layer below
 * before, it holds those by what enters that one's units after.
 *
 * Of a convolution, position p gathers Σ_t B[p − t] W_t, where W_t is what tap t has of W: one product of the patches of B,
 * whose windows are mirrored, with W. No two positions write to one place.
 *
 * Columns past the end are stored as 0 where W, and D before, have 0 there.
 */
export const backwardShader = (options: BackwardOptions, tile: Tile): string =>
  unrolled(backwardText(options, tile));

/** The same as it is written. */
export function backwardText({ slopes, patches }: BackwardOptions, tile: Tile): string {
  const B = patches
    ? patchOperand('B', 'params.rows', 'params.terms4')
    : { buffer: 'B', rows: 'params.rows', stride: 'params.terms4' };
  const W = patches
    ? {
        buffer: 'W',
        rows: '4u * params.terms4',
        stride: 'params.inputs4',
        entry: (row: string, k: string) => `weight(${row}, ${k})`,
      }
    : { buffer: 'W', rows: 'params.units', stride: 'params.inputs4' };
  return wgsl`${tileHeader(tile)}
struct Params {
  rows: u32,
  units: u32, // rows of W
  terms4: u32, // vec4s in a row of B, or in a patch of it
  inputs4: u32, // vec4s in a row of D
  w4: u32, // vec4s in a row of W
  scale: f32,
}
@group(0) @binding(0) var<storage, read> B: array<vec4<f32>>; // rows × units
@group(0) @binding(1) var<storage, read> W: array<vec4<f32>>; // units × ${patches ? 'taps · ' : ''}inputs
@group(0) @binding(2) var<storage, read_write> D: array<vec4<f32>>; // rows × inputs
@group(1) @binding(0) var<uniform> params: Params;
${
  patches
    ? wgsl`${patchFunctions(patches, 'B', true)}
/** What entry \`term\` of a patch of B is multiplied by: of the row of its unit, the four inputs number k of its tap. */
fn weight(term: u32, k: u32) -> vec4<f32> {
  let unit = min(term % ${4 * Math.ceil(patches.channels / 4)}u, params.units - 1u);
  return W[unit * params.w4 + term / ${4 * Math.ceil(patches.channels / 4)}u * params.inputs4 + k];
}
`
    : ''
}
${tileProduct(tile, 'NN', { name: 'units_to_inputs', P: B, Q: W })}
@compute @workgroup_size(lanes, groups)
fn main(${tileBuiltins(tile)}
) {
  let place = ${tilePlace(tile)};
  var sums = units_to_inputs(place);
  for (var i = 0u; i < tile_rows; i++) {
    let row = row_of(place, i);
    for (var g = 0u; g < tile_columns4; g++) {
      let column4 = place.column / 4u + g;
      if (row < params.rows && column4 < params.inputs4) {
        let at = row * params.inputs4 + column4;
        D[at] = params.scale * sums[i][g]${slopes ? ' * D[at]' : ''};
      }
    }
  }
}
`;
}
