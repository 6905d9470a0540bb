import { together } from '../gpu/together.ts';
import { activationFunctions } from '../math/activations.ts';
import { deepShape } from '../math/deep/architecture.ts';
import { pairDifference } from '../math/pair-difference.ts';
import type { DeepNetwork } from '../network/deep.ts';
import type { TwoLayerNetwork } from '../network/two-layer.ts';

/** f at points of the caller's, in float64 at the parameters θ(0) + Δ as the device has both. */
export type ExactOutputs = (x: Float32Array) => number;

/** Of pairs of units, from mean and half-difference of each: what is left of small differences is exact. */
export async function twoLayerOutputs(network: TwoLayerNetwork): Promise<ExactOutputs> {
  const { width: m, d, activation } = network;
  // Together, since every readback may wait for a slow poll.
  const [W, dW, v, dv] = await together([
    network.W.start.readAll(),
    network.W.displacement.readAll(),
    network.v.start.read(),
    network.v.displacement.read(),
  ]);
  const { phi } = activationFunctions(activation);
  const half = m / 2;
  return (x) => {
    let output = 0;
    for (let p = 0; p < half; p++) {
      let [mean, difference] = [0, 0];
      for (let j = 0; j < d; j++) {
        const [one, other] = [dW[p * d + j], dW[(half + p) * d + j]];
        mean += x[j] * (W[p * d + j] + (one + other) / 2);
        difference += (x[j] * (one - other)) / 2;
      }
      mean /= Math.sqrt(d);
      difference /= Math.sqrt(d);
      output += ((dv[p] + dv[half + p]) / 2) * (phi(mean + difference) + phi(mean - difference));
      output += (v[p] + (dv[p] - dv[half + p]) / 2) * pairDifference(activation, mean, difference);
    }
    return output / Math.sqrt(m);
  };
}

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
