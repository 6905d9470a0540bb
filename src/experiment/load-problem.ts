import { spectrumMoment } from '../data/covariance.ts';
import { Sampler } from '../data/distribution.ts';
import { PointSet } from '../data/point-set.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import { fillTargets } from './fill-targets.ts';
import { requireFit } from './memory.ts';
import { type Problem, type ProblemOptions, ownedProblem } from './problem.ts';
import type { Spec, SyntheticSpec } from './spec.ts';
import { isRead } from './spec-facts.ts';

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
  if (!isRead(data)) return draw(gpu, stream, spec, data, options);
  // What reads files is loaded by whoever has some.
  const { loadArrays } = await import('./load-arrays.ts');
  return loadArrays(gpu, stream, spec, data, options);
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
