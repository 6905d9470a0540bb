import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type TileFamily, entryOf, rowStart } from './operand.ts';
import { registerTiles } from './register-tiles.wgsl.ts';

/**
 * Products in register tiles whose rows quads share. The four invocations of a quad have the same rows and other columns:
 * each reads every fourth of the rows and swaps it with its neighbours, so that four rows cost one load.
 *
 * A swap costs a processor less than a broadcast, so each invocation has the four rows in an order of its own: as number
 * j comes row j ^ turn, where `turn` is its number in the quad. `row_of` puts them right where a row is stored.
 *
 * Where P is transposed, it is read in fours of rows, and quads swap these: four fours at a time. Of a four that is left
 * over its invocations read a row of P each, and broadcast it.
 */
export const quadTiles: TileFamily = {
  header: ({ rows }) => wgsl`
const swapped_fours = ${Math.floor(rows / 16)}u; // of fours of rows
const left_fours = ${(rows / 4) % 4}u;

/** Where the tile of an invocation begins, and its number in the quad. */
struct Place {
  row: u32,
  column: u32,
  turn: u32,
}

fn place_of(group: vec2<u32>, local: vec2<u32>, lane: u32) -> Place {
  return Place(group.y * tile_rows, (group.x * lanes + local.x) * 4u * tile_columns4, lane % 4u);
}

/** The row of the product that sums i of the tile are of. */
fn row_of(place: Place, i: u32) -> u32 {
  return place.row + (i ^ place.turn);
}

/** The same in fours, where P is transposed. */
fn row4_of(place: Place, b: u32) -> u32 {
  return place.row / 4u + select(b, b ^ place.turn, b < 4u * swapped_fours);
}

/** What the four invocations of a quad have: first one's own, as number j that of the invocation turn ^ j. */
fn quad_of(own: vec4<f32>) -> array<vec4<f32>, 4> {
  return array<vec4<f32>, 4>(own, quadSwapX(own), quadSwapY(own), quadSwapDiagonal(own));
}
`,

  ...registerTiles({
    places: (P) => wgsl`var p_at: array<u32, tile_rows4>;
  @unroll for (var b = 0u; b < tile_rows4; b++) {
    p_at[b] = ${rowStart(P, `min(place.row + 4u * b + place.turn, ${P.rows} - 1u)`)};
  }`,

    add: (P, product) => wgsl`@unroll for (var b = 0u; b < tile_rows4; b++) {
      let p = quad_of(${entryOf(P, 'p_at[b]', 'k')});
      @unroll for (var j = 0u; j < 4u; j++) {
        @unroll for (var g = 0u; g < tile_columns4; g++) {
          sums[4u * b + j][g] += ${product('p[j]', 'q[g]')};
        }
      }
    }`,

    // Of every four fours that are swapped an invocation has its own; those that are left over all of them read.
    placesOfFours: wgsl`var p_at: array<u32, swapped_fours + left_fours>;
  @unroll for (var f = 0u; f < swapped_fours; f++) {
    p_at[f] = min(place.row / 4u + 4u * f + place.turn, p_stride - 1u);
  }
  @unroll for (var f = 0u; f < left_fours; f++) {
    p_at[swapped_fours + f] = min(place.row / 4u + 4u * swapped_fours + f, p_stride - 1u);
  }`,

    addFours: (
      P,
      product,
      { first, last },
    ) => wgsl`let own_row = ${rowStart(P, `min(${first} + place.turn, ${last})`, 'p_stride')};
    @unroll for (var f = 0u; f < swapped_fours; f++) {
      let x = quad_of(${entryOf(P, 'p_rows.x', 'p_at[f]')});
      let y = quad_of(${entryOf(P, 'p_rows.y', 'p_at[f]')});
      let z = quad_of(${entryOf(P, 'p_rows.z', 'p_at[f]')});
      let w = quad_of(${entryOf(P, 'p_rows.w', 'p_at[f]')});
      @unroll for (var j = 0u; j < 4u; j++) {
        let p = transpose(mat4x4<f32>(x[j], y[j], z[j], w[j]));
        @unroll for (var c = 0u; c < 4u; c++) {
          @unroll for (var g = 0u; g < tile_columns4; g++) {
            sums[16u * f + 4u * j + c][g] += ${product('p[c]', 'q[g]')};
          }
        }
      }
    }
    @unroll for (var f = 0u; f < left_fours; f++) {
      let own = ${entryOf(P, 'own_row', 'p_at[swapped_fours + f]')};
      let p = transpose(mat4x4<f32>(quadBroadcast(own, 0u), quadBroadcast(own, 1u), quadBroadcast(own, 2u), quadBroadcast(own, 3u)));
      @unroll for (var c = 0u; c < 4u; c++) {
        @unroll for (var g = 0u; g < tile_columns4; g++) {
          sums[16u * swapped_fours + 4u * f + c][g] += ${product('p[c]', 'q[g]')};
        }
      }
    }`,
  }),
};
