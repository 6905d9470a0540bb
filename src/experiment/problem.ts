import { DataError } from '../data/data-error.ts';
import { targetDirections, unitCoefficients } from '../data/directions.ts';
import { Sampler, spectrumMoment } from '../data/distribution.ts';
import { type NpyArray, readNpy } from '../data/npy.ts';
import { PointSet, Predictions } from '../data/point-set.ts';
import { estimateSpectrumMoment, standardize } from '../data/standardize.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { initializeTeacher } from '../network/initialization.ts';
import { TwoLayerNetwork } from '../network/two-layer.ts';
import { compileTarget } from '../programs/target.ts';
import { type MemoryBudget, requireFit } from './memory.ts';
import { type DataSpec, type Spec, type SyntheticSpec, type TargetSpec, activationOf } from './spec.ts';

type ArraysSpec = Extract<DataSpec, { distribution: 'npy' }>;

/** Opens one of the user's arrays by the path that the spec gives. */
export type OpenArray = (path: string) => Promise<ArrayBuffer | AsyncIterable<Uint8Array>>;

/** What is learned: both sets of points on the device, and Tr[Σ²]/d of their inputs. */
export interface Problem extends Disposable {
  train: PointSet;
  test: PointSet | null;
  spectrumMoment: number;
  /** x ↦ (x − mean) · scale made the user's inputs what they are here; null for synthetic data. */
  standardization: { mean: number[]; scale: number } | null;
}

export interface ProblemOptions extends MemoryBudget {
  open?: OpenArray;
}

/**
 * Draws or loads the points of a spec, and their targets, onto the device.
 * @throws TooLargeError before anything is allocated, DataError where the user's arrays cannot be used.
 */
export async function loadProblem(
  gpu: Gpu,
  stream: CommandStream,
  spec: Spec,
  options: ProblemOptions,
): Promise<Problem> {
  const { data } = spec;
  return data.distribution === 'npy'
    ? loadArrays(gpu, stream, spec, data, options)
    : draw(gpu, stream, spec, data, options);
}

async function draw(
  gpu: Gpu,
  stream: CommandStream,
  spec: Spec,
  data: SyntheticSpec,
  options: ProblemOptions,
): Promise<Problem> {
  requireFit(gpu, data, spec, options);
  using owned = new Resources();
  const train = owned.own(new PointSet(gpu, 'training', data.n, data.d));
  const test = data.nTest > 0 ? owned.own(new PointSet(gpu, 'test', data.nTest, data.d)) : null;
  using sampler = await Sampler.create(gpu, data);
  for (const dispatch of sampler.fill(train.X, spec.seed, 'train')) stream.run(dispatch);
  if (test) for (const dispatch of sampler.fill(test.X, spec.seed, 'test')) stream.run(dispatch);
  for (const set of test ? [train, test] : [train]) await fillTargets(gpu, stream, spec, spec.target, set);
  return ownedProblem(owned, {
    train,
    test,
    spectrumMoment: spectrumMoment(data),
    standardization: null,
  });
}

async function loadArrays(
  gpu: Gpu,
  stream: CommandStream,
  spec: Spec,
  data: ArraysSpec,
  options: ProblemOptions,
): Promise<Problem> {
  const arrays = await readArrays(data, options.open);
  const [n, d] = arrays.x.shape;
  requireFit(gpu, { n, nTest: arrays.xTest?.shape[0] ?? 0, d }, spec, options);

  const inputs = standardize(arrays.x.data, arrays.xTest?.data ?? null, d);
  using owned = new Resources();
  const load = async (
    label: string,
    X: Float32Array<ArrayBuffer>,
    y: NpyArray | undefined,
    name: string,
  ): Promise<PointSet> => {
    const set = owned.own(new PointSet(gpu, label, X.length / d, d));
    set.X.write(X);
    if (spec.target.kind !== 'labels') await fillTargets(gpu, stream, spec, spec.target, set);
    else if (y) set.y.write(toFloat32(y, name));
    else throw new DataError(`target.kind is "labels" but ${name} is missing; give its path.`);
    return set;
  };
  const train = await load('training', inputs.train, arrays.y, 'data.y');
  const test = inputs.test ? await load('test', inputs.test, arrays.yTest, 'data.yTest') : null;
  return ownedProblem(owned, {
    train,
    test,
    spectrumMoment: estimateSpectrumMoment(inputs.train, d),
    standardization: { mean: [...inputs.mean], scale: inputs.scale },
  });
}

const ownedProblem = (owned: Resources, problem: Omit<Problem, typeof Symbol.dispose>): Problem => {
  const kept = owned.move();
  return { ...problem, [Symbol.dispose]: () => kept[Symbol.dispose]() };
};

function toFloat32({ data }: NpyArray, name: string): Float32Array<ArrayBuffer> {
  const labels = Float32Array.from(data);
  const overflow = labels.findIndex((label) => !Number.isFinite(label));
  if (overflow >= 0) {
    throw new DataError(
      `${name} holds ${data[overflow]} at index ${overflow}, beyond float32. Rescale the labels; the theorems take |y| ≤ 1.`,
    );
  }
  return labels;
}

/** The user's arrays, their shapes checked against each other. */
async function readArrays(
  data: ArraysSpec,
  open: OpenArray | undefined,
): Promise<{ x: NpyArray; y?: NpyArray; xTest?: NpyArray; yTest?: NpyArray }> {
  if (!open) {
    throw new DataError('data.distribution is "npy", but this run was given no way to open files.');
  }
  const read = async (path: string | undefined) => path && readNpy(await open(path), path);
  const x = (await read(data.x)) as NpyArray;
  const xTest = (await read(data.xTest)) || undefined;
  const y = (await read(data.y)) || undefined;
  const yTest = (await read(data.yTest)) || undefined;
  const shapeOf = ({ shape }: NpyArray) => `(${shape.join(', ')})`;

  for (const [path, array] of [
    [data.x, x],
    [data.xTest, xTest],
  ] as const) {
    if (array && array.shape.length !== 2) {
      throw new DataError(
        `${path} has shape ${shapeOf(array)}; inputs need two dimensions, points × inputs. Reshape it, for images with X.reshape(len(X), -1).`,
      );
    }
  }
  if (xTest && xTest.shape[1] !== x.shape[1]) {
    throw new DataError(
      `${data.xTest} has shape ${shapeOf(xTest)} but ${data.x} has shape ${shapeOf(x)}; both need the same number of columns.`,
    );
  }
  for (const [labelsPath, labels, inputsPath, inputs] of [
    [data.y, y, data.x, x],
    [data.yTest, yTest, data.xTest, xTest],
  ] as const) {
    if (!labels || !inputs) continue;
    const [rows, columns = 1] = labels.shape;
    if (rows !== inputs.shape[0] || columns !== 1) {
      throw new DataError(
        `${labelsPath} has shape ${shapeOf(labels)} but ${inputsPath} has shape ${shapeOf(inputs)}; there must be one number for each of its ${inputs.shape[0]} rows.`,
      );
    }
  }
  return { x, y, xTest, yTest };
}

/** Computes y from X on the device. */
async function fillTargets(
  gpu: Gpu,
  stream: CommandStream,
  { seed }: Spec,
  target: TargetSpec,
  set: PointSet,
): Promise<void> {
  const d = set.X.cols;
  switch (target.kind) {
    case 'labels':
      throw new DataError('target.kind is "labels", which only the user\'s own arrays have.');
    case 'teacher': {
      using teacher = await TwoLayerNetwork.create(
        gpu,
        { d, width: target.width, maxPoints: set.size },
        activationOf(target),
        { first: false, second: false },
      );
      await initializeTeacher(gpu, stream, teacher, seed);
      using predictions = new Predictions(gpu, 'teacher', set.size);
      for (const dispatch of teacher.evaluation(set, predictions)) stream.run(dispatch);
      stream.copy(predictions.u.buffer, 0, set.y.buffer, 0, 4 * set.size);
      stream.flush(); // before the teacher goes
      return;
    }
    default: {
      const directions = targetDirections(d, seed);
      using b = new Vector(gpu, 'b', d);
      using c = new Vector(gpu, 'c', d);
      b.write(Float32Array.from(directions.b));
      c.write(Float32Array.from(directions.c));
      const program = await compileTarget(
        gpu,
        target.kind === 'hermite'
          ? { ...target, coefficients: unitCoefficients(target.coefficients) }
          : target,
      );
      for (const block of set.X.blocks()) stream.run(program(block, { b, c }, set.y));
      stream.flush(); // before b and c go
    }
  }
}
