import type { TileName } from '../../shaders/parts/tile.ts';
import type { AdapterDescription } from '../gpu/device.ts';
import type { ProductUse, TileChoice } from '../programs/product-shape.ts';

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

/** What tells the present shaders of a use from others: see shader-hash.ts, which a page need not load for it. */
export type ShaderHash = (use: ProductUse) => string;

/** The choices that hold on this adapter with the present shaders. */
export function choicesFor({ entries }: TileCache, adapter: string, shaderHash: ShaderHash): TileChoice[] {
  return entries
    .filter((entry) => entry.adapter === adapter && entry.shaders === shaderHash(entry.use))
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
