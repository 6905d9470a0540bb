import { DataError } from '../data/data-error.ts';
import type { PointSet } from '../data/point-set.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Resources } from '../gpu/resources.ts';
import { together } from '../gpu/together.ts';
import { gaussianConstants } from '../math/gaussian-constants.ts';
import type { DeepConstants } from '../math/deep/linear-constants.ts';
import { type Inputs, type LinearFeatures, linearFeatures } from '../math/linear-features.ts';
import { greatestOf, leastOf } from '../math/statistics.ts';
import { ClosedForm, featureMoments } from '../model/closed-form.ts';
import { LinearModel } from '../model/linear-model.ts';
import type { Model } from '../model/model.ts';
import { initializeSymmetrically } from '../network/initialization.ts';
import type { DeepNetwork } from '../network/deep.ts';
import { TwoLayerNetwork } from '../network/two-layer.ts';
import { weightsFor } from '../jacobian/factors.ts';
import { deepHorizon } from '../theory/horizon.ts';
import type { LabParts } from '../theory/lab-parts.ts';
import type { KernelRoom } from './memory.ts';
import type { Problem } from './problem.ts';
import { recordSteps } from './record-steps.ts';
import type { LinearChoice } from './linear-choices.ts';
import { isTwoLayer } from './network-facts.ts';
import { activationOf, isRead, ratesOf } from './spec-facts.ts';
import type { DeepPreparation, Preparation } from './result.ts';
import type { Spec } from './spec.ts';
import { type TrainedModels, Training, powerNear, traceSteps } from './training.ts';

/** Bounds on the labels, and on labels times rates, that training takes. */
const largestLabel = 1e30;
const smallestStep = 1e-27;
/** The closed form is solved up to this many features and multiply-adds (some seconds of one core). */
export const closedFormLimit = { features: 512, work: 2e10 };

/** The models of a run; the network knows its layers. */
export interface RunModels {
  network: TwoLayerNetwork | DeepNetwork;
  linear: LinearModel;
  /** Those two and what trains beside them, in the order of records. */
  all: TrainedModels;
}

/** What measuring a kernel may take: memory, and until when. */
interface Limits extends KernelRoom {
  signal: AbortSignal | undefined;
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
  limits: Limits,
): Promise<Prepared> {
  const { train, test, spectrumMoment } = problem;
  const d = train.X.cols;
  const rates = ratesOf(spec);
  const eta = greatestOf(rates);
  const constants = gaussianConstants(activationOf(spec.network), spectrumMoment);
  const watchedSet = test ?? train;
  stream.flush();
  // Together, since every readback may wait for a slow poll.
  const [targets, watchedTargets, inputs] = await together([
    train.y.read(),
    watchedSet.y.read(),
    closedFormIsCheap(train.X) ? train.X.readAll() : undefined,
  ]);
  const largestTarget = largestOf(targets);
  requireRange(largestTarget, rates);
  const watched = watchedPoints(spec, watchedSet.size);

  const models = await makeModels(gpu, spec, problem, inputs, owned);
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
  const { network } = models;
  if (network.kind === 'deep') {
    const { initializeTowers } = await import('../network/deep-initialization.ts');
    initializeTowers(network, spec.seed);
  } else await initializeSymmetrically(gpu, stream, network, spec.seed);

  const { features, linearInputs } = models;
  const closedForm = linearInputs ? solve(features, linearInputs, targets) : null;
  const preparation: Preparation = {
    n: train.size,
    nTest: test?.size ?? 0,
    d,
    spectrumMoment,
    constants,
    rates: models.network.movements.map(({ name }, l) => ({ parameter: name, rate: rates[l] })),
    eta,
    horizon: deepHorizon(d, eta, models.deep?.k1 ?? 1),
    ...(models.deep && { deep: await deepPreparation(gpu, stream, models, { train, rates, ...limits }) }),
    largestStableRate: closedForm?.solution.largestStableRate ?? null,
    linearOptimum: closedForm?.solution.optimum ?? null,
    watched: {
      set: test ? 'test' : 'train',
      indices: watched,
      targets: watched.map((point) => watchedTargets[point]),
    },
    standardization: problem.standardization,
    covarianceNorm: isRead(spec.data)
      ? await (
          await norms()
        ).covarianceNorm(
          gpu,
          train,
          spec.seed,
          closedForm && !models.mapped ? { features, moments: closedForm.moments } : null,
        )
      : null,
    ...(problem.files && { files: problem.files }),
    largestTarget,
    targetSize: Math.sqrt(targets.reduce((sum, y) => sum + y * y, 0) / train.size),
  };
  return { preparation, models, training, closedForm };
}

/** Spectral norms, loaded where one is asked for. */
const norms = () => import('./preparation-norms.ts');

/** The models, with what is known of the linear one. */
interface MadeModels extends RunModels {
  features: LinearFeatures;
  /** What its features are of, on the host: X, or what stands in for it; undefined where the closed form is not cheap. */
  linearInputs: Inputs | undefined;
  /** Whether something stands in for X. */
  mapped: boolean;
  /** Of the kernel of a deep network. */
  deep: DeepConstants | undefined;
}

async function makeModels(
  gpu: Gpu,
  spec: Spec,
  { train, test, spectrumMoment }: Problem,
  inputs: Float32Array | undefined,
  owned: Resources,
): Promise<MadeModels> {
  const d = train.X.cols;
  const maxPoints = Math.max(train.size, test?.size ?? 0);
  const rates = ratesOf(spec);
  const activation = activationOf(spec.network);
  const trained = rates.flatMap((eta, l) => (eta > 0 ? [l] : []));
  const X = inputs && { rows: train.size, cols: d, data: inputs };
  let network: TwoLayerNetwork | DeepNetwork;
  let chosen: LinearChoice;
  let beside: LinearChoice[] = [];
  let deep: MadeModels['deep'];
  if (isTwoLayer(spec.network)) {
    const sizes = { d, width: spec.network.width, maxPoints, trained };
    network = owned.own(await TwoLayerNetwork.create(gpu, sizes, activation));
    const features = linearFeatures(gaussianConstants(activation, spectrumMoment), d, rates);
    chosen = { key: 'theory', features, map: undefined };
  } else {
    // What deep networks need is loaded with them.
    const { makeDeep } = await import('./deep-models.ts');
    const made = await makeDeep(gpu, spec, spec.network, {
      d,
      maxPoints,
      trained,
      spectrumMoment,
      sample: X ?? (await firstInputs(train)),
    });
    network = owned.own(made.network);
    chosen = made.theory;
    beside = made.beside;
    deep = made.constants;
  }
  const linear = owned.own(await LinearModel.create(gpu, chosen.features, maxPoints, { map: chosen.map }));
  const all: [Model, Model, ...Model[]] = [network, linear];
  for (const { key, features, map } of beside) {
    const names = { key, name: `${key} linear model`, prefix: key, map };
    all.push(owned.own(await LinearModel.create(gpu, features, maxPoints, names)));
  }
  if (spec.training.linearized) {
    const { LinearizedNetwork } = await import('../model/linearized-network.ts');
    all.push(owned.own(await LinearizedNetwork.create(gpu, network, maxPoints)));
  }
  return {
    network,
    linear,
    all,
    features: chosen.features,
    linearInputs: X && chosen.map ? chosen.map.of(X) : X,
    mapped: chosen.map !== undefined,
    deep,
  };
}

/** The rate above which gradient descent of a deep network is not stable, and what its clock runs by. */
async function deepPreparation(
  gpu: Gpu,
  stream: CommandStream,
  { network, deep }: MadeModels,
  { train, rates, ...limits }: Limits & { train: PointSet; rates: readonly number[] },
): Promise<DeepPreparation> {
  const { signal } = limits;
  const { k0, k1, k2, diagonal } = deep!;
  const eta = greatestOf(rates);
  const rows = network.jacobian(train.X, 'start');
  const weights = weightsFor(
    rows,
    rates.map((rate) => rate / eta),
  );
  const known = {
    ...(network.kind === 'deep' && { gains: network.architecture.gains }),
    k0,
    k1,
    k2,
    gamma: diagonal - k0 - k1,
    clock: (eta * k1) / train.X.cols,
  };
  try {
    const { value, error } = await (await norms()).kernelNorm(gpu, stream, { rows, weights }, limits);
    return { ...known, kernelNorm: { value, error }, stableRate: (2 * train.size) / value };
  } catch (error) {
    // Who stops the run meanwhile has its result without them.
    if (signal?.aborted && error === signal.reason) return { ...known, kernelNorm: null, stableRate: null };
    throw error;
  }
}

/** The first training inputs, as many as linear models are fitted to at most. */
async function firstInputs({ X }: PointSet): Promise<Inputs> {
  const data = new Float32Array(Math.min(X.rows, fittedSamples) * X.cols);
  let at = 0;
  for await (const rows of X.read()) {
    const part = rows.subarray(0, data.length - at);
    data.set(part, at);
    at += part.length;
    if (at === data.length) break;
  }
  return { rows: data.length / X.cols, cols: X.cols, data };
}

/** More than any linear model takes of its sample. */
const fittedSamples = 400;

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

const closedFormIsCheap = ({ rows, cols }: { rows: number; cols: number }): boolean =>
  cols + 2 <= closedFormLimit.features && rows * (cols + 2) ** 2 <= closedFormLimit.work;

/** The linear model's closed form, in float64 on the host. */
function solve(
  features: LinearFeatures,
  inputs: Inputs,
  targets: Float32Array,
): NonNullable<LabParts['closedForm']> {
  const moments = featureMoments(features, inputs, targets);
  return { solution: new ClosedForm(moments), moments };
}
