import { together } from '../gpu/together.ts';
import { activationFunctions } from '../math/activations.ts';
import { pairDifference } from '../math/pair-difference.ts';
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
