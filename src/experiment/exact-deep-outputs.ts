import { together } from '../gpu/together.ts';
import { activationFunctions } from '../math/activations.ts';
import { deepShape } from '../math/deep/architecture.ts';
import type { DeepNetwork } from '../network/deep.ts';
import type { ExactOutputs } from './exact-outputs.ts';

/** The difference of both towers, over √2. */
export async function deepOutputs(network: DeepNetwork): Promise<ExactOutputs> {
  const [plus, minus] = [await towerOf(network, '+'), await towerOf(network, '−')];
  return (x) => (plus(x) - minus(x)) / Math.SQRT2;
}

async function towerOf(network: DeepNetwork, sign: '+' | '−'): Promise<ExactOutputs> {
  const [start, moved] = await together([
    network.parametersOf(sign, 'start'),
    network.parametersOf(sign, 'displacement'),
  ]);
  const theta = start.map(({ data }, l) => Float64Array.from(data, (value, k) => value + moved[l].data[k]));
  const { phi } = activationFunctions(network.activation);
  const { layers, readout } = deepShape(network.architecture);
  const v = theta[layers.length];
  return (x) => {
    let below = Float64Array.from(x);
    for (const [
      l,
      { positions, taps, inputs, channels, fanIn, gain, window, pooled, block, blockSize },
    ] of layers.entries()) {
      const above = new Float64Array(pooled * channels);
      for (let p = 0; p < positions; p++) {
        for (let unit = 0; unit < channels; unit++) {
          let z = 0;
          for (let t = 0; t < taps; t++) {
            const seen = window[p * taps + t] * inputs;
            for (let c = 0; c < inputs; c++) z += theta[l][unit * fanIn + t * inputs + c] * below[seen + c];
          }
          above[block[p] * channels + unit] += phi((gain * z) / Math.sqrt(fanIn)) / blockSize;
        }
      }
      below = above;
    }
    const { kind, channels, positions, weights, gain } = readout;
    const output = below.reduce((sum, h, k) => sum + h * v[kind === 'flat' ? k : k % channels], 0);
    return (gain * output) / Math.sqrt(weights) / (kind === 'flat' ? 1 : positions);
  };
}
