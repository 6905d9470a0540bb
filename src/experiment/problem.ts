import { DataError } from '../data/data-error.ts';
import { targetDirections, unitCoefficients } from '../data/directions.ts';
import { spectrumMoment } from '../data/covariance.ts';
import { Sampler } from '../data/distribution.ts';
import { PointSet, Predictions } from '../data/point-set.ts';
import { InputFacts, preparation, preparedSize } from '../data/prepare-images.ts';
import { estimateSpectrumMoment, preparedSample } from '../data/standardize.ts';
import { rowSize } from '../data/stored-array.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { initializeTeacher } from '../network/initialization.ts';
import { TwoLayerNetwork } from '../network/two-layer.ts';
import { compileTarget } from '../programs/target.ts';
import { type MemoryBudget, requireFit } from './memory.ts';
import type { FilesFacts } from './result.ts';
import {
  type FilesSpec,
  type Spec,
  type SyntheticSpec,
  type TargetSpec,
  activationOf,
  isRead,
} from './spec.ts';
import { type OpenArray, type UserArray, labelsOf, readArrays, writeInputs } from './user-arrays.ts';

/** What is learned: both sets of points on the device, and Tr[Σ²]/d of their inputs. */
export interface Problem extends Disposable {
  train: PointSet;
  test: PointSet | null;
  spectrumMoment: number;
  /** x ↦ (x − mean) · scale made the user's inputs what they are here; null for synthetic data. */
  standardization: { mean: number[]; scale: number } | null;
  /** What was read of files whose spec says what is to be done to them; null for all other data. */
  files: FilesFacts | null;
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
  return isRead(data) ? loadArrays(gpu, stream, spec, data, options) : draw(gpu, stream, spec, data, options);
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
    files: null,
  });
}

async function loadArrays(
  gpu: Gpu,
  stream: CommandStream,
  spec: Spec,
  data: FilesSpec,
  options: ProblemOptions,
): Promise<Problem> {
  const read =
    data.distribution === 'npy'
      ? ({
          ...(await readArrays(data, options.open)),
          preparing: { kind: 'centred' },
          description: null,
        } as const)
      : // What reads other formats is loaded by whoever has such files.
        await (
          await import('./read-files.ts')
        ).readFiles(data, options.open, spec.network.kind === 'convolutional' ? 'pixels' : 'principal');
  const { x, y, xTest, yTest, preparing, description } = read;
  const sizes = { n: x.array.shape[0], nTest: xTest?.array.shape[0] ?? 0 };
  requireFit(gpu, { ...sizes, d: preparedSize(rowSize(x.array), preparing) }, spec, options);

  const prepared = preparation(x.array, preparing, x.path);
  const { d } = prepared;
  const facts = new InputFacts(d);
  using owned = new Resources();
  const load = async (label: string, X: UserArray, labels: UserArray | null, name: string) => {
    const set = owned.own(new PointSet(gpu, label, X.array.shape[0], d));
    await writeInputs(gpu, set, X, prepared, spec, X === x ? facts : undefined);
    if (spec.target.kind !== 'labels') await fillTargets(gpu, stream, spec, spec.target, set);
    else if (labels) set.y.write(labelsOf(labels));
    else throw new DataError(`target.kind is "labels" but ${name} is missing; give its path.`);
    return set;
  };
  const train = await load('training', x, y, 'data.y');
  const test = xTest && (await load('test', xTest, yTest, 'data.yTest'));
  return ownedProblem(owned, {
    train,
    test,
    spectrumMoment: estimateSpectrumMoment(
      preparedSample(x.array, d, (entries, first) => prepared.prepare(entries, first, x.path)),
      d,
      prepared.centred ? sizes.n : Infinity,
    ),
    standardization: { mean: [...prepared.mean], scale: prepared.scale },
    files: description
      ? {
          ...description,
          whitened: prepared.whitened,
          meanInnerProduct: facts.meanInnerProduct,
          normSpread: facts.normSpread,
        }
      : null,
  });
}

const ownedProblem = (owned: Resources, problem: Omit<Problem, typeof Symbol.dispose>): Problem => {
  const kept = owned.move();
  return { ...problem, [Symbol.dispose]: () => kept[Symbol.dispose]() };
};

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
        { d, width: target.width, maxPoints: set.size, trained: [], symmetric: false },
        activationOf(target),
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
