import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { type Operand, type StagedForm, type TileProducts, entryOf, rowStart } from './operand.ts';
import { type Tile, groupCols, groupRows, stagedTerms4 } from './tile.ts';

/** Where the tiles of a workgroup and of its invocations begin. */
export const stagedPlaces = wgsl`
/** Where the tiles of a workgroup and of an invocation begin, and the invocation's number. */
struct Place {
  group_row: u32,
  group_column: u32,
  row: u32,
  column: u32,
  local: vec2<u32>,
}

fn place_of(group: vec2<u32>, local: vec2<u32>) -> Place {
  let row = group.y * groups * tile_rows;
  let column = group.x * lanes * 4u * tile_columns4;
  return Place(row, column, row + local.y * tile_rows, column + local.x * 4u * tile_columns4, local);
}

/** The row of the product that sums i of the tile are of. */
fn row_of(place: Place, i: u32) -> u32 {
  return place.row + i;
}

/** The same in fours, where P is transposed. */
fn row4_of(place: Place, b: u32) -> u32 {
  return place.row / 4u + b;
}
`;

/**
 * How a workgroup copies the next part of an operand, vec4 by vec4, its invocations beside each other; each line for the vec4
 * number n of all. A part is 4 · stagedTerms4 terms of the sums; what lies past the end is copied as 0.
 */
export interface Copy {
  operand: 'p' | 'q';
  /** Whether a vec4 is of four terms of one row of the tile (or column), or of one term of four. */
  of: 'terms' | 'entries';
  /** vec4s in a part. */
  count: number;
  /** Where `of` is 'entries': vec4s of one term. */
  width: number;
  /** WGSL of where in the operand it lies, as far as that is the same in every part. */
  at: string;
  /** WGSL of what is copied of the part that begins at `start`, where `at` is that. */
  value: string;
}

/** Of `count` rows vec4s start … start + part − 1. */
function copyOfRows(operand: 'p' | 'q', along: 'row' | 'column', count: number, of: Operand): Copy {
  return {
    operand,
    of: 'terms',
    count: count * stagedTerms4,
    width: 0,
    at: rowStart(of, `min(place.group_${along} + n / part, ${of.rows} - 1u)`),
    value: `select(vec4<f32>(), ${entryOf(of, 'at', 'min(start + n % part, end - 1u)')}, start + n % part < end)`,
  };
}

/** Of the rows start … start + 4 · part − 1, which end at `end`, `width` vec4s, as many as a workgroup has. */
function copyOfColumns(
  operand: 'p' | 'q',
  along: 'row' | 'column',
  width: number,
  of: Operand,
  { start, end, weight }: { start: string; end: string; weight?: ((k: string) => string) | undefined },
): Copy {
  const row = `${start} + n / ${width}u`;
  const last = `min(${row}, ${end} - 1u)`;
  const weighed = weight ? ` * ${weight(last)}` : '';
  return {
    operand,
    of: 'entries',
    count: 4 * stagedTerms4 * width,
    width,
    at: `min(place.group_${along} / 4u + n % ${width}u, ${of.stride} - 1u)`,
    value: `select(vec4<f32>(), ${entryOf(of, rowStart(of, last), 'at')}${weighed}, ${row} < ${end})`,
  };
}

/**
 * The functions of a family, whose sums `sumsOf` writes: from the copies of P and Q, from `begin` to `end`, `step` to a part.
 */
export const stagedProducts = <T extends Tile>(
  sumsOf: (tile: T, form: StagedForm, copies: readonly [Copy, Copy], step: number) => string,
): TileProducts<T, StagedForm> => ({
  NT: ({ name, P, Q }, tile) => wgsl`
fn ${name}(place: Place) -> Tile {
  let begin = 0u;
  let end = ${P.stride};
  ${sumsOf(
    tile,
    'NT',
    [copyOfRows('p', 'row', groupRows(tile), P), copyOfRows('q', 'column', groupCols(tile), Q)],
    stagedTerms4,
  )}
  return sums;
}
`,

  NN: ({ name, P, Q }, tile) => wgsl`
fn ${name}(place: Place) -> Tile {
  let begin = 0u;
  let end = ${P.stride};
  let q_end = ${Q.rows};
  ${sumsOf(
    tile,
    'NN',
    [
      copyOfRows('p', 'row', groupRows(tile), P),
      copyOfColumns('q', 'column', groupCols(tile) / 4, Q, { start: '4u * start', end: 'q_end' }),
    ],
    stagedTerms4,
  )}
  return sums;
}
`,

  TN: ({ name, P, Q, weight }, tile) => wgsl`
fn ${name}(place: Place, begin: u32, end: u32) -> Tile {
  ${sumsOf(
    tile,
    'TN',
    [
      copyOfColumns('p', 'row', groupRows(tile) / 4, P, { start: 'start', end: 'end' }),
      copyOfColumns('q', 'column', groupCols(tile) / 4, Q, { start: 'start', end: 'end', weight }),
    ],
    4 * stagedTerms4,
  )}
  return sums;
}
`,
});
