import { type Tile, type TileName, groupCols, groupRows, tiles } from '../../shaders/parts/tile.ts';
import type { Gpu } from '../gpu/device.ts';

/** Names of the tiles that this device can run; each gives the same numbers within the same bound. */
export function offeredTiles({ device: { features, limits } }: Gpu): TileName[] {
  return (Object.keys(tiles) as TileName[]).filter((name) => {
    const { lanes, groups, loads } = tiles[name];
    return (
      (loads === 'direct' || features.has('subgroups')) &&
      lanes * groups <= limits.maxComputeInvocationsPerWorkgroup
    );
  });
}

/**
 * The tile for products on this adapter. Where the shaders run on the CPU, an access to memory costs as much as several
 * multiply-adds, and large tiles make the fewest; GPUs want more invocations, each with fewer registers.
 */
export function chosenTile({ device, adapter }: Gpu): Tile {
  if (!adapter.software) return tiles['direct-8x8'];
  return device.features.has('subgroups') ? tiles['subgroup-16x8'] : tiles['direct-16x8'];
}

/** Workgroups along the columns and the rows of a product. */
export const tileWorkgroups = (tile: Tile, rows: number, cols: number): [x: number, y: number] => [
  Math.ceil(cols / groupCols(tile)),
  Math.ceil(rows / groupRows(tile)),
];
