import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './parts/each.ts';
import { tileBuiltins, tileHeader, tileTurn, transposedProducts } from './parts/product.wgsl.ts';
import { type Tile, groupCols, load, tileRow4 } from './parts/tile.ts';
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
export function transposedTangentShader(options: TransposedTangentOptions, tile: Tile): string {
  const { first, second, storage = 'f32', accumulate = false, whole } = options;
  const { rows, cols4, lanes } = tile;
  const points = 4 * cols4;
  const Delta = { buffer: 'Delta', stride: 'inputs4' };
  const [A, B] = ['A', 'B'].map((buffer) => ({ buffer, stride: 'units4', storage }));
  const sums = { length: 'units4', last: 'params.units - 1u' };
  /** Of point c, vec4 b of the tile. */
  const entries = (b: number, c: number) =>
    `vec4<f32>(${[0, 1, 2, 3].map((i) => `s${4 * b + i}_${c >> 2}[${c & 3}]`).join(', ')})`;
  return wgsl`${tileHeader(tile)}
${tangentBindings(options)}
@compute @workgroup_size(${lanes})
fn main(${tileBuiltins(tile)}
  @builtin(num_workgroups) workgroups: vec3<u32>,
) {
  let column = (group.y * workgroups.x + group.x) * ${groupCols(tile)}u + local.x * ${points}u;
  let last_column = params.rows - 1u;
  let units4 = (params.units + 3u) / 4u;
  ${each(points, (c) => `let point${c} = min(column + ${c}u, last_column);`)}
  ${each(points, (c) => `var sum${c} = 0.0;`)}
#if ${first}
  ${tileTurn(tile)}
  let inputs4 = params.inputs4;
  let last_row4 = inputs4 - 1u;
#if ${whole}
  let row4 = 0u;
  ${transposedProducts(tile, 's', Delta, B, sums)}
  ${each(points, (c) => each(rows / 4, (b) => `sum${c} += dot(X[point${c} * inputs4 + ${tileRow4(tile, b)}], ${entries(b, c)});`))}
#else
  for (var row4 = 0u; row4 < inputs4; row4 += ${rows / 4}u) {
    ${transposedProducts(tile, 's', Delta, B, sums)}
    ${each(rows / 4, (b) => `let input${b} = row4 + ${tileRow4(tile, b)};`)}
    ${each(rows / 4, (b) => `let counts${b} = select(0.0, 1.0, input${b} <= last_row4);`)}
    ${each(points, (c) => each(rows / 4, (b) => `sum${c} += counts${b} * dot(X[point${c} * inputs4 + min(input${b}, last_row4)], ${entries(b, c)});`))}
  }
#endif
  ${each(points, (c) => `sum${c} *= params.scale1;`)}
#endif
#if ${second}
  ${each(points, (c) => `var moved${c} = 0.0;`)}
  for (var k = 0u; k < units4; k++) {
    let direction = delta[k];
    ${each(points, (c) => `moved${c} += dot(${load(A, `point${c} * units4 + k`)}, direction);`)}
  }
  ${each(points, (c) => `sum${c} += params.scale2 * moved${c};`)}
#endif
  ${each(points, (c) => `if (column + ${c}u < params.rows) { u[column + ${c}u] = ${accumulate ? `u[column + ${c}u] + ` : ''}sum${c}; }`)}
}
`;
}
