import { expect, test } from 'vitest';
import { PointSet, Predictions } from '../../src/data/point-set.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { LinearModel } from '../../src/model/linear-model.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { linearFeatures } from '../../src/math/linear-features.ts';
import { initializeSymmetrically } from '../../src/network/initialization.ts';
import { TwoLayerNetwork } from '../../src/network/two-layer.ts';
import { outputsOn } from '../../src/theory/outputs.ts';
import { gpu } from '../gpu-device.ts';

const [d, width, rows] = [7, 12, 1089];
const erf = { name: 'erf' } as const;

/** A network that is not at its start, and a linear model, for training sets of this size. */
async function models(maxPoints: number) {
  const network = await TwoLayerNetwork.create(gpu, { d, width, maxPoints }, erf);
  const linear = await LinearModel.create(
    gpu,
    linearFeatures(gaussianConstants(erf, 1), d, [1, 1]),
    maxPoints,
  );
  using stream = new CommandStream(gpu);
  await initializeSymmetrically(gpu, stream, network, 3);
  stream.flush();
  network.v.position.write(Float32Array.from({ length: width }, (_, r) => Math.sin(r + 1)));
  linear.beta.write(Float32Array.from({ length: linear.beta.length }, (_, k) => Math.cos(k)));
  return { network, linear };
}

test('outputs on many points take one submission and one readback, however small the training set is', async () => {
  const data = Float32Array.from({ length: rows * d }, (_, k) => 2 * Math.sin(k * k));
  const submit = gpu.device.queue.submit.bind(gpu.device.queue);
  const found: { network: Float32Array; linear: Float32Array }[] = [];
  for (const maxPoints of [20, 300, 2000]) {
    const { network, linear } = await models(maxPoints);
    using ownNetwork = network;
    using ownLinear = linear;
    const live = gpu.liveBuffers;
    let submissions = 0;
    gpu.device.queue.submit = (buffers) => {
      if ([...buffers].length > 0) submissions++;
      submit(buffers);
    };
    try {
      found.push(await outputsOn({ gpu, network: ownNetwork, linear: ownLinear }, { rows, d, data }));
    } finally {
      gpu.device.queue.submit = submit;
    }
    expect(submissions).toBeLessThanOrEqual(2); // the work, and the copy that is read
    expect(gpu.liveBuffers).toBe(live);
  }
  // The same bits as one point at a time has them.
  for (const { network, linear } of found) {
    expect(network).toEqual(found[0].network);
    expect(linear).toEqual(found[0].linear);
  }
  const { network, linear } = await models(1);
  using ownNetwork = network;
  using ownLinear = linear;
  using stream = new CommandStream(gpu);
  using point = new PointSet(gpu, 'one point', 1, d);
  using f = new Predictions(gpu, 'network', 1);
  using lin = new Predictions(gpu, 'linear model', 1);
  for (const index of [0, 255, 256, 1088]) {
    point.X.write(data.slice(index * d, (index + 1) * d));
    for (const dispatch of ownNetwork.evaluation(point, f)) stream.run(dispatch);
    await ownLinear.prepare(stream, point);
    for (const dispatch of ownLinear.evaluation(point, lin)) stream.run(dispatch);
    stream.flush();
    expect((await f.u.read())[0]).toBe(found[0].network[index]);
    expect((await lin.u.read())[0]).toBe(found[0].linear[index]);
  }
});
