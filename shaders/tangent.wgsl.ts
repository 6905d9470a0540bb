import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type FeatureStorage, featureArray, featureFunctions } from './parts/features.wgsl.ts';
import { tileBuiltins, tileHeader, tilePlace, tileProduct } from './parts/product.wgsl.ts';
import type { Tile } from './parts/tile.ts';
import { load } from './parts/operand.ts';
import { unrolled } from './parts/unroll.ts';

export interface TangentOptions {
  /** Add J₁ vec Δ. */
  first: boolean;
  /** Add J₂ δ. */
  second: boolean;
  /** How A and B are stored; 'f32' unless given. */
  storage?: FeatureStorage;
}

/** What the program is given, in this form and in the transposed one. */
export const tangentBindings = ({ first, second, storage = 'f32' }: TangentOptions): string => wgsl`
struct Params {
  rows: u32,
  units: u32,
  inputs4: u32, // vec4s in a row of X and of Δ
  scale1: f32,
  scale2: f32,
  accumulate: u32, // 1: add to what u holds
  first_tile: u32, // widths of a workgroup in the units that come before
  partial_tiles: u32, // and in those of a partial sum
  partial: u32, // floats of a partial sum: the rows, and where there are several zeros up to whole vec4s
}
#if ${first}
@group(0) @binding(0) var<storage, read> X: array<vec4<f32>>; // rows × inputs
@group(0) @binding(1) var<storage, read> Delta: array<vec4<f32>>; // units × inputs
@group(0) @binding(2) var<storage, read> B: ${featureArray(storage)}; // rows × units, padded with zeros
#endif
#if ${second}
@group(0) @binding(3) var<storage, read> A: ${featureArray(storage)}; // rows × units, padded with zeros
@group(0) @binding(4) var<storage, read> delta: array<vec4<f32>>; // units, padded with zeros
#endif
@group(0) @binding(5) var<storage, read_write> u: array<f32>; // partial sums × rows
@group(1) @binding(0) var<uniform> params: Params;
${featureFunctions(storage)}`;

/**
 * u_i = scale₁ Σ_r B_ir ⟨Δ_r, x_i⟩ + scale₂ Σ_r A_ir δ_r, B = φ′(Z) diag(v): the Jacobian-vector product J₁ vec Δ + J₂ δ.
 *
 * XΔᵀ is never stored: an invocation makes a tile of it in registers and adds it, weighed by B, to the sums of its
 * rows, until its workgroup is through with the units of its partial sum: all that a dispatch is for where there is one, which
 * is u. The lanes of a row meet in workgroup memory, in their order. Not for tiles whose rows quads swap: these have the
 * transposed form.
 */
export const tangentShader = (options: TangentOptions, tile: Tile): string =>
  unrolled(tangentText(options, tile));

/** The same as it is written. */
export function tangentText(options: TangentOptions, tile: Tile): string {
  const { first, second, storage = 'f32' } = options;
  const X = { buffer: 'X', rows: 'params.rows', stride: 'params.inputs4' };
  const Delta = { buffer: 'Delta', rows: 'params.units', stride: 'params.inputs4' };
  const hidden = (buffer: string) =>
    load({ buffer, rows: 'params.rows', stride: 'units4', storage }, 'hidden_row + at[g]');
  return wgsl`${tileHeader(tile)}
${tangentBindings(options)}
const group_rows = groups * tile_rows;
var<workgroup> shares: array<f32, group_rows * lanes>;

${first ? tileProduct(tile, 'NT', { name: 'inputs_to_units', P: X, Q: Delta }) : ''}
@compute @workgroup_size(lanes, groups)
fn main(${tileBuiltins(tile)}
  @builtin(num_workgroups) workgroups: vec3<u32>,
) {
  let number = group.y * workgroups.x + group.x;
  let first_row = number * group_rows;
  let last_row = params.rows - 1u;
  let units4 = (params.units + 3u) / 4u;
  var sums: array<f32, tile_rows>;
  let first_part = params.first_tile + group.z * params.partial_tiles;
  let last_part = first_part + params.partial_tiles;
  for (var part = first_part; part < last_part && part * lanes * 4u * tile_columns4 < params.units; part++) {
    let place = ${tilePlace(tile, 'vec2<u32>(part, number)')};
    // Where these units are in a row of B and of A, and whether they count: past the end the last ones come again.
    var at: array<u32, tile_columns4>;
    var counts: array<bool, tile_columns4>;
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      at[g] = min(place.column / 4u + g, units4 - 1u);
      counts[g] = place.column / 4u + g < units4;
    }
#if ${first}
    let moved = inputs_to_units(place);
    @unroll for (var i = 0u; i < tile_rows; i++) {
      let hidden_row = min(place.row + i, last_row) * units4;
      @unroll for (var g = 0u; g < tile_columns4; g++) {
        sums[i] += dot(${hidden('B')} * select(0.0, params.scale1, counts[g]), moved[i][g]);
      }
    }
#endif
#if ${second}
    var direction: array<vec4<f32>, tile_columns4>;
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      direction[g] = select(vec4<f32>(), params.scale2 * delta[at[g]], counts[g]);
    }
    @unroll for (var i = 0u; i < tile_rows; i++) {
      let hidden_row = min(place.row + i, last_row) * units4;
      @unroll for (var g = 0u; g < tile_columns4; g++) {
        sums[i] += dot(${hidden('A')}, direction[g]);
      }
    }
#endif
  }
  let own = local.y * tile_rows;
  @unroll for (var i = 0u; i < tile_rows; i++) {
    shares[(own + i) * lanes + local.x] = sums[i];
  }
  workgroupBarrier();
  for (var i = local.y * lanes + local.x; i < group_rows; i += lanes * groups) {
    var total = 0.0;
    for (var k = 0u; k < lanes; k++) {
      total += shares[i * lanes + k];
    }
    let row = first_row + i;
    if (row < params.partial) {
      let at = group.z * params.partial + row;
      total = select(0.0, total, row < params.rows);
      u[at] = select(total, u[at] + total, params.accumulate == 1u);
    }
  }
}
`;
}
