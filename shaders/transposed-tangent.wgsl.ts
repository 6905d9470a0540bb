import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { tileBuiltins, tileHeader, tilePlace, tileProduct } from './parts/product.wgsl.ts';
import type { Tile } from './parts/tile.ts';
import { load } from './parts/operand.ts';
import { unrolled } from './parts/unroll.ts';
import { type TangentOptions, tangentBindings } from './tangent.wgsl.ts';

export interface TransposedTangentOptions extends TangentOptions {
  /** The tile has a row for every input, padded ones included: no loop over inputs, and none to leave out. */
  whole: boolean;
}

/**
 * What tangent computes, as u_i = scale₁ ⟨(BΔ)_i, x_i⟩ + scale₂ ⟨A_i, δ⟩.
 *
 * BΔ is never stored: an invocation makes a tile of its transpose in registers, inputs × points, and multiplies it by X as
 * soon as its sums over the units are whole. The units are usually many more than the inputs, so that little is read where
 * these sums end, and every point stays in its invocation. For tiles whose workgroups have one group of rows.
 */
export const transposedTangentShader = (options: TransposedTangentOptions, tile: Tile): string =>
  unrolled(transposedTangentText(options, tile));

/** The same as it is written. */
export function transposedTangentText(options: TransposedTangentOptions, tile: Tile): string {
  const { first, second, storage = 'f32', whole } = options;
  const Delta = { buffer: 'Delta', rows: 'params.units', stride: 'params.inputs4' };
  const ofPoints = (buffer: string) => ({
    buffer,
    rows: 'params.rows',
    stride: '((params.units + 3u) / 4u)',
    storage,
  });
  return wgsl`${tileHeader(tile)}
${tangentBindings(options)}
const points = ${4 * tile.cols4}u; // of an invocation
alias Sums = array<f32, points>;

#if ${first}
${tileProduct(tile, 'TT', { name: 'inputs_by_points', P: Delta, Q: ofPoints('B') })}
/** Adds ⟨(BΔ)_i, x_i⟩ over the inputs of the tile at this place. */
fn add_inputs(place: Place, sums: ptr<function, Sums>) {
  let moved = inputs_by_points(place);
  let inputs4 = params.inputs4;
  @unroll for (var g = 0u; g < tile_columns4; g++) {
    let rows = min(place.column + 4u * g + steps, vec4<u32>(params.rows - 1u)) * inputs4;
    @unroll for (var b = 0u; b < tile_rows4; b++) {
      // Columns are points now, rows inputs.
      let turned = transpose(mat4x4<f32>(moved[4u * b][g], moved[4u * b + 1u][g], moved[4u * b + 2u][g], moved[4u * b + 3u][g]));
      let input4 = row4_of(place, b);
#if ${whole}
      @unroll for (var c = 0u; c < 4u; c++) {
        (*sums)[4u * g + c] += dot(X[rows[c] + input4], turned[c]);
      }
#else
      let counts = select(0.0, 1.0, input4 < inputs4);
      @unroll for (var c = 0u; c < 4u; c++) {
        (*sums)[4u * g + c] += counts * dot(X[rows[c] + min(input4, inputs4 - 1u)], turned[c]);
      }
#endif
    }
  }
}
#endif

@compute @workgroup_size(lanes)
fn main(${tileBuiltins(tile)}
  @builtin(num_workgroups) workgroups: vec3<u32>,
) {
  let number = group.y * workgroups.x + group.x;
  let place = ${tilePlace(tile, 'vec2<u32>(number, 0u)')};
  var sums: Sums;
#if ${first}
#if ${whole}
  add_inputs(place, &sums);
#else
  for (var part = 0u; part * tile_rows4 < params.inputs4; part++) {
    add_inputs(${tilePlace(tile, 'vec2<u32>(number, part)')}, &sums);
  }
#endif
  @unroll for (var c = 0u; c < points; c++) {
    sums[c] *= params.scale1;
  }
#endif
#if ${second}
  let units4 = (params.units + 3u) / 4u;
  var moved: Sums;
  for (var k = 0u; k < units4; k++) {
    let direction = delta[k];
    @unroll for (var c = 0u; c < points; c++) {
      moved[c] += dot(${load(ofPoints('A'), 'min(place.column + c, params.rows - 1u) * units4 + k')}, direction);
    }
  }
  @unroll for (var c = 0u; c < points; c++) {
    sums[c] += params.scale2 * moved[c];
  }
#endif
  @unroll for (var c = 0u; c < points; c++) {
    if (place.column + c < params.rows) {
      let at = place.column + c;
      u[at] = select(sums[c], u[at] + sums[c], params.accumulate == 1u);
    }
  }
}
`;
}
