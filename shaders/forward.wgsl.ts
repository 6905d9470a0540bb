import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import type { Activation } from '../src/math/activation-names.ts';
import { activation } from './parts/activations.wgsl.ts';
import { pairActivation } from './parts/pair.wgsl.ts';
import { type FeatureStorage, featureArray, featureFunctions, stored } from './parts/features.wgsl.ts';
import { type Patches, patchArray, patchFunctions, patchOperand, positionsOf } from './parts/patches.wgsl.ts';
import { tileBuiltins, tileHeader, tilePlace, tileProduct } from './parts/product.wgsl.ts';
import type { Tile } from './parts/tile.ts';
import { unrolled } from './parts/unroll.ts';

export interface ForwardOptions {
  activation: Activation;
  /** Whether A = φ(Z) is stored. */
  phi: boolean;
  /** Whether B = φ′(Z) diag(v) is stored. */
  slopes: boolean;
  /** Whether A v is made, in parts; for rows that are points. */
  outputs?: boolean;
  /** How both are stored; 'f32' unless given. */
  storage?: FeatureStorage;
  /** Whether W and v are given in pairs; see below. */
  pairs?: boolean;
  /** Whether v is in B; true unless given. Without it B = φ′(Z), as the layers below a readout keep it. */
  readout?: boolean;
  /**
   * What a row of X is, where it is not a row: a convolution's. Then v has an entry for each position and unit, and is not
   * given in pairs.
   */
  patches?: Patches | undefined;
}

/**
 * Z = X Wᵀ · scale, A = φ(Z), B = φ′(Z) diag(v); Z itself is never stored. B_ir x_i is, but for scales, the derivative of
 * output i by row r of W: with v in it, nothing that is made of the Jacobian needs v.
 *
 * Rows past the end are not stored; units past the end are stored as 0, the padding of A and B.
 *
 * With `outputs`, A v is made in parts of so many units as outputParts says: part p of row i stands at p · (rows, padded) + i.
 * Who wants no gradient of v then needs no A.
 *
 * With `patches`, X is the patches of H: rows are of a point and a position p, and x_ip holds H_i[p + t] of every tap t. They
 * are gathered as they are read.
 *
 * With `pairs`, rows 2p and 2p + 1 of W are mean and half-difference of the rows of two units, and so are entries 2p and
 * 2p + 1 of v. Columns 2p and 2p + 1 of A are then the sum and the difference of both units' φ, the latter without
 * cancellation, so that f√m = A v is as exact as v and W are; those of B are φ′ times v of one unit and of the other.
 */
export const forwardShader = (options: ForwardOptions, tile: Tile): string =>
  unrolled(forwardText(options, tile));

/** The same as it is written. */
export function forwardText(options: ForwardOptions, tile: Tile): string {
  const { activation: of, phi, slopes, storage = 'f32', patches } = options;
  const { pairs = false, outputs = false, readout = true } = options;
  if (pairs && patches) throw new RangeError('Units of convolutions are not given in pairs.');
  if (outputs && patches) throw new RangeError('Outputs are made of rows that are points, not positions.');
  const X = patches
    ? patchOperand('X', 'params.rows', 'params.inputs4')
    : { buffer: 'X', rows: 'params.rows', stride: 'params.inputs4' };
  const W = { buffer: 'W', rows: 'params.units', stride: 'params.inputs4' };
  const weighed = slopes && readout;
  const values = phi || outputs;
  const slopesOf = (values: string) => stored(storage, `factors * ${values}`);
  return wgsl`${tileHeader(tile)}
struct Params {
  rows: u32,
  units: u32,
  inputs4: u32, // vec4s in a row of X and of W
  scale: f32,
}
@group(0) @binding(0) var<storage, read> X: ${patchArray(patches)}; // rows × inputs
@group(0) @binding(1) var<storage, read> W: array<vec4<f32>>; // units × inputs
#if ${phi}
@group(0) @binding(2) var<storage, read_write> A: ${featureArray(storage)}; // rows × units
#endif
#if ${slopes}
@group(0) @binding(3) var<storage, read_write> B: ${featureArray(storage)}; // rows × units
#endif
#if ${weighed || outputs}
@group(0) @binding(4) var<storage, read> v: array<vec4<f32>>; // ${patches ? 'positions × ' : ''}units
#endif
#if ${outputs}
@group(0) @binding(5) var<storage, read_write> outputs: array<${tile.loads === 'workgroup' ? 'vec4<f32>' : 'f32'}>; // parts × rows
#endif
@group(1) @binding(0) var<uniform> params: Params;

${pairs ? pairActivation(of) : activation(of)}${featureFunctions(storage)}${patches ? patchFunctions(patches, 'X') : ''}

/**
 * Stores what belongs to four units of a row; returns their φ. \`present\`: 1, or 0 of padding; \`factors\`: what slopes are multiplied
 * with, 0 of padding. There z is 0, too, so that the products are: a product is cheaper than a choice.
 */
fn store(at: u32, z: vec4<f32>, factors: vec4<f32>, present: vec4<f32>) -> vec4<f32> {
#if ${pairs}
  let p = array(phi_pair(z.x, z.y), phi_pair(z.z, z.w));
  let values = vec4<f32>(p[0].xy, p[1].xy);
#if ${slopes}
  B[at] = ${slopesOf('vec4<f32>(p[0].zw, p[1].zw)')};
#endif
#elif ${values && slopes}
  let p = array(phi_both(z.x), phi_both(z.y), phi_both(z.z), phi_both(z.w));
  let values = vec4<f32>(p[0].x, p[1].x, p[2].x, p[3].x);
  B[at] = ${slopesOf('vec4<f32>(p[0].y, p[1].y, p[2].y, p[3].y)')};
#elif ${values}
  let values = vec4<f32>(phi(z.x), phi(z.y), phi(z.z), phi(z.w));
#else
  let values = vec4<f32>();
  let slopes = vec4<f32>(phi_prime(z.x), phi_prime(z.y), phi_prime(z.z), phi_prime(z.w));
  B[at] = ${slopesOf('slopes')};
#endif
#if ${phi}
  A[at] = ${stored(storage, 'present * values')};
#endif
  return values;
}
#if ${outputs}
${tile.loads === 'workgroup' ? meetingOutputs : ownOutputs}
#endif

${tileProduct(tile, 'NT', { name: 'inputs_to_units', P: X, Q: W })}
@compute @workgroup_size(lanes, groups)
fn main(${tileBuiltins(tile)}
) {
  let place = ${tilePlace(tile)};
  // Loops, since activations are long: unrolled, they would be most of the program and of its compilation.
  var z = inputs_to_units(place);
  let rows = params.rows;
  let units = params.units;
  let units4 = (units + 3u) / 4u;
  let column4 = place.column / 4u;
#if ${outputs}
  var sums: array<f32, tile_rows>;
#endif
  for (var g = 0u; g < tile_columns4; g++) {
    let unit = place.column + 4u * g;
    let unit4 = column4 + g;
    let present = select(vec4<f32>(), vec4<f32>(1.0), unit + steps < vec4<u32>(units));
    let scales = params.scale * present;
#if ${(weighed && !patches) || outputs}
    let v4 = v[min(unit4, units4 - 1u)];
#endif
#if ${weighed && !patches}
    let factors = present * ${pairs ? 'vec4<f32>(v4.x + v4.y, v4.x - v4.y, v4.z + v4.w, v4.z - v4.w)' : 'v4'};
#elif ${!weighed}
    let factors = present;
#endif
    for (var i = 0u; i < tile_rows; i++) {
      let row = row_of(place, i);
      if ((row < rows) & (unit < units)) {
#if ${weighed && patches !== undefined}
        let factors = present * v[${patches ? `row % ${positionsOf(patches)}u` : ''} * units4 + unit4];
#endif
#if ${outputs}
        let values = store(row * units4 + unit4, z[i][g] * scales, factors, present);
        sums[i] += dot(values, v4);
#else
        store(row * units4 + unit4, z[i][g] * scales, factors, present);
#endif
      }
    }
  }
#if ${outputs}
  store_outputs(place, &sums);
#endif
}
`;
}

/** Every invocation has a part of its own. */
const ownOutputs = wgsl`
fn store_outputs(place: Place, sums: ptr<function, array<f32, tile_rows>>) {
  let stride = (params.rows + 3u) / 4u * 4u;
  let part = place.column / (4u * tile_columns4);
  for (var i = 0u; i < tile_rows; i++) {
    let row = row_of(place, i);
    if (row < params.rows && place.column < params.units) {
      outputs[part * stride + row] = (*sums)[i];
    }
  }
}
`;

/** The invocations of a row meet where the product's copies were. */
const meetingOutputs = wgsl`
fn store_outputs(place: Place, sums: ptr<function, array<f32, tile_rows>>) {
  for (var b = 0u; b < tile_rows4; b++) {
    let four = vec4<f32>((*sums)[4u * b], (*sums)[4u * b + 1u], (*sums)[4u * b + 2u], (*sums)[4u * b + 3u]);
    staged_p[(place.local.y * tile_rows4 + b) * lanes + place.local.x] = four;
  }
  workgroupBarrier();
  let stride4 = (params.rows + 3u) / 4u;
  let part = place.group_column / (lanes * 4u * tile_columns4);
  for (var b = place.local.y * lanes + place.local.x; b < groups * tile_rows4; b += lanes * groups) {
    var sum = staged_p[b * lanes];
    for (var lane = 1u; lane < lanes; lane++) {
      sum += staged_p[b * lanes + lane];
    }
    let row4 = place.group_row / 4u + b;
    if (row4 < stride4) {
      outputs[part * stride4 + row4] = sum;
    }
  }
}
`;

/** Units of a part of the outputs. */
const partUnits = ({ loads, lanes, cols4 }: Tile): number => 4 * cols4 * (loads === 'workgroup' ? lanes : 1);

/** Parts in which the outputs of a hidden layer of so many units are made. */
export const outputParts = (tile: Tile, units: number): number => Math.ceil(units / partUnits(tile));
