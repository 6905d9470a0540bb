import { DataError } from '../data/data-error.ts';
import type { PointSet } from '../data/point-set.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Resources } from '../gpu/resources.ts';
import { together } from '../gpu/together.ts';
import { FeatureKernel, inputFeatures } from '../kernel/feature-kernel.ts';
import { gaussianConstants } from '../math/gaussian-constants.ts';
import { type LinearFeatures, linearFeatures } from '../math/linear-features.ts';
import { greatestOf, leastOf } from '../math/statistics.ts';
import { ClosedForm, featureMoments } from '../model/closed-form.ts';
import { inputEigenvalues } from '../model/input-eigenvalues.ts';
import { LinearModel } from '../model/linear-model.ts';
import { LinearizedNetwork } from '../model/linearized-network.ts';
import { initializeSymmetrically } from '../network/initialization.ts';
import { TwoLayerNetwork } from '../network/two-layer.ts';
import { spectralNorm } from '../spectral/spectrum.ts';
import { horizon } from '../theory/horizon.ts';
import type { LabParts } from '../theory/lab.ts';
import type { Problem } from './problem.ts';
import { recordSteps } from './record-steps.ts';
import type { Preparation } from './result.ts';
import { type Spec, activationOf, isRead, ratesOf } from './spec.ts';
import { type TrainedModels, Training, powerNear, traceSteps } from './training.ts';

/** Bounds on the labels, and on labels times rates, that training takes. */
const largestLabel = 1e30;
const smallestStep = 1e-27;
/** The closed form is solved up to this many features and multiply-adds (some seconds of one core). */
export const closedFormLimit = { features: 512, work: 2e10 };

/** The models of a run; the network knows its layers. */
export interface RunModels {
  network: TwoLayerNetwork;
  linear: LinearModel;
  /** Those two and what trains beside them, in the order of records. */
  all: TrainedModels;
}

/** What a run begins with. */
export interface Prepared {
  preparation: Preparation;
  models: RunModels;
  training: Training;
  closedForm: LabParts['closedForm'];
}

/**
 * Makes the models of a spec on the problem's points, their parameters at the start, and what trains them; solves the linear
 * model's closed form where that is cheap. `owned` owns all of it.
 * @throws DataError for labels and rates that float32 does not hold, and for watched points that there are not.
 */
export async function prepare(
  gpu: Gpu,
  stream: CommandStream,
  spec: Spec,
  problem: Problem,
  owned: Resources,
): Promise<Prepared> {
  const { train, test, spectrumMoment } = problem;
  const d = train.X.cols;
  const activation = activationOf(spec.network);
  const rates = ratesOf(spec);
  const eta = greatestOf(rates);
  const constants = gaussianConstants(activation, spectrumMoment);
  const features = linearFeatures(constants, d, rates);
  const watchedSet = test ?? train;
  stream.flush();
  // Together, since every readback may wait for a slow poll.
  const [targets, watchedTargets, inputs] = await together([
    train.y.read(),
    watchedSet.y.read(),
    closedFormIsCheap(train) ? train.X.readAll() : undefined,
  ]);
  const largestTarget = largestOf(targets);
  requireRange(largestTarget, rates);
  const watched = watchedPoints(spec, watchedSet.size);

  const models = await makeModels(gpu, spec, features, Math.max(train.size, test?.size ?? 0), owned);
  const training = owned.own(
    await Training.create(gpu, stream, {
      train,
      test,
      models: models.all,
      rates,
      // They are taken at least every traceSteps steps, and at once where the gate had one made.
      records: Math.min(recordSteps(spec).length + 1, traceSteps),
      watched,
      factors: {
        train: factorOf(largestTarget),
        test: factorOf(Math.max(largestTarget, largestOf(watchedTargets))),
      },
    }),
  );
  await initializeSymmetrically(gpu, stream, models.network, spec.seed);

  const closedForm = inputs ? solve(train, features, inputs, targets) : null;
  const preparation: Preparation = {
    n: train.size,
    nTest: test?.size ?? 0,
    d,
    spectrumMoment,
    constants,
    rates: models.network.layers.map(({ name }, l) => ({ parameter: name, rate: rates[l] })),
    eta,
    horizon: horizon(d, eta),
    largestStableRate: closedForm?.solution.largestStableRate ?? null,
    linearOptimum: closedForm?.solution.optimum ?? null,
    watched: {
      set: test ? 'test' : 'train',
      indices: watched,
      targets: watched.map((point) => watchedTargets[point]),
    },
    standardization: problem.standardization,
    covarianceNorm: isRead(spec.data)
      ? ((closedForm && inputEigenvalues(features, closedForm.moments)?.[0]) ??
        (await covarianceNorm(gpu, train, spec.seed)))
      : null,
    ...(problem.files && { files: problem.files }),
    largestTarget,
    targetSize: Math.sqrt(targets.reduce((sum, y) => sum + y * y, 0) / train.size),
  };
  return { preparation, models, training, closedForm };
}

/** ‖XᵀX/n‖ = ‖XXᵀ‖/n by Lanczos on the device, of any d. */
async function covarianceNorm(gpu: Gpu, { X }: PointSet, seed: number): Promise<number> {
  using stream = new CommandStream(gpu);
  using gram = await FeatureKernel.create(gpu, stream, X, inputFeatures(X.cols));
  await stream.finish();
  return (await spectralNorm(gpu, gram, { seed })).value / X.rows;
}

async function makeModels(
  gpu: Gpu,
  spec: Spec,
  features: LinearFeatures,
  maxPoints: number,
  owned: Resources,
): Promise<RunModels> {
  const trained = ratesOf(spec).flatMap((eta, l) => (eta > 0 ? [l] : []));
  const sizes = { d: features.d, width: spec.network.width, maxPoints, trained };
  const network = owned.own(await TwoLayerNetwork.create(gpu, sizes, activationOf(spec.network)));
  const linear = owned.own(await LinearModel.create(gpu, features, maxPoints));
  if (!spec.training.linearized) return { network, linear, all: [network, linear] };
  const linearized = owned.own(await LinearizedNetwork.create(gpu, network, maxPoints));
  return { network, linear, all: [network, linear, linearized] };
}

const largestOf = (targets: Float32Array): number =>
  targets.reduce((largest, y) => Math.max(largest, Math.abs(y)), 0);

/** The power of 2 that brings targets near 1: 1 where the largest is from ½ up to 2. */
const factorOf = (largest: number): number =>
  largest >= 0.5 && largest < 2 ? 1 : largest === 0 ? 1 : powerNear(1 / largest);

/**
 * Refuses labels and rates with which training would leave float32: what a step moves a parameter by is some 10⁻⁴ times
 * rate times label, and what lies below 2⁻¹²⁶ is lost.
 */
function requireRange(largest: number, rates: readonly number[]): void {
  const rate = leastOf([1, ...rates.filter((eta) => eta > 0)]);
  if (largest === 0 || (largest * rate >= smallestStep && largest <= largestLabel)) return;
  throw new DataError(
    `The largest label is ${largest} in size${rate < 1 ? `, and the smallest rate ${rate}` : ''}: training would leave float32, which takes labels from ${Number((smallestStep / rate).toPrecision(3))} to ${largestLabel}${rate < 1 ? ' at this rate' : ''}. Rescale the labels; the theorems take |y| ≤ 1.`,
  );
}

function watchedPoints({ training: { watched } }: Spec, size: number): number[] {
  return typeof watched === 'number'
    ? Array.from({ length: Math.min(watched, size) }, (_, i) => i)
    : watched.map((point) => {
        if (point < size) return point;
        throw new DataError(
          `training.watched has ${point}, but there are ${size} points to watch, from 0 to ${size - 1}.`,
        );
      });
}

const closedFormIsCheap = ({ X }: PointSet): boolean =>
  X.cols + 2 <= closedFormLimit.features && X.rows * (X.cols + 2) ** 2 <= closedFormLimit.work;

/** The linear model's closed form, in float64 on the host. */
function solve(
  { X }: PointSet,
  features: LinearFeatures,
  inputs: Float32Array,
  targets: Float32Array,
): NonNullable<LabParts['closedForm']> {
  const moments = featureMoments(features, { rows: X.rows, cols: X.cols, data: inputs }, targets);
  return { solution: new ClosedForm(moments), moments };
}
