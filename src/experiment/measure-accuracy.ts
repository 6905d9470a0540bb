import type { PointSet } from '../data/point-set.ts';
import type { Gpu } from '../gpu/device.ts';
import { together } from '../gpu/together.ts';
import type { TwoLayerNetwork } from '../network/two-layer.ts';
import { pairDifference } from '../math/pair-difference.ts';
import { activationFunctions } from '../math/activations.ts';
import type { Accuracy } from './accuracy.ts';

/** Most points compared, and entries of W up to which they are: a fraction of a second of one core, and little memory. */
const points = 8;
const largestLayer = 2 ** 23;

/** Null where the network is too large to be evaluated in passing. `u`: the device's outputs on the points. */
export async function measureAccuracy(
  gpu: Gpu,
  network: TwoLayerNetwork,
  { X, y, size }: PointSet,
  u: { read: () => Promise<Float32Array> },
  step: number,
): Promise<Accuracy | null> {
  const { width: m, d } = network;
  if (m * d > largestLayer) return null;
  const count = Math.min(size, points);
  const chosen = Array.from({ length: count }, (_, k) => Math.floor((k * size) / count));
  const blocks = X.blocks();
  const row = async (point: number): Promise<Float32Array> => {
    const block = blocks.findLast(({ firstRow }) => firstRow <= point)!;
    const offset = (block.binding.offset ?? 0) + 4 * X.stride * (point - block.firstRow);
    return new Float32Array(await gpu.read(block.binding.buffer, offset, 4 * X.stride));
  };
  // Together, since every readback may wait for a slow poll.
  const [W, dW, v, dv, f, targets, ...rows] = await together([
    network.W.start.readAll(),
    network.W.displacement.readAll(),
    network.v.start.read(),
    network.v.displacement.read(),
    u.read(),
    y.read(),
    ...chosen.map(row),
  ]);
  const { activation } = network;
  const { phi } = activationFunctions(activation);
  const half = m / 2;
  const sums = { difference: 0, output: 0, residual: 0, ours: 0 };
  for (const [k, point] of chosen.entries()) {
    let output = 0;
    for (let p = 0; p < half; p++) {
      let [mean, difference] = [0, 0];
      for (let j = 0; j < d; j++) {
        const [one, other] = [dW[p * d + j], dW[(half + p) * d + j]];
        mean += rows[k][j] * (W[p * d + j] + (one + other) / 2);
        difference += (rows[k][j] * (one - other)) / 2;
      }
      mean /= Math.sqrt(d);
      difference /= Math.sqrt(d);
      output += ((dv[p] + dv[half + p]) / 2) * (phi(mean + difference) + phi(mean - difference));
      output += (v[p] + (dv[p] - dv[half + p]) / 2) * pairDifference(activation, mean, difference);
    }
    output /= Math.sqrt(m);
    sums.difference += (f[point] - output) ** 2;
    sums.output += output ** 2;
    sums.residual += (output - targets[point]) ** 2;
    sums.ours += Math.fround(f[point] - targets[point]) ** 2;
  }
  const ratio = (part: number, whole: number): number => (part === 0 ? 0 : part / whole);
  return {
    step,
    points: count,
    outputs: Math.sqrt(ratio(sums.difference, sums.output)),
    loss: ratio(Math.abs(sums.ours - sums.residual), sums.residual),
  };
}
