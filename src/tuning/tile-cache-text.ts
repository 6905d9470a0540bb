import * as z from 'zod/mini';
import { type TileName, tiles } from '../../shaders/parts/tile.ts';
import { productUses, shapeClasses } from '../programs/product-shape.ts';
import type { TileCache } from './tile-cache.ts';

const tileName = z.enum(Object.keys(tiles) as [TileName, ...TileName[]]);
/** What was timed when there were other tiles stays without those that are gone. */
const timedTiles = z.pipe(
  z.record(z.string(), z.number()),
  z.transform((times) =>
    Object.fromEntries(Object.entries(times).filter(([name]) => Object.hasOwn(tiles, name))),
  ),
);

const entrySchema = z.strictObject({
  adapter: z.string(),
  shaders: z.string(),
  use: z.enum(productUses),
  shapes: z.enum(shapeClasses),
  tile: tileName,
  milliseconds: z.optional(timedTiles),
});
const cacheSchema = z.strictObject({ version: z.literal(1), entries: z.array(entrySchema) });

const empty: TileCache = { entries: [] };

/** The cache in a text; an empty one, and why, where the text is not one that we wrote. */
export function parseTileCache(text: string | null): { cache: TileCache; problem: string | null } {
  if (text === null) return { cache: empty, problem: null };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { cache: empty, problem: `it is not JSON (${(error as Error).message})` };
  }
  const { data, error } = cacheSchema.safeParse(json);
  if (data) return { cache: { entries: data.entries }, problem: null };
  const { path } = error.issues[0];
  const found = path.reduce((part, key) => (part as Record<PropertyKey, unknown>)[key], json);
  // The words of zod's issues would be most of what a page loads to read a cache.
  const shown = found === undefined ? 'missing' : JSON.stringify(found).slice(0, 80);
  return {
    cache: empty,
    problem: `${path.join('.') || 'the whole of it'} is not what was written: ${shown}`,
  };
}

/** The cache as text, which parseTileCache reads. */
export const tileCacheText = ({ entries }: TileCache): string =>
  `${JSON.stringify({ version: 1, entries }, null, 2)}\n`;
