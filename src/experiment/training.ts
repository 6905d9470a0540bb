import { Predictions, type PointSet } from '../data/point-set.ts';
import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import type { LinearFeatures } from '../math/linear-features.ts';
import { LinearModel } from '../model/linear-model.ts';
import type { Activation } from '../math/activation-names.ts';
import type { TrainedLayers } from '../jacobian/vjp.ts';
import { LinearizedNetwork } from '../model/linearized-network.ts';
import { TwoLayerNetwork } from '../network/two-layer.ts';
import { Reduction } from '../programs/reduce.ts';
import { type ModelPredictions, SetInstruments, setMeasureCount } from './measures.ts';
import type { StepRecord } from './result.ts';

/** Steps whose losses the device keeps until they are read back. */
export const traceSteps = 512;

export interface TrainingSetup {
  train: PointSet;
  test: PointSet | null;
  activation: Activation;
  width: number;
  layers: TrainedLayers;
  rates: { eta1: number; eta2: number };
  features: LinearFeatures;
  linearized: boolean;
  /** Most records that are made before they are taken. */
  records: number;
  /**
   * Powers of 2 that bring the targets of each set near 1: squares of outputs and residuals are summed with them, so that
   * float32 holds those of labels of any scale.
   */
  factors: { train: number; test: number };
  /** Points of the test set (of the training set where there is none) whose outputs are recorded. */
  watched: readonly number[];
}

/** One model with its predictions on both sets. */
interface Curve {
  name: 'network' | 'linear model' | 'linearized network';
  train: Predictions;
  test: Predictions | undefined;
  /** Training loss of every step. */
  trace: Reduction;
  /** Dispatches, bound once and run at every step. */
  dispatches: Record<'evaluation' | 'evaluationWithGradient' | 'descent' | 'testEvaluation', Dispatch[]>;
}

/** What a model is to a curve: dispatches on a set, with the gradient of its loss or without. */
interface Behaviour {
  evaluate: (set: PointSet, predictions: Predictions, withGradient: boolean) => Iterable<Dispatch>;
  descend: () => Iterable<Dispatch>;
}

/**
 * The network, its linear model and, where asked for, the linearized network, trained side by side on the device.
 * What is measured stays there too, in one buffer of records and one of losses, until it is read back.
 */
export class Training implements Disposable {
  readonly network: TwoLayerNetwork;
  readonly linear: LinearModel;
  readonly #setup: TrainingSetup;
  readonly #curves: Curve[];
  readonly #instruments: { train: SetInstruments; test: SetInstruments | undefined };
  readonly #watchedRanges: { first: number; count: number }[];
  /** ‖W − W(0)‖_F², ‖v − v(0)‖², ‖β‖², with the powers of 2 that they are summed with. */
  readonly #movements: { reduction: Reduction; factor: number }[];
  readonly #records: Vector;
  readonly #trace: Vector;
  readonly #owned: Resources;
  /** Steps recorded and not taken yet, in the order of their records. */
  #pending: number[] = [];

  private constructor(
    setup: TrainingSetup,
    models: { network: TwoLayerNetwork; linear: LinearModel },
    parts: {
      curves: Curve[];
      instruments: { train: SetInstruments; test: SetInstruments | undefined };
      movements: { reduction: Reduction; factor: number }[];
      records: Vector;
      trace: Vector;
    },
    owned: Resources,
  ) {
    this.#setup = setup;
    this.#watchedRanges = ranges(setup.watched);
    this.network = models.network;
    this.linear = models.linear;
    this.#curves = parts.curves;
    this.#instruments = parts.instruments;
    this.#movements = parts.movements;
    this.#records = parts.records;
    this.#trace = parts.trace;
    this.#owned = owned;
  }

  /** Allocates and compiles everything and computes q on both sets; the parameters are set by `initialize`. */
  static async create(gpu: Gpu, stream: CommandStream, setup: TrainingSetup): Promise<Training> {
    const { train, test, activation, width, layers, rates, features } = setup;
    using owned = new Resources();
    const own = <T extends Disposable>(resource: T): T => owned.own(resource);
    const maxPoints = Math.max(train.size, test?.size ?? 0);
    const sizes = { d: features.d, width, maxPoints };

    const network = own(await TwoLayerNetwork.create(gpu, sizes, activation, layers));
    const linear = own(await LinearModel.create(gpu, features, maxPoints));
    const linearized = setup.linearized
      ? own(await LinearizedNetwork.create(gpu, network, activation, maxPoints))
      : undefined;
    const q = new Map<PointSet, Vector>();
    for (const set of test ? [train, test] : [train]) {
      const feature = own(new Vector(gpu, 'norm feature', set.size));
      for (const dispatch of linear.normFeature(set, feature)) stream.run(dispatch);
      q.set(set, feature);
    }

    const records = own(new Vector(gpu, 'records', setup.records * recordFloats(setup)));
    const trace = own(new Vector(gpu, 'losses', traceSteps * 3));
    const curve = async (name: Curve['name'], { evaluate, descend }: Behaviour): Promise<Curve> => {
      const predictions = own(new Predictions(gpu, `${name}, training`, train.size));
      const testPredictions = test ? own(new Predictions(gpu, `${name}, test`, test.size)) : undefined;
      return {
        name,
        train: predictions,
        test: testPredictions,
        trace: own(await Reduction.create(gpu, 'square', train.size, trace.binding, predictions.e.binding)),
        dispatches: {
          evaluation: [...evaluate(train, predictions, false)],
          evaluationWithGradient: [...evaluate(train, predictions, true)],
          descent: [...descend()],
          testEvaluation: test && testPredictions ? [...evaluate(test, testPredictions, false)] : [],
        },
      };
    };
    const eta = Math.max(rates.eta1, rates.eta2);
    const curves = [
      await curve('network', {
        evaluate: (set, predictions, withGradient) =>
          withGradient
            ? network.evaluationWithGradient(set, predictions)
            : network.evaluation(set, predictions),
        descend: () => network.descent(train.size, rates),
      }),
      await curve('linear model', {
        evaluate: (set, predictions, withGradient) =>
          linear.evaluation(set, q.get(set)!, predictions, withGradient),
        descend: () => linear.descent(train.size, eta),
      }),
    ];
    if (linearized) {
      curves.push(
        await curve('linearized network', {
          evaluate: (set, predictions, withGradient) => linearized.evaluation(set, predictions, withGradient),
          descend: () => linearized.descent(train.size, rates),
        }),
      );
    }
    const instruments = async (set: PointSet, predictions: (curve: Curve) => Predictions, factor: number) => {
      const models: ModelPredictions = {
        network: predictions(curves[0]),
        linear: predictions(curves[1]),
        linearized: curves[2] && predictions(curves[2]),
      };
      return own(await SetInstruments.create(gpu, set.size, models, records, factor));
    };
    const squareSum = async (length: number, a: GPUBufferBinding, rate: number) => ({
      reduction: own(await Reduction.create(gpu, 'square', length, records.binding, a)),
      // Displacements begin with rates times residuals.
      factor: rate > 0 && rate < 1 ? setup.factors.train * powerNear(1 / rate) : setup.factors.train,
    });
    const { displacementW, displacementV } = network;
    const parts = {
      curves,
      instruments: {
        train: await instruments(train, (c) => c.train, setup.factors.train),
        test: test ? await instruments(test, (c) => c.test!, setup.factors.test) : undefined,
      },
      movements: [
        await squareSum(displacementW.rows * displacementW.stride, displacementW.whole().binding, rates.eta1),
        await squareSum(displacementV.length, displacementV.binding, rates.eta2),
        await squareSum(linear.beta.length, linear.beta.binding, eta),
      ],
      records,
      trace,
    };
    return new Training(setup, { network, linear }, parts, owned.move());
  }

  /** Outputs and losses of every model on the training set at step t, and the gradients for the next step. */
  evaluate(stream: CommandStream, step: number, withGradient: boolean): void {
    const { train, factors } = this.#setup;
    for (const [index, { dispatches, trace }] of this.#curves.entries()) {
      const evaluation = withGradient ? dispatches.evaluationWithGradient : dispatches.evaluation;
      for (const dispatch of evaluation) stream.run(dispatch);
      const slot = (step % traceSteps) * 3 + index;
      for (const dispatch of trace.into(slot, 1 / (2 * train.size), factors.train)) stream.run(dispatch);
    }
  }

  /** Outputs of every model on the test set. */
  evaluateTest(stream: CommandStream): void {
    for (const { dispatches } of this.#curves) {
      for (const dispatch of dispatches.testEvaluation) stream.run(dispatch);
    }
  }

  /** Measures the step just evaluated into the next record on the device. */
  record(stream: CommandStream, step: number): void {
    this.evaluateTest(stream);
    const slot = (this.#pending.push(step) - 1) * recordFloats(this.#setup);
    this.#instruments.train.measure(stream, slot);
    this.#instruments.test?.measure(stream, slot + setMeasureCount);
    for (const [index, { reduction, factor }] of this.#movements.entries()) {
      for (const dispatch of reduction.into(slot + 2 * setMeasureCount + index, 1, factor))
        stream.run(dispatch);
    }
    let at = slot + 2 * setMeasureCount + this.#movements.length;
    for (const curve of this.#curves) {
      const { u } = curve.test ?? curve.train;
      for (const { first, count } of this.#watchedRanges) {
        stream.copy(u.buffer, 4 * first, this.#records.buffer, 4 * at, 4 * count);
        at += count;
      }
    }
  }

  descend(stream: CommandStream): void {
    for (const { dispatches } of this.#curves) {
      for (const dispatch of dispatches.descent) stream.run(dispatch);
    }
  }

  /** The records made since they were last taken; the next ones take their place. The stream must be flushed. */
  async takeRecords(gpu: Gpu): Promise<StepRecord[]> {
    const steps = this.#pending;
    this.#pending = [];
    return this.#read(gpu, 0, steps);
  }

  /** The record just made. The stream must be flushed. */
  async lastRecord(gpu: Gpu): Promise<StepRecord> {
    const last = this.#pending.length - 1;
    return (await this.#read(gpu, last, this.#pending.slice(last)))[0];
  }

  async #read(gpu: Gpu, first: number, steps: readonly number[]): Promise<StepRecord[]> {
    if (steps.length === 0) return [];
    const size = recordFloats(this.#setup);
    const [offset, length] = [4 * first * size, 4 * steps.length * size];
    const floats = new Float32Array(await gpu.read(this.#records.buffer, offset, length));
    return steps.map((step, k) => this.#decode(step, floats.subarray(k * size, (k + 1) * size)));
  }

  #decode(step: number, floats: Float32Array): StepRecord {
    const { train, test } = this.#instruments;
    const [movementW, movementV, movementBeta] = this.#movements.map(
      ({ factor }, index) => Math.sqrt(floats[2 * setMeasureCount + index]) / factor,
    );
    const outputs = floats.subarray(2 * setMeasureCount + this.#movements.length);
    const watched = this.#setup.watched.length;
    const outputsOf = (curve: number) => [...outputs.subarray(curve * watched, (curve + 1) * watched)];
    return {
      step,
      train: train.decode(floats),
      test: test ? test.decode(floats.subarray(setMeasureCount)) : null,
      movementW,
      movementV,
      movementBeta,
      outputs: {
        network: outputsOf(0),
        linear: outputsOf(1),
        linearized: this.#setup.linearized ? outputsOf(2) : null,
      },
    };
  }

  /** Training losses of every model at steps first … last, at most traceSteps of them. The stream must be flushed. */
  async readLosses(
    first: number,
    last: number,
  ): Promise<{ step: number; model: Curve['name']; loss: number }[]> {
    const floats = await this.#trace.read();
    return Array.from({ length: last - first + 1 }, (_, k) => first + k).flatMap((step) =>
      this.#curves.map(({ name }, index) => ({
        step,
        model: name,
        loss: floats[(step % traceSteps) * 3 + index] / this.#setup.factors.train ** 2,
      })),
    );
  }

  /** The models' outputs on both sets; on the test set those of the last record. */
  outputs(): Record<'network' | 'linear', { train: Vector; test: Vector | null }> {
    const [network, linear] = this.#curves.map(({ train, test }) => ({
      train: train.u,
      test: test?.u ?? null,
    }));
    return { network, linear };
  }

  /** Residuals of the models on the training points: network, linear model and, where it trains, linearized network. */
  residuals(): Vector[] {
    return this.#curves.map(({ train }) => train.e);
  }

  /** The models' predictions, for the arrays of a run. */
  predictions(): { name: Curve['name']; train: Predictions; test: Predictions | undefined }[] {
    return this.#curves;
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/** Points that follow one another, each range of them copied at once. */
function ranges(points: readonly number[]): { first: number; count: number }[] {
  const found: { first: number; count: number }[] = [];
  for (const point of points) {
    const last = found.at(-1);
    if (last && point === last.first + last.count) last.count++;
    else found.push({ first: point, count: 1 });
  }
  return found;
}
/** The power of 2 that is nearest below a number > 0. */
export const powerNear = (value: number): number => 2 ** Math.floor(Math.log2(value));

/** Floats of one record: measures of both sets, movements, outputs of each model on the watched points. */
function recordFloats({ linearized, watched }: TrainingSetup): number {
  return 2 * setMeasureCount + 3 + (linearized ? 3 : 2) * watched.length;
}
