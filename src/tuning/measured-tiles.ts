import { tiles } from '../../shaders/parts/tile.ts';
import { type Gpu, requireGpu } from '../gpu/device.ts';
import { probeMatrixUnits } from '../programs/matrix-unit-probe.ts';
import { preferTiles } from '../programs/tile-choice.ts';
import { shaderHash } from './shader-hash.ts';
import { type TileCache, adapterKey, choicesFor } from './tile-cache.ts';

/**
 * Lets the choices that a tuner made on this adapter with the present shaders go before the heuristic. Where one is of a tile on
 * matrix units, these are probed first.
 * @param agent the browser or runtime
 */
export async function takeMeasuredTiles(gpu: Gpu, cache: TileCache, agent: string): Promise<void> {
  requireGpu(gpu);
  const choices = choicesFor(cache, adapterKey(gpu.adapter, agent), shaderHash);
  if (choices.some(({ tile }) => tiles[tile].loads === 'matrix-units')) await probeMatrixUnits(gpu);
  preferTiles(gpu, choices);
}
