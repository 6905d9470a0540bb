import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { each } from './each.ts';
import { type TileFamily, entryOf, rowStart } from './operand.ts';
import { registerTiles } from './register-tiles.wgsl.ts';

/**
 * Products in register tiles whose rows a subgroup shares. A workgroup is one subgroup, whose invocations have the same rows and
 * other columns: each reads one of as many rows as they are, and broadcasts it, so that these cost one load.
 *
 * Where P is transposed, a load brings of its four rows that are added at a time the entries of as many fours of rows of the tile as
 * fill the subgroup.
 */
export const broadcastTiles: TileFamily = {
  header: ({ rows, lanes }) => wgsl`
const loads = ${rows / lanes}u; // of an invocation, by which all of them come to the rows of the tile
const load_fours = ${lanes / 4}u; // of these that a load is of, where P is transposed

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

/** What the invocations of the subgroup have, each one's own as its number. */
fn all_of(own: vec4<f32>) -> array<vec4<f32>, lanes> {
  return array<vec4<f32>, lanes>(
    ${each(lanes, (lane) => `subgroupBroadcast(own, ${lane}u),`)}
  );
}
`,

  ...registerTiles({
    places: (P) => wgsl`var p_at: array<u32, loads>;
  @unroll for (var b = 0u; b < loads; b++) {
    p_at[b] = ${rowStart(P, `min(place.row + lanes * b + place.lane, ${P.rows} - 1u)`)};
  }`,

    add: (P, product) => wgsl`@unroll for (var b = 0u; b < loads; b++) {
      let p = all_of(${entryOf(P, 'p_at[b]', 'k')});
      @unroll for (var j = 0u; j < lanes; j++) {
        @unroll for (var g = 0u; g < tile_columns4; g++) {
          sums[lanes * b + j][g] += ${product('p[j]', 'q[g]')};
        }
      }
    }`,

    placesOfFours: wgsl`var p_at: array<u32, loads>;
  @unroll for (var b = 0u; b < loads; b++) {
    p_at[b] = min(place.row / 4u + load_fours * b + place.lane / 4u, p_stride - 1u);
  }`,

    addFours: (
      P,
      product,
      { first, last },
    ) => wgsl`let own_row = ${rowStart(P, `min(${first} + place.lane % 4u, ${last})`, 'p_stride')};
    @unroll for (var b = 0u; b < loads; b++) {
      let entries = all_of(${entryOf(P, 'own_row', 'p_at[b]')});
      @unroll for (var f = 0u; f < load_fours; f++) {
        let p = transpose(mat4x4<f32>(entries[4u * f], entries[4u * f + 1u], entries[4u * f + 2u], entries[4u * f + 3u]));
        @unroll for (var c = 0u; c < 4u; c++) {
          @unroll for (var g = 0u; g < tile_columns4; g++) {
            sums[lanes * b + 4u * f + c][g] += ${product('p[c]', 'q[g]')};
          }
        }
      }
    }`,
  }),
};
