/**
 * How a program lays a product of matrices over invocations: each makes a tile of `rows` × 4 · `cols4` entries in
 * registers, a workgroup has `lanes` invocations along the columns and `groups` along the rows.
 *
 * `loads`: who reads the rows of the tile. All invocations along the columns need the same ones. 'direct': each reads
 * them for itself. 'subgroup': the first four invocations of a subgroup read them and tell the others; only in
 * workgroups whose invocations all have the same rows (groups = 1), so that it is right for subgroups of any size.
 */
export interface Tile {
  readonly rows: 4 | 8 | 16;
  readonly cols4: 1 | 2 | 4;
  readonly lanes: number;
  readonly groups: number;
  readonly loads: 'direct' | 'subgroup';
}

/** Every tile there is, from the one that suits least data to the one that reads least for what it computes. */
export const tiles = {
  'direct-4x4': { rows: 4, cols4: 1, lanes: 8, groups: 8, loads: 'direct' },
  'direct-8x8': { rows: 8, cols4: 2, lanes: 8, groups: 8, loads: 'direct' },
  'direct-16x8': { rows: 16, cols4: 2, lanes: 8, groups: 1, loads: 'direct' },
  'subgroup-8x8': { rows: 8, cols4: 2, lanes: 8, groups: 1, loads: 'subgroup' },
  'subgroup-16x8': { rows: 16, cols4: 2, lanes: 8, groups: 1, loads: 'subgroup' },
  'subgroup-16x16': { rows: 16, cols4: 4, lanes: 8, groups: 1, loads: 'subgroup' },
} as const satisfies Record<string, Tile>;

export type TileName = keyof typeof tiles;

/** Rows and columns of a product that a workgroup makes. */
export const groupRows = ({ rows, groups }: Tile): number => rows * groups;
export const groupCols = ({ cols4, lanes }: Tile): number => 4 * cols4 * lanes;
