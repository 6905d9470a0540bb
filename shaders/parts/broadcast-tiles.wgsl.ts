import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './each.ts';
import { fourRowsOf, placesInRow, placesOfRows, rowsOf, weighedRowsOf } from './register-columns.wgsl.ts';
import { type ProductNames, type TileFamily, entryOf, rowStart } from './operand.ts';

/**
 * Products in register tiles whose rows a subgroup shares. A workgroup is one subgroup, whose invocations have the same rows and
 * other columns: each reads one of as many rows as they are, and broadcasts it, so that these cost one load.
 *
 * Where P is transposed, a load has of four of its rows as many fours as fill the subgroup, the rows of the first four first.
 */
export const broadcastTiles: TileFamily = {
  header: ({ rows, lanes }) => wgsl`
const loads = ${rows / lanes}u; // by which the invocations come to the rows
const load_fours = ${lanes / 4}u; // of rows, to a load

/** Where the tile of an invocation begins, and its number in the subgroup. */
struct Place {
  row: u32,
  column: u32,
  lane: u32,
}

fn place_of(group: vec2<u32>, local: vec2<u32>, lane: u32) -> Place {
  return Place(group.y * tile_rows, (group.x * lanes + local.x) * 4u * tile_columns4, lane);
}

/** The row of the product that sums i of the tile are of. */
fn row_of(place: Place, i: u32) -> u32 {
  return place.row + i;
}

/** The same in fours, where P is transposed. */
fn row4_of(place: Place, b: u32) -> u32 {
  return place.row / 4u + b;
}

/** What each invocation of the subgroup has. */
fn all_of(own: vec4<f32>) -> array<vec4<f32>, lanes> {
  return array<vec4<f32>, lanes>(
    ${each(lanes, (lane) => `subgroupBroadcast(own, ${lane}u),`)}
  );
}
`,

  NT: ({ name, P, Q }) => wgsl`
fn ${name}(place: Place) -> Tile {
  ${placesOfOwnRows(P)}
  ${placesOfRows(Q)}
  var sums: Tile;
  let length = ${P.stride};
  for (var k = 0u; k < length; k++) {
    ${rowsOf(Q)}
    // Row vector times matrix: component c is the product with row c of these four of Q.
    ${addRows(P, 'p[j] * q[g]')}
  }
  return sums;
}
`,

  NN: ({ name, P, Q }) => wgsl`
fn ${name}(place: Place) -> Tile {
  let q_stride = ${Q.stride};
  let last = ${Q.rows} - 1u;
  ${placesOfOwnRows(P)}
  ${placesInRow}
  var sums: Tile;
  let length = ${P.stride};
  for (var k = 0u; k < length; k++) {
    ${fourRowsOf(Q)}
    // Matrix times column vector: four entries of the row of P times four rows of Q.
    ${addRows(P, 'q[g] * p[j]')}
  }
  return sums;
}
`,

  TN: ({ name, P, Q, weight }) => wgsl`
fn ${name}(place: Place, begin: u32, end: u32) -> Tile {
  let p_stride = ${P.stride};
  let q_stride = ${Q.stride};
  ${placesOfOwnFours}
  ${placesInRow}
  var sums: Tile;
  // Four rows of P and Q at a time: a sum is fetched and put back once for four products.
  for (var k = begin; k < end; k += 4u) {
    ${weighedRowsOf({ P, Q, weight })}
    let own_row = ${rowStart(P, 'min(k + place.lane % 4u, end - 1u)', 'p_stride')};
    ${addFours(P, 'q[g] * p[c]')}
  }
  return sums;
}
`,

  TT: ({ name, P, Q }) => wgsl`
fn ${name}(place: Place) -> Tile {
  let p_stride = ${P.stride};
  let last = ${P.rows} - 1u;
  ${placesOfOwnFours}
  ${placesOfRows(Q)}
  var sums: Tile;
  let length = ${Q.stride};
  for (var k = 0u; k < length; k++) {
    ${rowsOf(Q)}
    // The last row of P again where Q has its padding, which is 0.
    let own_row = ${rowStart(P, 'min(4u * k + place.lane % 4u, last)', 'p_stride')};
    ${addFours(P, 'p[c] * q[g]')}
  }
  return sums;
}
`,
};

/** Where the rows of P begin that an invocation reads. */
const placesOfOwnRows = (P: ProductNames['P']): string => wgsl`var p_at: array<u32, loads>;
  @unroll for (var b = 0u; b < loads; b++) {
    p_at[b] = ${rowStart(P, `min(place.row + lanes * b + place.lane, ${P.rows} - 1u)`)};
  }`;

/** Adds `product` to all sums: of p[j], vec4 k of a row of P, and q[g]. */
const addRows = (
  P: ProductNames['P'],
  product: string,
): string => wgsl`@unroll for (var b = 0u; b < loads; b++) {
      let p = all_of(${entryOf(P, 'p_at[b]', 'k')});
      @unroll for (var j = 0u; j < lanes; j++) {
        @unroll for (var g = 0u; g < tile_columns4; g++) {
          sums[lanes * b + j][g] += ${product};
        }
      }
    }`;

/** Where in a row of P the fours lie that an invocation reads. */
const placesOfOwnFours = wgsl`var p_at: array<u32, loads>;
  @unroll for (var b = 0u; b < loads; b++) {
    p_at[b] = min(place.row / 4u + load_fours * b + place.lane / 4u, p_stride - 1u);
  }`;

/**
 * Adds to all sums what four rows of P give, of which an invocation reads the one at own_row: to those of entry c of a four of rows
 * of the tile `product`, where p[c] is that entry in the four rows.
 */
const addFours = (
  P: ProductNames['P'],
  product: string,
): string => wgsl`@unroll for (var b = 0u; b < loads; b++) {
      let rows = all_of(${entryOf(P, 'own_row', 'p_at[b]')});
      @unroll for (var f = 0u; f < load_fours; f++) {
        let p = transpose(mat4x4<f32>(rows[4u * f], rows[4u * f + 1u], rows[4u * f + 2u], rows[4u * f + 3u]));
        @unroll for (var c = 0u; c < 4u; c++) {
          @unroll for (var g = 0u; g < tile_columns4; g++) {
            sums[lanes * b + 4u * f + c][g] += ${product};
          }
        }
      }
    }`;
