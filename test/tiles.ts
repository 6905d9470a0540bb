import { type Tile, type TileName, tiles } from '../shaders/parts/tile.ts';
import { type ProductUse, offeredTiles, runnableTiles } from '../src/programs/tile-choice.ts';
import { gpu } from './gpu-device.ts';

/** Tiles whose programs differ in the sizes alone: how they load their operands. */
const family = (tile: Tile): string =>
  tile.loads === 'workgroup' ? `${tile.loads}, ahead: ${String(tile.ahead)}` : tile.loads;

/**
 * The tiles that this device runs for a use. The smallest of a family stands for it: with that one every option of a program
 * is tried, with the others its main form alone. Programs of large tiles take seconds to compile on a processor.
 */
export function tilesToTry(use: ProductUse): { tile: TileName; smallest: boolean }[] {
  const size = (name: TileName): number => tiles[name].rows * tiles[name].cols4;
  const names = runnableTiles(gpu, use);
  return names.map((tile) => {
    const alike = names.filter((name) => family(tiles[name]) === family(tiles[tile]));
    const least = alike.reduce((best, name) => (size(name) < size(best) ? name : best));
    return { tile, smallest: tile === least };
  });
}

/**
 * Those that stand for their families, and those that suit the kind of this device, which it may choose: for programs that
 * differ from others of the same use in what they read and store, not in their products.
 */
export function tilesInUse(use: ProductUse): TileName[] {
  const offered = offeredTiles(gpu, use);
  return tilesToTry(use)
    .filter(({ tile, smallest }) => smallest || offered.includes(tile))
    .map(({ tile }) => tile);
}
