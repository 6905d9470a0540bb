import { type Tile, type TileName, tiles } from '../shaders/parts/tile.ts';
import type { ProductUse } from '../src/programs/product-shape.ts';
import { offeredTiles, runnableTiles } from '../src/programs/tile-choice.ts';
import { everyTile } from './extent.ts';
import { gpu } from './gpu-device.ts';

/** Tiles whose programs differ in the sizes alone: how they load their operands. */
const family = (tile: Tile): string =>
  tile.loads === 'workgroup' ? `${tile.loads}, ahead: ${String(tile.ahead)}` : tile.loads;

/** The tiles that this device runs for a use, and whether each is the smallest of its family. */
function runnable(use: ProductUse): { tile: TileName; smallest: boolean }[] {
  const size = (name: TileName): number => tiles[name].rows * tiles[name].cols4;
  const names = runnableTiles(gpu, use);
  return names.map((tile) => {
    const alike = names.filter((name) => family(tiles[name]) === family(tiles[tile]));
    const least = alike.reduce((best, name) => (size(name) < size(best) ? name : best));
    return { tile, smallest: tile === least };
  });
}

/** Those that multiply what they have while they read the next: the same reads in another order. */
function readsAhead(name: TileName): boolean {
  const tile: Tile = tiles[name];
  return tile.loads === 'workgroup' && tile.ahead;
}

/**
 * The tiles to try for a use. The smallest of a family stands for it: with that one every option of a program is tried, with
 * the others its main form alone. Tiles that neither stand for a family nor are this device's to choose are tried where every
 * tile is (see extent.ts); so are a program's options with tiles that read ahead.
 */
export function tilesToTry(use: ProductUse): { tile: TileName; smallest: boolean }[] {
  if (everyTile(use)) return runnable(use);
  const offered = offeredTiles(gpu, use);
  return runnable(use)
    .filter(({ tile, smallest }) => smallest || offered.includes(tile))
    .map(({ tile, smallest }) => ({ tile, smallest: smallest && !readsAhead(tile) }));
}

/**
 * Those that stand for their families, and those that suit the kind of this device, which it may choose: for programs that
 * differ from others of the same use in what they read and store, not in their products. To read ahead changes neither, and
 * is tried where every tile is.
 */
export function tilesInUse(use: ProductUse): TileName[] {
  const offered = offeredTiles(gpu, use);
  return runnable(use)
    .filter(
      ({ tile, smallest }) => offered.includes(tile) || (smallest && (everyTile(use) || !readsAhead(tile))),
    )
    .map(({ tile }) => tile);
}
