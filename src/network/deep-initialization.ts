import { streams } from '../data/streams.ts';
import { random } from '../math/random.ts';
import type { DeepNetwork } from './deep.ts';

/**
 * Symmetric initialization of both towers (THEORY-DEEP.md, section a): W_l ~ N(0, 1) and v ~ Unif{±1}, the same in both. Layer 1
 * and the readout draw from the streams of the two-layer network, deeper layers from streams of their own. Drawn on the host:
 * some tenths of a second a million weights.
 */
export function initializeTowers(network: DeepNetwork, seed: number): void {
  const { layers, readout } = network.geometry;
  const weights = layers.map(({ units, fanIn }, l) => {
    const stream = l === 0 ? streams.firstLayer : streams.deeperLayers + l;
    return Float32Array.from(random('normal', units, fanIn, { seed, stream }).data);
  });
  const signs = random('sign', 1, readout.positions * readout.units, { seed, stream: streams.secondLayer });
  network.initialize(weights, Float32Array.from(signs.data));
}
