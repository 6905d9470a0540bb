import {
  type Tile,
  type TileName,
  fittedRows,
  groupCols,
  groupRows,
  stagedBytes,
  tiles,
} from '../../shaders/parts/tile.ts';
import type { Gpu } from '../gpu/device.ts';

export { type Tile, fittedRows };

/** Programs whose products are laid out by a tile; curvature takes forward's. */
export const productUses = ['forward', 'tangent', 'first-gradient', 'ntk', 'matrix-product'] as const;
export type ProductUse = (typeof productUses)[number];

/** A product of rows × cols entries, each a sum of `inner` terms. */
export interface ProductShape {
  rows: number;
  cols: number;
  inner: number;
}

/** Shapes that want the same tile: by the length of a sum, and by how many entries there are to share out. */
export const shapeClasses = ['short', 'medium', 'long'].flatMap((sums) =>
  ['few', 'some', 'many'].map((entries) => `${sums} sums, ${entries} entries`),
);

export function shapeClass({ rows, cols, inner }: ProductShape): string {
  const sums = inner <= 32 ? 'short' : inner <= 256 ? 'medium' : 'long';
  const entries = rows * cols <= 2 ** 14 ? 'few' : rows * cols <= 2 ** 20 ? 'some' : 'many';
  return `${sums} sums, ${entries} entries`;
}

/** The tile measured to be fastest for a use and a class of shapes: see src/tuning. */
export interface TileChoice {
  use: ProductUse;
  shapes: string;
  tile: TileName;
}

const measured = new WeakMap<Gpu, readonly TileChoice[]>();

/** Lets these choices go before the heuristic on this device, in place of earlier ones. */
export function preferTiles(gpu: Gpu, choices: readonly TileChoice[]): void {
  measured.set(gpu, choices);
}

export const preferredTiles = (gpu: Gpu): readonly TileChoice[] => measured.get(gpu) ?? [];

/** Tiles that take seconds to compile in ntk, whose two products or three are each made once. */
const notForKernels: readonly TileName[] = ['subgroup-64x8'];

/** Names of the tiles that this device can run for a use; each gives the same numbers within the same bound. */
export function offeredTiles({ device: { features, limits } }: Gpu, use: ProductUse): TileName[] {
  return (Object.keys(tiles) as TileName[]).filter((name) => {
    const { lanes, groups, loads } = tiles[name];
    return (
      !(use === 'ntk' && notForKernels.includes(name)) &&
      (loads !== 'subgroup' || features.has('subgroups')) &&
      lanes * groups <= limits.maxComputeInvocationsPerWorkgroup &&
      // Beside the copies, tangent keeps the sums of its rows.
      stagedBytes(tiles[name]) + 4 * groupRows(tiles[name]) * lanes <= limits.maxComputeWorkgroupStorageSize
    );
  });
}

/** The tile for a product on this device: the measured choice where there is one that it offers, else the heuristic's. */
export function chosenTile(gpu: Gpu, use: ProductUse, shape: ProductShape): Tile {
  const shapes = shapeClass(shape);
  const choice = preferredTiles(gpu).find((known) => known.use === use && known.shapes === shapes)?.tile;
  return choice && offeredTiles(gpu, use).includes(choice)
    ? tiles[choice]
    : tiles[heuristicTile(gpu, use, shape)];
}

/**
 * The tile that a processor takes from so many multiply-adds on, where it earns the tenths of a second more that it takes
 * to compile: less where a product is made again at every step.
 */
const onProcessors: Record<ProductUse, { from: number; tile: TileName }> = {
  forward: { from: 2 ** 24, tile: 'subgroup-64x8' },
  tangent: { from: 2 ** 24, tile: 'subgroup-64x8' },
  'first-gradient': { from: 2 ** 21, tile: 'subgroup-64x8' }, // of a slice of many
  ntk: { from: 2 ** 27, tile: 'subgroup-32x8' },
  'matrix-product': { from: 2 ** 28, tile: 'subgroup-32x8' },
};

/**
 * Where the shaders run on the CPU, an access to memory costs as much as several multiply-adds, and large tiles make the
 * fewest. GPUs want many invocations first, and large tiles where there is work enough for them.
 */
export function heuristicTile(
  { device, adapter }: Gpu,
  use: ProductUse,
  { rows, cols, inner }: ProductShape,
): TileName {
  if (!adapter.software) return rows * cols <= 2 ** 20 ? 'direct-4x4' : 'workgroup-8x8';
  if (!device.features.has('subgroups')) return 'direct-16x8';
  const { from, tile } = onProcessors[use];
  return rows * cols * inner >= from ? tile : 'subgroup-16x8';
}

/** Workgroups along the columns and the rows of a product. */
export const tileWorkgroups = (tile: Tile, rows: number, cols: number): [x: number, y: number] => [
  Math.ceil(cols / groupCols(tile)),
  Math.ceil(rows / groupRows(tile)),
];
