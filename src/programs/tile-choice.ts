import {
  type Tile,
  type TileName,
  fittedCols,
  fittedRows,
  groupCols,
  groupRows,
  sharesRows,
  stagedBytes,
  tiles,
} from '../../shaders/parts/tile.ts';
import { roundings } from '../../shaders/parts/roundings.ts';
import { requireFinite, shown } from '../gpu/arguments.ts';
import { type AdapterDescription, type Gpu, requireGpu } from '../gpu/device.ts';
import { admittedUnits, hasMatrixUnit } from './matrix-units.ts';
import {
  type ProductShape,
  type ProductUse,
  type TileChoice,
  productUses,
  shapeClass,
  shapeClasses,
} from './product-shape.ts';

export { type Tile, fittedCols, fittedRows };

const measured = new WeakMap<Gpu, readonly TileChoice[]>();

/**
 * Lets these choices go before the heuristic on this device, in place of earlier ones.
 * @throws TypeError where the first is no Gpu; RangeError where a choice is for no use or class of shapes, or of no tile.
 */
export function preferTiles(gpu: Gpu, choices: readonly TileChoice[]): void {
  requireGpu(gpu);
  for (const { use, shapes, tile } of choices) {
    requireOneOf('The use of a tile', use, productUses);
    requireOneOf('The class of shapes', shapes, shapeClasses);
    requireOneOf('The tile', tile, Object.keys(tiles));
  }
  measured.set(gpu, choices);
}

export const preferredTiles = (gpu: Gpu): readonly TileChoice[] => measured.get(gpu) ?? [];

/** Tiles that take seconds to compile in ntk, whose two products or three are each made once. */
const notForKernels: readonly TileName[] = ['subgroup-64x8'];

/** Programs whose sums may be made on matrix units: those that are products and little else. */
const onMatrixUnits: readonly ProductUse[] = ['ntk', 'matrix-product'];

/** Names of the tiles that this device can run for a use; each gives the same numbers within the same bound. */
export function runnableTiles({ device }: Gpu, use: ProductUse): TileName[] {
  const { features, limits, adapterInfo } = device;
  return (Object.keys(tiles) as TileName[]).filter((name) => {
    const tile: Tile = tiles[name];
    const { lanes, groups, loads } = tile;
    return (
      !(use === 'ntk' && notForKernels.includes(name)) &&
      (loads !== 'matrix-units' || (onMatrixUnits.includes(use) && hasMatrixUnit(device, tile))) &&
      (!sharesRows(tile) || features.has('subgroups')) &&
      (loads !== 'broadcast' || lanes <= adapterInfo.subgroupMinSize) &&
      lanes * groups <= limits.maxComputeInvocationsPerWorkgroup &&
      stagedBytes(tiles[name]) + (use === 'tangent' ? 4 * groupRows(tiles[name]) * lanes : 0) <=
        limits.maxComputeWorkgroupStorageSize
    );
  });
}

/** Those of them that suit its kind; of tiles on matrix units those that were admitted, see matrix-units.ts. */
export const offeredTiles = (gpu: Gpu, use: ProductUse): TileName[] =>
  runnableTiles(gpu, use).filter((name) =>
    tiles[name].loads === 'matrix-units' ? admittedUnits(gpu).includes(name) : suits(gpu, name),
  );

/**
 * To a processor, workgroup memory is memory like any other, and barriers cost; a GPU has most of its invocations idle in workgroups
 * as small as those that share rows. Of these SwiftShader has quads, for which a swap costs it less than a broadcast, and lavapipe
 * whole subgroups, in a text that it compiles sooner than larger ones.
 */
function suits({ adapter, device }: Gpu, name: TileName): boolean {
  const { loads, lanes } = tiles[name];
  if (!adapter.software) return loads === 'direct' || loads === 'workgroup';
  return isLavapipe(adapter) && device.features.has('subgroups')
    ? name === 'direct-4x4' ||
        (loads === 'broadcast' && (lanes === 4) === device.adapterInfo.subgroupMinSize < 8)
    : loads === 'direct' || loads === 'subgroup';
}

function requireOneOf(what: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) {
    throw new RangeError(`${what} is ${shown(value)}; it must be one of ${known.join(', ')}.`);
  }
}

/**
 * The tile for a product on this device: the measured choice where there is one that it offers and whose sums are as right as
 * those that are added term by term, else the heuristic's.
 * @param once whether the product is made a single time, so that to compile its program counts as well
 * @throws TypeError, RangeError where the first is no Gpu, the use is not known or the shape has no sizes.
 */
export function chosenTile(gpu: Gpu, use: ProductUse, shape: ProductShape, once = false): Tile {
  requireGpu(gpu);
  requireOneOf('The use of a tile', use, productUses);
  for (const size of ['rows', 'cols', 'inner'] as const) requireFinite(`The shape's ${size}`, shape[size], 0);
  const shapes = shapeClass(shape);
  const choice = preferredTiles(gpu).find((known) => known.use === use && known.shapes === shapes)?.tile;
  const fewest = shape.fewest ?? shape.inner;
  return choice && offeredTiles(gpu, use).includes(choice) && roundings(tiles[choice], fewest) <= fewest
    ? tiles[choice]
    : tiles[heuristicTile(gpu, use, shape, once)];
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
 * Up to so many, the tile that compiles first: a larger one spares a step some hundredths of a millisecond, and takes a fifth of a
 * second longer for every program.
 */
const few = 2 ** 16;

/** What is made once takes that tile up to so many, and the largest from so many times as many as else. */
const madeOnce = { smallestUpTo: 2 ** 28, times: 16 } as const;

/** Mesa's processor in place of a GPU. */
const isLavapipe = ({ description, device }: AdapterDescription): boolean =>
  /llvmpipe|lavapipe/i.test(`${description} ${device}`);

/** Multiply-adds up to which lavapipe takes the tile that compiles first, a tenth to a third sooner than the next. */
const fewOnLavapipe = 2 ** 20;
/** Where no rows can be shared, the largest tile is compiled for ten seconds, and pays from so many on. */
const largeOnLavapipe = 2 ** 28;

/**
 * The tile of a product that lavapipe makes. Version 26 reads sooner what it finds by an index, so that larger text pays; older ones
 * have all of that in branches, which soon fill the processor's cache of instructions.
 */
function onLavapipe({ adapter, device }: Gpu, operations: number): TileName {
  if (!device.features.has('subgroups')) return operations < largeOnLavapipe ? 'direct-4x4' : 'direct-16x8';
  if (operations <= fewOnLavapipe) return 'direct-4x4';
  if (device.adapterInfo.subgroupMinSize < 8) return 'broadcast-8x4-narrow';
  const [, version = 0] = /Mesa (\d+)/.exec(adapter.description) ?? [];
  return Number(version) >= 26 ? 'broadcast-16x4' : 'broadcast-8x4';
}

/** Entries up to which a GPU is not filled by workgroups that share what they read. */
const fewEntries = 2 ** 16;
/** Entries from which on the largest tile makes workgroups enough. */
const manyEntries = 2 ** 22;
/** Terms up to which what ends a sum of the hidden layer, activations and two stores, counts as much as the sum. */
const shortSum = 256;

/** The tile of a product that a GPU makes through workgroup memory. */
function onGpus(use: ProductUse, { rows, cols, inner }: ProductShape): TileName {
  const large = rows * cols >= manyEntries;
  switch (use) {
    case 'forward':
      return inner <= shortSum ? 'workgroup-8x4' : 'workgroup-8x8';
    case 'first-gradient':
      return 'workgroup-8x4';
    case 'tangent':
      return 'workgroup-8x8-wide';
    case 'ntk':
    case 'matrix-product':
      return large ? 'workgroup-16x8' : 'workgroup-8x8';
  }
}

/**
 * Where the shaders run on the CPU, an access to memory costs as much as several multiply-adds, and large tiles make the
 * fewest. GPUs want many invocations first, and large tiles where there is work enough for them; small ones through
 * workgroup memory fit every GPU that WebGPU admits.
 */
export function heuristicTile(gpu: Gpu, use: ProductUse, shape: ProductShape, once = false): TileName {
  const { device, adapter } = gpu;
  const { rows, cols, inner } = shape;
  if (!adapter.software) {
    if (rows * cols <= fewEntries && use !== 'first-gradient') return 'direct-4x4';
    const tile = onGpus(use, shape);
    return offeredTiles(gpu, use).includes(tile) ? tile : 'workgroup-8x8';
  }
  const operations = rows * cols * inner;
  if (isLavapipe(adapter)) return onLavapipe(gpu, operations);
  if (operations <= (once ? madeOnce.smallestUpTo : few)) return 'direct-4x4';
  if (!device.features.has('subgroups')) return 'direct-16x8';
  const { from, tile } = onProcessors[use];
  return operations >= (once ? madeOnce.times : 1) * from ? tile : 'subgroup-16x8';
}

/** Workgroups along the columns and the rows of a product. */
export const tileWorkgroups = (tile: Tile, rows: number, cols: number): [x: number, y: number] => [
  Math.ceil(cols / groupCols(tile)),
  Math.ceil(rows / groupRows(tile)),
];
