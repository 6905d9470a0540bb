import { DataError } from '../data/data-error.ts';
import { PointSet } from '../data/point-set.ts';
import { InputFacts, preparation, preparedSize } from '../data/prepare-images.ts';
import { estimateSpectrumMoment, preparedSample } from '../data/standardize.ts';
import { rowSize } from '../data/stored-array.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import { fillTargets } from './fill-targets.ts';
import { requireFit } from './memory.ts';
import type { ProblemOptions, ProblemParts } from './problem.ts';
import type { FilesSpec, Spec } from './spec.ts';
import { type UserArray, labelsOf, readArrays, writeInputs } from './user-arrays.ts';

/** The user's own points, read and prepared as the spec says; `owned` owns them. */
export async function loadArrays(
  gpu: Gpu,
  stream: CommandStream,
  spec: Spec,
  data: FilesSpec,
  options: ProblemOptions,
  owned: Resources,
): Promise<ProblemParts> {
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
  return {
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
  };
}
