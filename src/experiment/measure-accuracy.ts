import type { PointSet } from '../data/point-set.ts';
import { together } from '../gpu/together.ts';
import type { DeepNetwork } from '../network/deep.ts';
import type { TwoLayerNetwork } from '../network/two-layer.ts';
import type { Accuracy } from './accuracy.ts';
import { type ExactOutputs, twoLayerOutputs } from './exact-outputs.ts';

/** Most points compared, and multiply-adds a point up to which they are: a fraction of a second of one core, and little memory. */
const points = 8;
const mostWork = 2 ** 23;

const workOf = (network: TwoLayerNetwork | DeepNetwork): number =>
  network.kind === 'two-layer'
    ? network.width * network.d
    : 2 *
      network.geometry.layers.reduce(
        (sum, { units, fanIn, positions }) => sum + units * fanIn * positions,
        0,
      );

/** What deep networks need is loaded with them. */
const exactOutputs = async (network: TwoLayerNetwork | DeepNetwork): Promise<ExactOutputs> =>
  network.kind === 'two-layer'
    ? twoLayerOutputs(network)
    : (await import('./exact-deep-outputs.ts')).deepOutputs(network);

/** Null where the network is too large to be evaluated in passing. `u`: the device's outputs on the points. */
export async function measureAccuracy(
  network: TwoLayerNetwork | DeepNetwork,
  { X, y, size }: PointSet,
  u: { read: () => Promise<Float32Array> },
  step: number,
): Promise<Accuracy | null> {
  if (workOf(network) > mostWork) return null;
  const count = Math.min(size, points);
  const chosen = Array.from({ length: count }, (_, k) => Math.floor((k * size) / count));
  // Together, since every readback may wait for a slow poll.
  const [exact, f, targets, ...rows] = await together([
    exactOutputs(network),
    u.read(),
    y.read(),
    ...chosen.map((point) => X.readRow(point)),
  ]);
  const sums = { difference: 0, output: 0, residual: 0, ours: 0 };
  for (const [k, point] of chosen.entries()) {
    const output = exact(rows[k]);
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
