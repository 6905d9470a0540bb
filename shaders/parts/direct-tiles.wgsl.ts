import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type TileFamily, entryOf, rowStart } from './operand.ts';
import { registerTiles } from './register-tiles.wgsl.ts';

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

  ...registerTiles({
    places: (P) => wgsl`var p_at: array<u32, tile_rows>;
  @unroll for (var i = 0u; i < tile_rows; i++) {
    p_at[i] = ${rowStart(P, `min(place.row + i, ${P.rows} - 1u)`)};
  }`,

    add: (P, product) => wgsl`@unroll for (var i = 0u; i < tile_rows; i++) {
      let p = ${entryOf(P, 'p_at[i]', 'k')};
      @unroll for (var g = 0u; g < tile_columns4; g++) {
        sums[i][g] += ${product('p', 'q[g]')};
      }
    }`,

    placesOfFours: wgsl`var p_at: array<u32, tile_rows4>;
  @unroll for (var b = 0u; b < tile_rows4; b++) {
    p_at[b] = min(place.row / 4u + b, p_stride - 1u);
  }`,

    addFours: (P, product) => wgsl`@unroll for (var b = 0u; b < tile_rows4; b++) {
      let p = transpose(mat4x4<f32>(${entryOf(P, 'p_rows.x', 'p_at[b]')}, ${entryOf(P, 'p_rows.y', 'p_at[b]')}, ${entryOf(P, 'p_rows.z', 'p_at[b]')}, ${entryOf(P, 'p_rows.w', 'p_at[b]')}));
      @unroll for (var c = 0u; c < 4u; c++) {
        @unroll for (var g = 0u; g < tile_columns4; g++) {
          sums[4u * b + c][g] += ${product('p[c]', 'q[g]')};
        }
      }
    }`,
  }),
};
