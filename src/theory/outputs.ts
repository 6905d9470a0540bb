import { PointSet, Predictions } from '../data/point-set.ts';
import type { Points } from '../data/off-distribution.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import { strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import type { Lab } from './lab.ts';

export interface Outputs {
  network: Float32Array<ArrayBuffer>;
  linear: Float32Array<ArrayBuffer>;
}

/** Bytes of inputs that go to the device at once: what is evaluated on a plane or a radius fits several times. */
const inputBytes = 2 ** 26;

/**
 * Outputs of network and linear model at the present step on points of the caller's: one submission and one readback,
 * whatever the training set is, unless the points take more than 64 MiB.
 */
export async function outputsOn(
  { gpu, network, linear }: Pick<Lab, 'gpu' | 'network' | 'linear'>,
  { rows, d, data }: Points,
): Promise<Outputs> {
  const outputs = { network: new Float32Array(rows), linear: new Float32Array(rows) };
  const room = Math.max(1, Math.floor(inputBytes / (4 * strideOf(d))));
  for (let first = 0; first < rows; first += room) {
    const size = Math.min(room, rows - first);
    using stream = new CommandStream(gpu);
    using owned = new Resources();
    const points = owned.own(new PointSet(gpu, 'points of outputs', size, d));
    owned.adopt(points, () => linear.forget(points));
    using networkOutputs = new Predictions(gpu, 'network', size);
    using linearOutputs = new Predictions(gpu, 'linear model', size);
    using both = new Vector(gpu, 'outputs of both models', 2 * size);
    points.X.write(data.subarray(first * d, (first + size) * d));
    for (const dispatch of network.evaluation(points, networkOutputs, false)) stream.run(dispatch);
    await linear.prepare(stream, points);
    for (const dispatch of linear.evaluation(points, linearOutputs)) stream.run(dispatch);
    for (const [k, { u }] of [networkOutputs, linearOutputs].entries()) {
      stream.copy(u.buffer, 0, both.buffer, 4 * k * size, 4 * size);
    }
    stream.flush();
    const read = await both.read();
    outputs.network.set(read.subarray(0, size), first);
    outputs.linear.set(read.subarray(size), first);
  }
  return outputs;
}
