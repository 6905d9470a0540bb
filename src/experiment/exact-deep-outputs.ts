import { together } from '../gpu/together.ts';
import { activationFunctions } from '../math/activations.ts';
import { deepShape } from '../math/deep/architecture.ts';
import { pairDifference } from '../math/pair-difference.ts';
import type { DeepNetwork } from '../network/deep.ts';
import type { ExactOutputs } from './exact-outputs.ts';

/** What both towers have of something: the mean, and half of what the first has more than the second. */
interface Pair {
  mean: Float64Array;
  half: Float64Array;
}

/**
 * The difference of both towers, over √2, made of what they differ by: float64 holds it however small it is, as with labels of 10⁻²⁰,
 * whose displacements are lost beside θ(0).
 */
export async function deepOutputs(network: DeepNetwork): Promise<ExactOutputs> {
  const [start, plus, minus] = await together([
    network.parametersOf('+', 'start'),
    network.parametersOf('+', 'displacement'),
    network.parametersOf('−', 'displacement'),
  ]);
  const theta = start.map(({ data }, l): Pair => {
    const [up, down] = [plus[l].data, minus[l].data];
    return {
      mean: Float64Array.from(data, (value, k) => value + (up[k] + down[k]) / 2),
      half: Float64Array.from(data, (_, k) => (up[k] - down[k]) / 2),
    };
  });
  const { activation } = network;
  const { phi } = activationFunctions(activation);
  const { layers, readout } = deepShape(network.architecture);
  const v = theta[layers.length];
  return (x) => {
    let below: Pair = { mean: Float64Array.from(x), half: new Float64Array(x.length) };
    for (const [
      l,
      { positions, taps, inputs, channels, fanIn, gain, window, pooled, block, blockSize },
    ] of layers.entries()) {
      const W = theta[l];
      const above: Pair = {
        mean: new Float64Array(pooled * channels),
        half: new Float64Array(pooled * channels),
      };
      const scale = gain / Math.sqrt(fanIn);
      for (let p = 0; p < positions; p++) {
        for (let unit = 0; unit < channels; unit++) {
          let [mean, half] = [0, 0];
          for (let t = 0; t < taps; t++) {
            const seen = window[p * taps + t] * inputs;
            const weights = unit * fanIn + t * inputs;
            for (let c = 0; c < inputs; c++) {
              const [w, dw] = [W.mean[weights + c], W.half[weights + c]];
              const [h, dh] = [below.mean[seen + c], below.half[seen + c]];
              mean += w * h + dw * dh;
              half += w * dh + dw * h;
            }
          }
          const at = block[p] * channels + unit;
          const [z, dz] = [scale * mean, scale * half];
          above.mean[at] += (phi(z + dz) + phi(z - dz)) / 2 / blockSize;
          above.half[at] += pairDifference(activation, z, dz) / 2 / blockSize;
        }
      }
      below = above;
    }
    const { kind, channels, positions, weights, gain } = readout;
    const output = below.half.reduce((sum, dh, k) => {
      const at = kind === 'flat' ? k : k % channels;
      return sum + dh * v.mean[at] + below.mean[k] * v.half[at];
    }, 0);
    return (Math.SQRT2 * gain * output) / Math.sqrt(weights) / (kind === 'flat' ? 1 : positions);
  };
}
