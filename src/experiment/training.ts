import { Predictions, type PointSet } from '../data/point-set.ts';
import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { type Model, byKey } from '../model/model.ts';
import { Reduction } from '../programs/reduce.ts';
import { SetInstruments, setMeasureCount } from './measures.ts';
import type { StepRecord } from './result.ts';

/** Steps whose losses the device keeps until they are read back. */
export const traceSteps = 512;

/** Who trains beside each other, in the order of records: a network, and what the theory puts beside it. */
export type TrainedModels = readonly [network: Model, linear: Model, ...beside: Model[]];

export interface TrainingSetup {
  train: PointSet;
  test: PointSet | null;
  models: TrainedModels;
  /** η_l of each layer of the network; 0 for one that rests. */
  rates: readonly number[];
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
  model: Model;
  train: Predictions;
  test: Predictions | undefined;
  /** Training loss of every step. */
  trace: Reduction;
  /** Dispatches, bound once and run at every step. */
  dispatches: Record<'evaluation' | 'evaluationWithGradient' | 'descent' | 'testEvaluation', Dispatch[]>;
}

/** How far some of a model's parameters have moved: ‖θ − θ(0)‖², with the power of 2 that it is summed with. */
interface FollowedMovement {
  /** Shared by the parts of one movement. */
  name: string;
  reduction: Reduction;
  factor: number;
}

/** What a training runs, all of it on the device. */
interface TrainingParts {
  curves: ReadonlyMap<Model, Curve>;
  instruments: { train: SetInstruments; test: SetInstruments | undefined };
  /** Of the models in their order. */
  movements: readonly FollowedMovement[];
  records: Vector;
  trace: Vector;
}

/**
 * Models trained side by side on the device. What is measured stays there too, in one buffer of records and one of losses,
 * until it is read back. The models stay their owner's, who sets their parameters.
 */
export class Training implements Disposable {
  readonly #setup: TrainingSetup;
  readonly #curves: ReadonlyMap<Model, Curve>;
  readonly #instruments: { train: SetInstruments; test: SetInstruments | undefined };
  readonly #watchedRanges: { first: number; count: number }[];
  readonly #movements: readonly FollowedMovement[];
  readonly #records: Vector;
  readonly #trace: Vector;
  readonly #owned: Resources;
  /** Steps recorded and not taken yet, in the order of their records. */
  #pending: number[] = [];

  private constructor(setup: TrainingSetup, parts: TrainingParts, owned: Resources) {
    this.#setup = setup;
    this.#watchedRanges = ranges(setup.watched);
    this.#curves = parts.curves;
    this.#instruments = parts.instruments;
    this.#movements = parts.movements;
    this.#records = parts.records;
    this.#trace = parts.trace;
    this.#owned = owned;
  }

  /** Allocates and compiles everything, and prepares both sets. */
  static async create(gpu: Gpu, stream: CommandStream, setup: TrainingSetup): Promise<Training> {
    const { train, test, models, factors } = setup;
    using owned = new Resources();
    const own = <T extends Disposable>(resource: T): T => owned.own(resource);
    for (const model of models) {
      for (const set of test ? [train, test] : [train]) await model.prepare(stream, set);
    }
    const records = own(new Vector(gpu, 'records', setup.records * recordFloats(setup)));
    const trace = own(new Vector(gpu, 'losses', traceSteps * models.length));
    const curves = new Map<Model, Curve>();
    for (const model of models) curves.set(model, await curveOf(gpu, setup, model, trace, owned));

    const instruments = async (set: PointSet, predictions: (curve: Curve) => Predictions, factor: number) => {
      const measured = models.map((model) => ({
        key: model.key,
        predictions: predictions(curves.get(model)!),
      }));
      return own(await SetInstruments.create(gpu, set.size, measured, records, factor));
    };
    const movements: FollowedMovement[] = [];
    for (const { name, parts, rateOf } of movementsOf(models)) {
      const rate = rateOf(setup.rates);
      for (const { displacement, floats } of parts) {
        movements.push({
          name,
          reduction: own(await Reduction.create(gpu, 'square', floats, records.binding, displacement)),
          // Displacements begin with rates times residuals.
          factor: rate > 0 && rate < 1 ? factors.train * powerNear(1 / rate) : factors.train,
        });
      }
    }
    const parts: TrainingParts = {
      curves,
      instruments: {
        train: await instruments(train, (curve) => curve.train, factors.train),
        test: test ? await instruments(test, (curve) => curve.test!, factors.test) : undefined,
      },
      movements,
      records,
      trace,
    };
    return new Training(setup, parts, owned.move());
  }

  /** Outputs and losses of every model on the training set at step t, and the gradients for the next step. */
  evaluate(stream: CommandStream, step: number, withGradient: boolean): void {
    const { train, factors } = this.#setup;
    for (const [index, { dispatches, trace }] of [...this.#curves.values()].entries()) {
      const evaluation = withGradient ? dispatches.evaluationWithGradient : dispatches.evaluation;
      for (const dispatch of evaluation) stream.run(dispatch);
      const slot = (step % traceSteps) * this.#curves.size + index;
      for (const dispatch of trace.into(slot, 1 / (2 * train.size), factors.train)) stream.run(dispatch);
    }
  }

  /** Outputs of every model on the test set. */
  evaluateTest(stream: CommandStream): void {
    for (const { dispatches } of this.#curves.values()) {
      for (const dispatch of dispatches.testEvaluation) stream.run(dispatch);
    }
  }

  /** Measures the step just evaluated into the next record on the device. */
  record(stream: CommandStream, step: number): void {
    this.evaluateTest(stream);
    const slot = (this.#pending.push(step) - 1) * recordFloats(this.#setup);
    this.#instruments.train.measure(stream, slot);
    this.#instruments.test?.measure(stream, slot + setMeasureCount(this.#curves.size));
    let at = slot + 2 * setMeasureCount(this.#curves.size);
    for (const { reduction, factor } of this.#movements) {
      for (const dispatch of reduction.into(at++, 1, factor)) stream.run(dispatch);
    }
    for (const { train, test } of this.#curves.values()) {
      const { u } = test ?? train;
      for (const { first, count } of this.#watchedRanges) {
        stream.copy(u.buffer, 4 * first, this.#records.buffer, 4 * at, 4 * count);
        at += count;
      }
    }
  }

  descend(stream: CommandStream): void {
    for (const { dispatches } of this.#curves.values()) {
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
    const measures = setMeasureCount(this.#curves.size);
    const [moved, outputs] = [2 * measures, 2 * measures + this.#movements.length];
    const { models, watched } = this.#setup;
    return {
      step,
      train: train.decode(floats),
      test: test ? test.decode(floats.subarray(measures)) : null,
      movement: this.#movementOf(floats.subarray(moved)),
      outputs: byKey(keysOf(models), (_, k) => [
        ...floats.subarray(outputs + k * watched.length, outputs + (k + 1) * watched.length),
      ]),
    };
  }

  /** ‖θ − θ(0)‖ of each movement, from the squares of its parts. */
  #movementOf(squares: Float32Array): Record<string, number> {
    const sums = new Map<string, number>();
    for (const [k, { name }] of this.#movements.entries()) sums.set(name, (sums.get(name) ?? 0) + squares[k]);
    return Object.fromEntries(
      this.#movements.map(({ name, factor }) => [name, Math.sqrt(sums.get(name)!) / factor]),
    );
  }

  /** Training losses of every model at steps first … last, at most traceSteps of them. The stream must be flushed. */
  async readLosses(first: number, last: number): Promise<{ step: number; model: Model; loss: number }[]> {
    const floats = await this.#trace.read();
    return Array.from({ length: last - first + 1 }, (_, k) => first + k).flatMap((step) =>
      [...this.#curves.keys()].map((model, index) => ({
        step,
        model,
        loss: floats[(step % traceSteps) * this.#curves.size + index] / this.#setup.factors.train ** 2,
      })),
    );
  }

  /**
   * All that training has learned: every buffer that a step of descent writes, of the models in their order. What else there
   * is, is made anew from the spec, or by the next step.
   */
  async readState(gpu: Gpu): Promise<Float32Array<ArrayBuffer>> {
    const buffers = this.#learned();
    const floats = new Float32Array(buffers.reduce((sum, { size }) => sum + size, 0) / 4);
    let at = 0;
    for (const buffer of buffers) {
      const part = new Float32Array(await gpu.read(buffer, 0, buffer.size));
      floats.set(part, at);
      at += part.length;
    }
    return floats;
  }

  /** Sets what training has learned, as readState read it. @throws RangeError for that of a run of other sizes. */
  writeState(gpu: Gpu, floats: Float32Array<ArrayBuffer>): void {
    const buffers = this.#learned();
    const length = buffers.reduce((sum, { size }) => sum + size, 0) / 4;
    if (floats.length !== length) {
      throw new RangeError(`The state of this training has ${length} numbers, not ${floats.length}.`);
    }
    let at = 0;
    for (const buffer of buffers) {
      gpu.write(buffer, 0, floats.subarray(at, at + buffer.size / 4));
      at += buffer.size / 4;
    }
  }

  #learned(): GPUBuffer[] {
    const written = [...this.#curves.values()].flatMap(({ dispatches }) =>
      dispatches.descent.flatMap(({ call }) => call.written),
    );
    return [...new Set(written)];
  }

  /** What a model says of both sets, at the present step; of the test set at that of the last record. */
  predictionsOf(model: Model): { train: Predictions; test: Predictions | undefined } {
    return this.#curves.get(model)!;
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

const keysOf = (models: TrainedModels): string[] => models.map(({ key }) => key);
const movementsOf = (models: TrainedModels) => models.flatMap(({ movements }) => movements);

async function curveOf(
  gpu: Gpu,
  { train, test, rates }: TrainingSetup,
  model: Model,
  trace: Vector,
  owned: Resources,
): Promise<Curve> {
  const predictions = owned.own(new Predictions(gpu, `${model.name}, training`, train.size));
  const testPredictions = test
    ? owned.own(new Predictions(gpu, `${model.name}, test`, test.size))
    : undefined;
  const { binding } = predictions.e;
  return {
    model,
    train: predictions,
    test: testPredictions,
    trace: owned.own(await Reduction.create(gpu, 'square', train.size, trace.binding, binding)),
    dispatches: {
      evaluation: [...model.evaluation(train, predictions, false)],
      evaluationWithGradient: [...model.evaluation(train, predictions, true)],
      descent: [...model.descent(train.size, rates)],
      testEvaluation: test && testPredictions ? [...model.evaluation(test, testPredictions, false)] : [],
    },
  };
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
function recordFloats({ models, watched }: TrainingSetup): number {
  const measures = 2 * setMeasureCount(models.length);
  const parts = movementsOf(models).reduce((sum, movement) => sum + movement.parts.length, 0);
  return measures + parts + models.length * watched.length;
}
