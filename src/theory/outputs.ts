import { PointSet, Predictions } from '../data/point-set.ts';
import type { Points } from '../data/off-distribution.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import { Vector } from '../gpu/vector.ts';
import type { Lab } from './lab.ts';

export interface Outputs {
  network: Float32Array<ArrayBuffer>;
  linear: Float32Array<ArrayBuffer>;
}

/**
 * Outputs of network and linear model at the present step on points of the caller's, in pieces of no more points than the
 * models have room for.
 */
export async function outputsOn(lab: Lab, { rows, d, data }: Points): Promise<Outputs> {
  const { gpu, network, linear } = lab;
  const outputs = { network: new Float32Array(rows), linear: new Float32Array(rows) };
  const room = Math.max(lab.train.size, lab.test?.size ?? 0);
  for (let first = 0; first < rows; first += room) {
    const size = Math.min(room, rows - first);
    using stream = new CommandStream(gpu);
    using points = new PointSet(gpu, 'points of outputs', size, d);
    using networkOutputs = new Predictions(gpu, 'network', size);
    using linearOutputs = new Predictions(gpu, 'linear model', size);
    using q = new Vector(gpu, 'norm feature', size);
    points.X.write(data.slice(first * d, (first + size) * d));
    for (const dispatch of network.evaluation(points, networkOutputs)) stream.run(dispatch);
    for (const dispatch of linear.normFeature(points, q)) stream.run(dispatch);
    for (const dispatch of linear.evaluation(points, q, linearOutputs)) stream.run(dispatch);
    stream.flush();
    // Together, since every readback may wait for a slow poll.
    const [f, lin] = await Promise.all([networkOutputs.u.read(), linearOutputs.u.read()]);
    outputs.network.set(f, first);
    outputs.linear.set(lin, first);
  }
  return outputs;
}
