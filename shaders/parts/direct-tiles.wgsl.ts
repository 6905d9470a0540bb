import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { fourRowsOf, placesInRow, placesOfRows, rowsOf, weighedRowsOf } from './register-columns.wgsl.ts';
import { type TileFamily, entryOf, rowStart } from './operand.ts';

/** Products in register tiles: every invocation reads the rows and the columns of its tile for itself. */
export const directTiles: TileFamily = {
  header: () => wgsl`
/** Where the tile of an invocation begins. */
struct Place {
  row: u32,
  column: u32,
}

fn place_of(group: vec2<u32>, local: vec2<u32>) -> Place {
  let number = group * vec2<u32>(lanes, groups) + local;
  return Place(number.y * tile_rows, number.x * 4u * tile_columns4);
}

/** The row of the product that sums i of the tile are of. */
fn row_of(place: Place, i: u32) -> u32 {
  return place.row + i;
}

/** The same in fours, where P is transposed. */
fn row4_of(place: Place, b: u32) -> u32 {
  return place.row / 4u + b;
}
`,

  NT: ({ name, P, Q }) => wgsl`
fn ${name}(place: Place) -> Tile {
  var p_at: array<u32, tile_rows>;
  @unroll for (var i = 0u; i < tile_rows; i++) {
    p_at[i] = ${rowStart(P, `min(place.row + i, ${P.rows} - 1u)`)};
  }
  ${placesOfRows(Q)}
  var sums: Tile;
  let length = ${P.stride};
  for (var k = 0u; k < length; k++) {
    ${rowsOf(Q)}
    @unroll for (var i = 0u; i < tile_rows; i++) {
      let p = ${entryOf(P, 'p_at[i]', 'k')};
      @unroll for (var g = 0u; g < tile_columns4; g++) {
        // Row vector times matrix: component c is the product with row c of these four of Q.
        sums[i][g] += p * q[g];
      }
    }
  }
  return sums;
}
`,

  NN: ({ name, P, Q }) => wgsl`
fn ${name}(place: Place) -> Tile {
  let q_stride = ${Q.stride};
  let last = ${Q.rows} - 1u;
  var p_at: array<u32, tile_rows>;
  @unroll for (var i = 0u; i < tile_rows; i++) {
    p_at[i] = ${rowStart(P, `min(place.row + i, ${P.rows} - 1u)`)};
  }
  ${placesInRow}
  var sums: Tile;
  let length = ${P.stride};
  for (var k = 0u; k < length; k++) {
    ${fourRowsOf(Q)}
    @unroll for (var i = 0u; i < tile_rows; i++) {
      let p = ${entryOf(P, 'p_at[i]', 'k')};
      @unroll for (var g = 0u; g < tile_columns4; g++) {
        // Matrix times column vector: four entries of the row of P times four rows of Q.
        sums[i][g] += q[g] * p;
      }
    }
  }
  return sums;
}
`,

  TN: ({ name, P, Q, weight }) => wgsl`
fn ${name}(place: Place, begin: u32, end: u32) -> Tile {
  let p_stride = ${P.stride};
  let q_stride = ${Q.stride};
  var p_at: array<u32, tile_rows4>;
  @unroll for (var b = 0u; b < tile_rows4; b++) {
    p_at[b] = min(place.row / 4u + b, p_stride - 1u);
  }
  ${placesInRow}
  var sums: Tile;
  // Four rows of P and Q at a time: a sum is fetched and put back once for four products.
  for (var k = begin; k < end; k += 4u) {
    ${weighedRowsOf({ P, Q, weight })}
    @unroll for (var b = 0u; b < tile_rows4; b++) {
      let p = transpose(mat4x4<f32>(${entryOf(P, 'p_rows.x', 'p_at[b]')}, ${entryOf(P, 'p_rows.y', 'p_at[b]')}, ${entryOf(P, 'p_rows.z', 'p_at[b]')}, ${entryOf(P, 'p_rows.w', 'p_at[b]')}));
      @unroll for (var c = 0u; c < 4u; c++) {
        @unroll for (var g = 0u; g < tile_columns4; g++) {
          sums[4u * b + c][g] += q[g] * p[c];
        }
      }
    }
  }
  return sums;
}
`,
};
