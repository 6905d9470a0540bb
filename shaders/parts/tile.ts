/**
 * How a program lays a product of matrices over invocations: each makes a tile of `rows` × 4 · `cols4` entries in
 * registers, a workgroup has `lanes` invocations along the columns and `groups` along the rows.
 *
 * `loads`: how the operands come to the invocations, many of which need the same ones.
 * - 'direct': each reads what it needs.
 * - 'subgroup': the four invocations of a quad read the rows of the tile, each every fourth, and swap them; only in
 *   workgroups whose invocations all have the same rows (groups = 1) and make up whole quads.
 * - 'broadcast': the same of a whole subgroup, whose invocations broadcast the rows; a workgroup is one subgroup.
 * - 'workgroup': a workgroup copies the part of both operands that it needs next to workgroup memory.
 * - 'matrix-units': the same in two halves each, which subgroups multiply on matrix units.
 */
export type Tile = PlainTile | StagedTile | MatrixUnitTile;

interface TileShape {
  /** A multiple of 4; of 8 where loads = 'workgroup'; of the lanes where loads = 'broadcast'. */
  readonly rows: number;
  readonly cols4: 1 | 2;
  readonly lanes: number;
  readonly groups: number;
}

export interface PlainTile extends TileShape {
  readonly loads: 'direct' | 'subgroup' | 'broadcast';
}

/** A tile through workgroup memory. */
export interface StagedTile extends TileShape {
  readonly loads: 'workgroup';
  /** Whether the next ones are read while those at hand are multiplied. */
  readonly ahead: boolean;
}

/** The sizes of the products of halves, m × k times k × n, that a subgroup makes on matrix units. */
export interface MatrixUnit {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** A tile whose workgroup multiplies on matrix units; its sums come to the invocations by way of workgroup memory. */
export interface MatrixUnitTile extends TileShape {
  readonly loads: 'matrix-units';
  readonly unit: MatrixUnit;
}

function staged(
  rows: number,
  cols4: 1 | 2,
  { lanes, groups }: { lanes: number; groups: number },
): StagedTile {
  return { rows, cols4, lanes, groups, loads: 'workgroup', ahead: false };
}

const onMatrixUnits = (m: number, n: number, k: number): MatrixUnitTile => ({
  rows: 8,
  cols4: 1,
  lanes: 32,
  groups: 8,
  loads: 'matrix-units',
  unit: { m, n, k },
});

/** Every tile there is: those for processors from the one that reads most for what it computes to the one that reads least. */
export const tiles = {
  'direct-4x4': { rows: 4, cols4: 1, lanes: 8, groups: 8, loads: 'direct' },
  'direct-8x8': { rows: 8, cols4: 2, lanes: 8, groups: 8, loads: 'direct' },
  'direct-16x8': { rows: 16, cols4: 2, lanes: 8, groups: 1, loads: 'direct' },
  'subgroup-16x8': { rows: 16, cols4: 2, lanes: 8, groups: 1, loads: 'subgroup' },
  'subgroup-32x8': { rows: 32, cols4: 2, lanes: 4, groups: 1, loads: 'subgroup' },
  'subgroup-64x8': { rows: 64, cols4: 2, lanes: 4, groups: 1, loads: 'subgroup' },
  'broadcast-8x4': { rows: 8, cols4: 1, lanes: 8, groups: 1, loads: 'broadcast' },
  'broadcast-8x4-narrow': { rows: 8, cols4: 1, lanes: 4, groups: 1, loads: 'broadcast' },
  'broadcast-16x4': { rows: 16, cols4: 1, lanes: 8, groups: 1, loads: 'broadcast' },
  'workgroup-8x4': staged(8, 1, { lanes: 16, groups: 16 }),
  'workgroup-8x8': staged(8, 2, { lanes: 8, groups: 8 }),
  'workgroup-8x8-wide': { ...staged(8, 2, { lanes: 16, groups: 8 }), ahead: true },
  'workgroup-16x8': staged(16, 2, { lanes: 16, groups: 8 }),
  'matrix-units-8x8x8': onMatrixUnits(8, 8, 8),
  'matrix-units-8x16x16': onMatrixUnits(8, 16, 16),
  'matrix-units-16x16x16': onMatrixUnits(16, 16, 16),
} as const satisfies Record<string, Tile>;

export type TileName = keyof typeof tiles;

/** Terms of the sums that a workgroup copies at a time, in vec4s. */
export const stagedTerms4 = 4;

/**
 * How the copies lie in a workgroup's memory: vec4 number k of all rows, those of eight rows and then one unused, so that
 * invocations that read rows eight apart find them in different banks; and from one k to the next 2 more than a multiple
 * of 8, for those that write what belongs to several k.
 */
export const stagedStride = (rows: number): number => {
  const whole = (rows / 8) * 9;
  return whole + ((10 - (whole % 8)) % 8);
};

/** Bytes of workgroup memory for the copies of both operands, and what else the tile takes of it. */
export function stagedBytes(tile: Tile): number {
  const [rows, cols] = [groupRows(tile), groupCols(tile)];
  switch (tile.loads) {
    case 'workgroup':
      return 16 * stagedTerms4 * (stagedStride(rows) + stagedStride(cols));
    case 'matrix-units':
      // Halves of four bytes together, the largest of each row and column, and half of the tile's sums.
      return 4 * 4 * stagedTerms4 * (rows + cols) + 4 * (rows + cols) + (4 * rows * cols) / 2;
    default:
      return 0;
  }
}

export const invocations = ({ lanes, groups }: Tile): number => lanes * groups;

/** Whether invocations of a subgroup share the rows that they read. */
export const sharesRows = ({ loads }: Tile): boolean => loads === 'subgroup' || loads === 'broadcast';

/** Rows and columns of a product that a workgroup makes. */
export const groupRows = ({ rows, groups }: Tile): number => rows * groups;
export const groupCols = ({ cols4, lanes }: Tile): number => 4 * cols4 * lanes;

/**
 * The tile with no more rows than a product of `rows` rows needs from as many workgroups: lower, by whole loads, or, through workgroup
 * memory, in workgroups of fewer invocations. One on matrix units stays as it is.
 */
export function fittedRows(tile: Tile, rows: number): Tile {
  const workgroups = Math.ceil(rows / groupRows(tile));
  if (tile.loads === 'matrix-units') return tile;
  if (tile.loads === 'workgroup') return { ...tile, groups: Math.ceil(rows / (workgroups * tile.rows)) };
  const unit = tile.loads === 'broadcast' ? tile.lanes : 4;
  return { ...tile, rows: unit * Math.ceil(rows / (unit * workgroups * tile.groups)) };
}

/**
 * The tile in workgroups no wider than a product of `cols` columns needs, where that is at most half of what they are: tiles that are
 * read directly lie one below the other instead, quads that swap rows get half as many columns each. Others stay as they are.
 */
export function fittedCols(tile: Tile, cols: number): Tile {
  if ((tile.loads !== 'direct' && tile.loads !== 'subgroup') || cols > groupCols(tile) / 2) return tile;
  if (tile.loads === 'subgroup') {
    const lanes = 4 * Math.ceil(cols / (16 * tile.cols4));
    return { ...tile, lanes, cols4: cols <= 4 * lanes ? 1 : tile.cols4 };
  }
  const lanes = Math.ceil(cols / (4 * tile.cols4));
  return { ...tile, lanes, groups: tile.groups * Math.floor(tile.lanes / lanes) };
}
