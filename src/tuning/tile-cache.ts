import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';
import { type TileName, tiles } from '../../shaders/parts/tile.ts';
import type { AdapterDescription } from '../gpu/device.ts';
import { type ProductUse, type TileChoice, productUses, shapeClasses } from '../programs/tile-choice.ts';

/** Choices that a tuner made, on any number of adapters; kept as text by whoever has a place for it. */
export interface TileCache {
  readonly entries: readonly TileCacheEntry[];
}

export interface TileCacheEntry extends TileChoice {
  /** Whose choice it is: see adapterKey. */
  adapter: string;
  /** Of the shaders that were timed; a choice made with other shaders is no choice. */
  shaders: string;
  /** What each tile took; only for people to see. */
  milliseconds?: Partial<Record<TileName, number>> | undefined;
}

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
  const { data, error } = cacheSchema.safeParse(json, { error: en().localeError });
  if (data) return { cache: { entries: data.entries }, problem: null };
  const { path, message } = error.issues[0];
  return {
    cache: empty,
    problem: `${path.join('.') || 'the whole of it'} is not what was written: ${message}`,
  };
}

/** The cache as text, which parseTileCache reads. */
export const tileCacheText = ({ entries }: TileCache): string =>
  `${JSON.stringify({ version: 1, entries }, null, 2)}\n`;

/** What tells the present shaders of each use from others: see shader-hashes.ts, which a page need not load for it. */
export type ShaderHashes = Readonly<Record<ProductUse, string>>;

/** The choices that hold on this adapter with the present shaders. */
export function choicesFor({ entries }: TileCache, adapter: string, shaders: ShaderHashes): TileChoice[] {
  return entries
    .filter((entry) => entry.adapter === adapter && entry.shaders === shaders[entry.use])
    .map(({ use, shapes, tile }) => ({ use, shapes, tile }));
}

/** The cache with this entry in place of an earlier one for the same use and shapes on its adapter. */
export function withChoice({ entries }: TileCache, entry: TileCacheEntry): TileCache {
  const { adapter, use, shapes } = entry;
  const others = entries.filter(
    (known) => known.adapter !== adapter || known.use !== use || known.shapes !== shapes,
  );
  return { entries: [...others, entry] };
}

/** The cache without the choices of this adapter. */
export const withoutAdapter = ({ entries }: TileCache, adapter: string): TileCache => ({
  entries: entries.filter((entry) => entry.adapter !== adapter),
});

/** An adapter as one browser drives it: another browser compiles the same WGSL to other code. */
export function adapterKey(
  { vendor, architecture, device, description }: AdapterDescription,
  userAgent: string,
): string {
  const engine = /firefox/i.test(userAgent) ? 'Firefox' : /chrome/i.test(userAgent) ? 'Chromium' : 'other';
  return [engine, ...[vendor, architecture, device, description].filter((part) => part !== '')].join(' · ');
}
