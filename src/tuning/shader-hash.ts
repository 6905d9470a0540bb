import { forwardShader } from '../../shaders/forward.wgsl.ts';
import { firstGradientShader } from '../../shaders/first-gradient.wgsl.ts';
import { matrixProductShader } from '../../shaders/matrix-product.wgsl.ts';
import { ntkShader } from '../../shaders/ntk.wgsl.ts';
import { type Tile, tiles } from '../../shaders/parts/tile.ts';
import { tangentProgram } from '../programs/tangent.ts';
import type { ProductUse } from '../programs/product-shape.ts';
import type { TileCacheEntry } from './tile-cache.ts';
import type { TuningResult } from './tuner.ts';

const shaderOf: Record<ProductUse, (tile: Tile) => string> = {
  forward: (tile) => forwardShader({ activation: { name: 'erf' }, phi: true, slopes: true }, tile),
  tangent: (tile) =>
    tangentProgram({ first: true, second: true }, tile, { units: tile.rows, inputs: tile.rows }).code,
  'first-gradient': (tile) => firstGradientShader(tile),
  ntk: (tile) => ntkShader({ first: true, second: true, mirror: 'other' }, tile),
  'matrix-product': (tile) => matrixProductShader('NN', tile),
};

const known = new Map<ProductUse, string>();

/** Of the WGSL of a use, with all tiles: some 30 ms when it is first asked for. */
export function shaderHash(use: ProductUse): string {
  const hash = known.get(use) ?? fnv1a(Object.values(tiles).map(shaderOf[use]).join());
  known.set(use, hash);
  return hash;
}

/** What is kept of a choice that was made on an adapter with the present shaders. */
export const entryOf = (
  adapter: string,
  { choice: { use, shapes, tile }, milliseconds }: Pick<TuningResult, 'choice'> & Partial<TuningResult>,
): TileCacheEntry => ({ adapter, shaders: shaderHash(use), use, shapes, tile, milliseconds });

/** FNV-1a with 32 bits, in hexadecimal: enough to tell a changed shader, nothing to rest security on. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
