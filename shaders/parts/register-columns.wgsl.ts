import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type Operand, type ProductNames, entryOf, rowStarts } from './operand.ts';

/**
 * What register tiles have of Q: `q[g]`, a matrix for each four columns of the tile, and before it `q_at[g]`, where in Q that
 * is. Direct tiles and tiles of quads differ in how they come by P, and read Q alike.
 */

/** Where the rows of Q begin that are columns of the tile: Q is transposed. */
export const placesOfRows = (Q: Operand): string => wgsl`var q_at: array<vec4<u32>, tile_columns4>;
  @unroll for (var g = 0u; g < tile_columns4; g++) {
    q_at[g] = ${rowStarts(Q, `min(place.column + 4u * g + steps, vec4<u32>(${Q.rows} - 1u))`)};
  }`;

/** vec4 k of those rows, a column of the matrix each. */
export const rowsOf = (Q: Operand): string => wgsl`var q: array<mat4x4<f32>, tile_columns4>;
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      q[g] = mat4x4<f32>(${entryOf(Q, 'q_at[g].x', 'k')}, ${entryOf(Q, 'q_at[g].y', 'k')}, ${entryOf(Q, 'q_at[g].z', 'k')}, ${entryOf(Q, 'q_at[g].w', 'k')});
    }`;

/** Where in a row of Q the columns of the tile are. */
export const placesInRow = wgsl`var q_at: array<u32, tile_columns4>;
  @unroll for (var g = 0u; g < tile_columns4; g++) {
    q_at[g] = min(place.column / 4u + g, q_stride - 1u);
  }`;

/** Rows 4k … 4k + 3 of Q there. */
export const fourRowsOf = (
  Q: Operand,
): string => wgsl`// The last row of Q again where P has its padding, which is 0.
    let q_rows = ${rowStarts(Q, 'min(4u * k + steps, vec4<u32>(last))', 'q_stride')};
    var q: array<mat4x4<f32>, tile_columns4>;
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      q[g] = mat4x4<f32>(${entryOf(Q, 'q_rows.x', 'q_at[g]')}, ${entryOf(Q, 'q_rows.y', 'q_at[g]')}, ${entryOf(Q, 'q_rows.z', 'q_at[g]')}, ${entryOf(Q, 'q_rows.w', 'q_at[g]')});
    }`;

/** Rows k … k + 3 of Q there, each times its weight, which is 0 from `end` on; and where these rows of P begin. */
export const weighedRowsOf = ({
  P,
  Q,
  weight,
}: Pick<ProductNames, 'P' | 'Q' | 'weight'>): string => wgsl`let rows = min(k + steps, vec4<u32>(end - 1u));
    let given = ${weight ? `vec4<f32>(${weight('rows.x')}, ${weight('rows.y')}, ${weight('rows.z')}, ${weight('rows.w')})` : 'vec4<f32>(1.0)'};
    let weights = select(vec4<f32>(), given, k + steps < vec4<u32>(end));
    let p_rows = ${rowStarts(P, 'rows', 'p_stride')};
    let q_rows = ${rowStarts(Q, 'rows', 'q_stride')};
    var q: array<mat4x4<f32>, tile_columns4>;
    @unroll for (var g = 0u; g < tile_columns4; g++) {
      q[g] = mat4x4<f32>(${entryOf(Q, 'q_rows.x', 'q_at[g]')} * weights.x, ${entryOf(Q, 'q_rows.y', 'q_at[g]')} * weights.y, ${entryOf(Q, 'q_rows.z', 'q_at[g]')} * weights.z, ${entryOf(Q, 'q_rows.w', 'q_at[g]')} * weights.w);
    }`;
