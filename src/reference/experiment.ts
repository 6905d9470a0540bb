import { columnVariances, spectrumMoment } from '../data/covariance.ts';
import { targetDirections } from '../data/directions.ts';
import { streams } from '../data/streams.ts';
import { recordSteps } from '../experiment/record-steps.ts';
import type { Preparation, StepRecord } from '../experiment/result.ts';
import { widthOf } from '../experiment/network-facts.ts';
import { activationOf, ratesOf } from '../experiment/spec-facts.ts';
import type { Spec } from '../experiment/spec.ts';
import { ClosedForm, featureMoments } from '../model/closed-form.ts';
import { byKey } from '../model/model.ts';
import { Modes } from '../model/modes.ts';
import { dense } from '../math/dense.ts';
import { gaussianConstants } from '../math/gaussian-constants.ts';
import { type LinearFeatures, linearFeatures } from '../math/linear-features.ts';
import { greatestOf } from '../math/statistics.ts';
import { random } from '../math/random.ts';
import { horizon } from '../theory/horizon.ts';
import { linearGradient } from './linear-gradient.ts';
import { normFeature } from './norm-feature.ts';
import { residual } from './output.ts';
import { target } from './target.ts';
import { type Outputs, type TrainingOutcome, type TrainingProblem, train } from './train.ts';

/** What training starts from: points with their targets, W(0) and v(0). */
export type Posed = Pick<TrainingProblem, 'train' | 'test' | 'W0' | 'v0'>;

export interface Experiment {
  preparation: Preparation;
  /** As a run has them, without modes and alignment. */
  records: StepRecord[];
  /** With outputs on every point, and the parameters, at each record. */
  outcome: TrainingOutcome;
  features: LinearFeatures;
  modes: Modes;
  /** ⟨u_k, e⟩/√n of every mode for the error e = u − y of outputs u on the training points. */
  errorsAlong: (u: Float64Array) => Float64Array;
}

/**
 * A whole run in float64: what src/experiment/run.ts says of it, but for claims, alignment and times, from the numbers that
 * are drawn here or, where a run on a device is to be followed, from those that it sent.
 * @throws RangeError for inputs that are not Gaussian of mean 0.
 */
export function experiment(spec: Spec, posed: Posed = drawn(spec)): Experiment {
  requireGaussian(spec);
  const { d } = spec.data;
  const rates = ratesOf(spec);
  const activation = activationOf(spec.network);
  const moment = spectrumMoment(spec.data);
  const constants = gaussianConstants(activation, moment);
  const features = linearFeatures(constants, d, rates);
  const recordAt = recordSteps(spec);
  const { linearized } = spec.training;
  const outcome = train({ ...posed, activation, rates, features, recordAt, linearized });

  const { X, y } = posed.train;
  const moments = featureMoments(features, X, y);
  const solution = new ClosedForm(moments);
  const modes = new Modes({ solution, moments });
  const q = normFeature(X, features);
  const eta = greatestOf(rates);
  const preparation: Preparation = {
    n: X.rows,
    nTest: posed.test?.X.rows ?? 0,
    d,
    spectrumMoment: moment,
    constants,
    rates: ['W', 'v'].map((parameter, l) => ({ parameter, rate: rates[l] })),
    eta,
    horizon: horizon(d, eta),
    largestStableRate: solution.largestStableRate,
    linearOptimum: solution.optimum,
    watched: watchedOf(spec, posed),
    standardization: null,
    covarianceNorm: null,
    largestTarget: y.reduce((most, label) => Math.max(most, Math.abs(label)), 0),
    targetSize: Math.sqrt(y.reduce((sum, label) => sum + label * label, 0) / y.length),
  };
  const { indices } = preparation.watched;
  const records = outcome.records.map(({ step, train, test, movement, outputs }): StepRecord => ({
    ...{ step, train, test, movement },
    outputs: outputsAt(outputs.test ?? outputs.train, indices),
  }));
  const errorsAlong = (u: Float64Array): Float64Array =>
    modes.along(linearGradient(features, X, q, residual(u, y)));
  return { preparation, records, outcome, features, modes, errorsAlong };
}

/**
 * The data and the symmetric start of a spec, from the streams of its seed: the numbers that the device draws, before they
 * are rounded to float32.
 * @throws RangeError for inputs that are not Gaussian of mean 0, and for targets that take more than directions.
 */
export function drawn(spec: Spec): Posed {
  requireGaussian(spec);
  const { seed, data, target: task } = spec;
  if (task.kind === 'teacher' || task.kind === 'labels') {
    throw new RangeError(`target.kind is ${task.kind}; drawn here are targets along random directions.`);
  }
  const directions = targetDirections(data.d, seed);
  const scales = columnVariances(data).map(Math.sqrt);
  const sample = (rows: number, stream: number) => {
    const X = random('normal', rows, data.d, { seed, stream });
    X.data.forEach((entry, k) => (X.data[k] = entry * scales[k % data.d]));
    return { X, y: target(X, task, directions) };
  };
  const half = widthOf(spec.network) / 2;
  const W = random('normal', half, data.d, { seed, stream: streams.firstLayer }).data;
  const signs = random('sign', 1, half, { seed, stream: streams.secondLayer }).data;
  return {
    train: sample(data.n, streams.trainInputs),
    test: data.nTest > 0 ? sample(data.nTest, streams.testInputs) : null,
    W0: dense(2 * half, data.d, [...W, ...W]),
    v0: Float64Array.from([...signs, ...signs.map((sign) => -sign)]),
  };
}

type GaussianSpec = Spec & { data: Extract<Spec['data'], { distribution: 'gaussian' | 'spiked' }> };

function requireGaussian(spec: Spec): asserts spec is GaussianSpec {
  const { data } = spec;
  if (data.distribution !== 'gaussian' && data.distribution !== 'spiked') {
    throw new RangeError(
      `data.distribution is ${data.distribution}; in float64 there are Gaussian inputs of mean 0.`,
    );
  }
}

function watchedOf({ training: { watched } }: Spec, { train, test }: Posed): Preparation['watched'] {
  const { y } = test ?? train;
  const indices =
    typeof watched === 'number'
      ? Array.from({ length: Math.min(watched, y.length) }, (_, point) => point)
      : watched;
  return { set: test ? 'test' : 'train', indices, targets: indices.map((point) => y[point]) };
}

const outputsAt = (outputs: Outputs, points: readonly number[]): StepRecord['outputs'] =>
  byKey(Object.keys(outputs), (key) => points.map((point) => outputs[key]![point]));
