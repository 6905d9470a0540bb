import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { denseNtk } from '../jacobian/dense-ntk.ts';
import { layerWeights } from '../theory/layers.ts';
import type { PointSet } from '../data/point-set.ts';
import type { KernelSides } from '../jacobian/kernel-sides.ts';
import type { RunModels } from './prepare.ts';
import type { Problem } from './problem.ts';
import type { RunEvent, RunStatus } from './result.ts';
import type { Spec } from './spec.ts';
import type { Training } from './training.ts';

/** One array of a run, row-major float32, in chunks that follow one another. */
export interface NamedArray {
  name: string;
  shape: number[];
  chunks: AsyncIterable<Float32Array<ArrayBuffer>> | Iterable<Float32Array<ArrayBuffer>>;
}

/** What a run's arrays are made of, and where they go. */
interface ArraySource {
  gpu: Gpu;
  stream: CommandStream;
  spec: Spec;
  problem: Problem;
  models: RunModels;
  training: Training;
  status: RunStatus;
  onArray: (array: NamedArray) => Promise<void>;
  signal: AbortSignal | undefined;
}

/**
 * Sends the arrays one after the other; returns whether all were sent. An abort leaves out the kernel alone, which takes
 * longer than all else, and ends it within the work of a block.
 */
export async function* storeArrays({
  gpu,
  stream,
  spec,
  problem: { train, test },
  models,
  training,
  status,
  onArray,
  signal,
}: ArraySource): AsyncGenerator<RunEvent, boolean> {
  const matrix = (name: string, source: Matrix) =>
    onArray({ name, shape: [source.rows, source.cols], chunks: source.read() });
  const vector = async (
    name: string,
    source: { read: () => Promise<Float32Array<ArrayBuffer>>; length: number },
  ) => onArray({ name, shape: [source.length], chunks: [await source.read()] });

  await matrix('X_train', train.X);
  await vector('y_train', train.y);
  if (test) {
    await matrix('X_test', test.X);
    await vector('y_test', test.y);
  }
  const { network } = models;
  const parameters = async (
    nameOf: (layer: string) => string,
    part: 'start' | 'position' | 'displacement',
  ) => {
    if (network.kind === 'deep') return;
    for (const { name, [part]: values } of network.layers) {
      await (values instanceof Matrix ? matrix(nameOf(name), values) : vector(nameOf(name), values));
    }
  };
  const towers = async (
    nameOf: (layer: string) => string,
    sign: '+' | '−',
    part: 'start' | 'displacement',
  ) => {
    if (network.kind !== 'deep') return;
    for (const { name, shape, data } of await network.parametersOf(sign, part)) {
      await onArray({ name: nameOf(name), shape, chunks: [data] });
    }
  };
  await parameters((layer) => `${layer}0`, 'start');
  await towers((layer) => `${layer}_0`, '+', 'start');
  // Past divergence the parameters have gone on until the next readback: of no step that could be named.
  if (status.kind !== 'diverged') {
    await parameters((layer) => `${layer}_t`, 'position');
    await parameters((layer) => `d${layer}`, 'displacement');
    await towers((layer) => `d${layer}_plus`, '+', 'displacement');
    await towers((layer) => `d${layer}_minus`, '−', 'displacement');
    training.evaluateTest(stream);
    stream.flush();
    for (const model of models.all) {
      const predictions = training.predictionsOf(model);
      await vector(`${model.prefix}_train`, predictions.train.u);
      if (predictions.test) await vector(`${model.prefix}_test`, predictions.test.u);
    }
  }
  if (spec.kernel !== 'none') {
    if (signal?.aborted) return false;
    const shape = [train.size, train.size];
    yield { kind: 'storing', array: 'kernel', shape };
    try {
      using kernel = await denseNtk(gpu, kernelAtStart(models, train, spec.kernel), { signal, once: true });
      await onArray({ name: 'kernel', shape, chunks: untilAborted(kernel.read(), signal) });
    } catch (error) {
      if (signal?.aborted && error === signal.reason) return false;
      throw error;
    }
  }
  return true;
}

/** Of a deep network always of all layers: specs ask for no other. */
function kernelAtStart(
  { network }: RunModels,
  { X }: PointSet,
  layers: keyof typeof layerWeights,
): KernelSides {
  const rows = network.jacobian(X, 'start');
  return { rows, weights: network.kind === 'deep' ? rows.layers.map(() => 1) : layerWeights[layers] };
}

async function* untilAborted<T>(
  chunks: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}
