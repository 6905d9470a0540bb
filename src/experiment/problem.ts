import { spectrumMoment } from '../data/covariance.ts';
import { Sampler } from '../data/distribution.ts';
import { PointSet } from '../data/point-set.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import { fillTargets } from './fill-targets.ts';
import { type MemoryBudget, requireFit } from './memory.ts';
import type { FilesFacts } from './result.ts';
import { type Spec, type SyntheticSpec, isRead } from './spec.ts';
import type { OpenArray } from './user-arrays.ts';

/** What is learned: both sets of points on the device, and Tr[Σ²]/d of their inputs. */
export interface ProblemParts {
  train: PointSet;
  test: PointSet | null;
  spectrumMoment: number;
  /** x ↦ (x − mean) · scale made the user's inputs what they are here; null for synthetic data. */
  standardization: { mean: number[]; scale: number } | null;
  /** What was read of files whose spec says what is to be done to them; null for all other data. */
  files: FilesFacts | null;
}

/** It owns its points. */
export type Problem = ProblemParts & Disposable;

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
  using owned = new Resources();
  // What reads arrays is loaded by whoever has some.
  const parts = isRead(data)
    ? await (await import('./load-arrays.ts')).loadArrays(gpu, stream, spec, data, options, owned)
    : await draw(gpu, stream, spec, data, options, owned);
  const kept = owned.move();
  return { ...parts, [Symbol.dispose]: () => kept[Symbol.dispose]() };
}

async function draw(
  gpu: Gpu,
  stream: CommandStream,
  spec: Spec,
  data: SyntheticSpec,
  options: ProblemOptions,
  owned: Resources,
): Promise<ProblemParts> {
  requireFit(gpu, data, spec, options);
  const train = owned.own(new PointSet(gpu, 'training', data.n, data.d));
  const test = data.nTest > 0 ? owned.own(new PointSet(gpu, 'test', data.nTest, data.d)) : null;
  using sampler = await Sampler.create(gpu, data);
  for (const dispatch of sampler.fill(train.X, spec.seed, 'train')) stream.run(dispatch);
  if (test) for (const dispatch of sampler.fill(test.X, spec.seed, 'test')) stream.run(dispatch);
  for (const set of test ? [train, test] : [train]) await fillTargets(gpu, stream, spec, spec.target, set);
  return { train, test, spectrumMoment: spectrumMoment(data), standardization: null, files: null };
}
