import { productUses, shapeClasses } from '../../src/programs/product-shape.ts';
import { entryOf } from '../../src/tuning/shader-hash.ts';
import { tileCacheText } from '../../src/tuning/tile-cache-text.ts';
import { withChoice } from '../../src/tuning/tile-cache.ts';
import { mutated, mutatedText } from './documents.ts';
import type { Random } from './random.ts';

/** What is kept of tuning, as text, changed. */
export function someTileCache(random: Random): string {
  const choice = {
    use: random.pick(productUses),
    shapes: random.pick(shapeClasses),
    tile: 'direct-4x4' as const,
  };
  const text = tileCacheText(
    withChoice({ entries: [] }, entryOf('an adapter', { choice, milliseconds: {} })),
  );
  if (random.chance(0.5)) return mutatedText(random, text);
  try {
    return JSON.stringify(mutated(random, JSON.parse(text) as Record<string, unknown>) ?? null);
  } catch {
    return '[]'; // too deep to be written
  }
}
