import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { featureSums } from './parts/feature-sums.wgsl.ts';
import { type FeatureStorage, featureArray, featureFunctions } from './parts/features.wgsl.ts';
import { type Patches, patchArray, patchFunctions, patchOperand, positionsOf } from './parts/patches.wgsl.ts';
import { residuals as residualsOf } from './parts/residuals.wgsl.ts';
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
  /** Whether Aᵀe is made beside it, of features A of as many units; where rows are weighed, and no patches. */
  second?: boolean;
  /** Rows of a slice for which e is made here, of the forward program's outputs, and not read; where rows are weighed, and no patches. */
  residuals?: number | undefined;
}

/** Buffers that it binds where it makes e. */
export const firstGradientBuffers = (second: boolean): number => (second ? 9 : 7);

/**
 * Partial sums of Bᵀ diag(e) X: number s holds Σ_i B_ir e_i x_i over its rows i, for all units r, added to what it held
 * where asked. Sums are of slices of rows, and a workgroup adds those of its partial sum one after the other to where they
 * stand: what is rounded grows with the rows of a slice and the number of slices, and a tile needs no second set of
 * registers. diag(e) meets B in registers; the scaled B is never stored. A partial sum without rows is 0.
 *
 * Without weights, partial sums of the rows of one point hold Σ_p B_ipr x_ip: its row of the Jacobian, all units of it. With
 * `patches`, their padded columns are 0.
 *
 * With `second`, one row of workgroups more makes Aᵀe, the gradient of the layer above, in partial sums of the same rows.
 *
 * With `residuals`, every workgroup makes e of its rows as sum-outputs does, slice by slice, and the first of each partial sum
 * stores it, and f.
 *
 * The tile is of the transpose, Xᵀ diag(e) B: its columns, along which invocations differ, are the units, which are
 * usually many more than the inputs. It is turned as it is stored.
 */
export const firstGradientShader = (tile: Tile, options: FirstGradientOptions = {}): string =>
  unrolled(firstGradientText(tile, options));

/** The same as it is written. */
export function firstGradientText(
  tile: Tile,
  { storage = 'f32', patches, weighed = true, second = false, residuals }: FirstGradientOptions = {},
): string {
  if ((second || residuals !== undefined) && (patches || !weighed)) {
    throw new RangeError(
      'Only of weighed rows without patches is e made, and the gradient of the layer above.',
    );
  }
  const X = patches
    ? patchOperand('X', 'params.rows', 'params.inputs4')
    : { buffer: 'X', rows: 'params.rows', stride: 'params.inputs4' };
  const point = (row: string) => (patches ? `${row} / ${positionsOf(patches)}u` : row);
  const made = (row: string) => `residuals[(${row}) % ${residuals}u]`;
  const read = (row: string) => `e[${point(row)}]`;
  const weight = residuals !== undefined ? made : weighed ? read : undefined;
  const makeResiduals = (keep: string) =>
    residuals === undefined ? '' : `\n    make_residuals(begin, local.y * lanes + local.x, ${keep});`;
  const ofOutputs = residuals === undefined ? '' : '\n  parts: u32, // of the outputs\n  scale: f32,';
  const meeting = tile.loads === 'workgroup' ? 'staged_q' : 'meeting';
  // The first vec4s of units are those of the first workgroup.
  const sums = {
    storage,
    groups: tile.groups,
    meeting,
    weight,
    prepare: makeResiduals('column4 < lanes * tile_columns4'),
  };
  const B = { buffer: 'B', rows: 'params.rows', stride: 'params.units4', storage };
  return wgsl`${tileHeader(tile)}
struct Params {
  rows: u32,
  slice_rows: u32,
  partial_rows: u32, // rows of a partial sum, whole slices
  units4: u32, // vec4s in a row of B
  inputs4: u32, // vec4s in a row of X
  accumulate: u32, // 1: add to what the partial sums hold${ofOutputs}
}
@group(0) @binding(0) var<storage, read> B: ${featureArray(storage)}; // rows × units
@group(0) @binding(1) var<storage, read> X: ${patchArray(patches)}; // rows × inputs
#if ${residuals !== undefined}
@group(0) @binding(2) var<storage, read_write> e: array<vec4<f32>>; // rows
@group(0) @binding(6) var<storage, read> outputs: array<vec4<f32>>; // parts × rows
@group(0) @binding(7) var<storage, read> y: array<vec4<f32>>; // rows
@group(0) @binding(8) var<storage, read_write> f: array<vec4<f32>>; // rows
#elif ${weighed}
@group(0) @binding(2) var<storage, read> e: array<f32>; // ${patches ? 'points' : 'rows'}
#endif
@group(0) @binding(3) var<storage, read_write> partials: array<vec4<f32>>; // partial sums × units × inputs
#if ${second}
@group(0) @binding(4) var<storage, read> A: ${featureArray(storage)}; // rows × units
@group(0) @binding(5) var<storage, read_write> feature_partials: array<vec4<f32>>; // partial sums × units
#endif
@group(1) @binding(0) var<uniform> params: Params;
${featureFunctions(storage)}${patches ? patchFunctions(patches, 'X') : ''}
${tileProduct(tile, 'TN', { name: 'inputs_by_units', P: X, Q: B, weight })}
/** Adds the sums of a slice to partial sum \`number\`, or begins it anew. */
fn add(sums: ptr<function, Tile>, place: Place, number: u32, anew: bool) {
  let units4 = params.units4;
  let inputs4 = params.inputs4;
  let partial = number * 4u * units4;
  for (var g = 0u; g < tile_columns4; g++) {
    let unit4 = place.column / 4u + g;
    for (var b = 0u; b < tile_rows4; b++) {
      let input4 = row4_of(place, b);
      if (unit4 < units4 && input4 < inputs4) {
        // Columns are units now, rows inputs.
        let turned = transpose(mat4x4<f32>((*sums)[4u * b][g], (*sums)[4u * b + 1u][g], (*sums)[4u * b + 2u][g], (*sums)[4u * b + 3u][g]));
        let at = (partial + 4u * unit4) * inputs4 + input4;
        @unroll for (var c = 0u; c < 4u; c++) {
          let entry = at + c * inputs4;
          partials[entry] = select(partials[entry] + turned[c], turned[c], anew);
        }
      }
    }
  }
}
${residuals === undefined ? '' : residualsOf(residuals)}${second ? featureSums(sums) : ''}
#if ${second && tile.groups > 1 && tile.loads !== 'workgroup'}
var<workgroup> meeting: array<vec4<f32>, lanes * groups * tile_columns4>;
#endif

@compute @workgroup_size(lanes, groups)
fn main(${tileBuiltins(tile)}
  @builtin(num_workgroups) workgroups: vec3<u32>,
) {
  let place = ${tilePlace(tile)};
  let first = group.z * params.partial_rows;
  let last = min(first + params.partial_rows, params.rows);
#if ${second}
  if (group.y == workgroups.y - 1u) {
    add_features(place.column / 4u, local.xy, group.z, first, last);
    return;
  }
#endif
  var begin = first;
  loop {${makeResiduals(second ? 'false' : 'group.x + group.y == 0u')}
    var sums = inputs_by_units(place, begin, min(begin + params.slice_rows, last));
    add(&sums, place, group.z, begin == first && params.accumulate == 0u);
    begin += params.slice_rows;
    if (begin >= last) {
      break;
    }
  }
}
`;
}
