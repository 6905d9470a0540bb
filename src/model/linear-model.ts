import { type CommandStream, type Dispatch, requireStream } from '../gpu/command-stream.ts';
import { requireSame } from '../gpu/arguments.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import type { PointSet, Predictions } from '../data/point-set.ts';
import { type Descend, compileDescend } from '../programs/descend.ts';
import {
  type LinearGradient,
  compileLinearGradient,
  linearBlockRows,
  linearGradientSlices,
} from '../programs/linear-gradient.ts';
import { type LinearOutput, betaLength, compileLinearOutput } from '../programs/linear-output.ts';
import { type NormFeature, compileNormFeature } from '../programs/norm-feature.ts';
import { sliceCount } from '../programs/partial-sums.ts';
import { type SumSlices, compileSumSlices } from '../programs/sum-slices.ts';
import type { Dense } from '../math/dense.ts';
import { type Inputs, type LinearFeatures, featureMatrix } from '../math/linear-features.ts';
import { greatestOf } from '../math/statistics.ts';
import { type Model, type Movement, requirePoints, requirePredictions } from './model.ts';

/** Features that are no function of an input and its norm as LinearFeatures are: computed on the host, and kept for each set. */
export interface FeatureMap {
  /** d */
  inputs: number;
  /** Ψ of some inputs: as many columns as the model's features have inputs. */
  of: (X: Inputs) => Dense;
}

export interface LinearModelOptions {
  /** How records, messages and arrays call it: 'linear', 'linear model' and 'lin' unless given. */
  key?: string;
  name?: string;
  prefix?: string;
  /** What the features are of, in place of the inputs; 4 bytes a feature and point more memory. */
  map?: FeatureMap | undefined;
}

/**
 * The linear model f_lin(x; β) = βᵀψ(x), β(0) = 0, on the device and its gradient descent
 * β ← β − (η/n)Ψᵀ(Ψβ − y) (THEORY.md, section 4). Ψ is never stored: its first d columns are a multiple of X. The ratios
 * of the layers' rates are in its features, so that it takes the largest rate for its own.
 *
 * Memory: a float for each point of a set that was prepared; O(d).
 */
export class LinearModel implements Model {
  readonly key: string;
  readonly name: string;
  readonly prefix: string;
  readonly features: LinearFeatures;
  /** β: strideOf(d) entries for x, then those of the bias and of q, then two zeros. */
  readonly beta: Vector;
  readonly #gpu: Gpu;
  /** The norm features q(x_i) of each set that was prepared. */
  readonly #q = new Map<PointSet, Vector>();
  /** What stands in for the inputs of each set, with a map. */
  readonly #mapped = new Map<PointSet, Matrix>();
  readonly #map: FeatureMap | undefined;
  /** Points whose gradient fits the slices. */
  readonly #rows: number;
  readonly #gradient: Vector;
  readonly #slices: Vector;
  readonly #programs: LinearPrograms;

  private constructor(
    gpu: Gpu,
    features: LinearFeatures,
    maxPoints: number,
    programs: LinearPrograms,
    { key = 'linear', name = 'linear model', prefix = 'lin', map }: LinearModelOptions,
  ) {
    this.key = key;
    this.name = name;
    this.prefix = prefix;
    this.#map = map;
    this.#gpu = gpu;
    this.features = features;
    this.beta = new Vector(gpu, 'β', betaLength(features.d));
    this.#gradient = new Vector(gpu, 'gradient of β', betaLength(features.d));
    const rows = Math.min(linearBlockRows, maxPoints);
    this.#rows = rows;
    this.#slices = new Vector(gpu, 'gradient of β in slices', linearGradientSlices(rows, features.d));
    this.#programs = programs;
  }

  /** β = 0, for features that are known; `maxPoints`: of the largest set that trains it, which bounds its scratch memory. */
  static async create(
    gpu: Gpu,
    features: LinearFeatures,
    maxPoints: number,
    options: LinearModelOptions = {},
  ): Promise<LinearModel> {
    const [output, gradient, sum, descend, normFeature] = await Promise.all([
      compileLinearOutput(gpu, { residual: true }),
      compileLinearGradient(gpu),
      compileSumSlices(gpu),
      compileDescend(gpu, { layers: 1, position: false }),
      compileNormFeature(gpu),
    ]);
    const programs = { output, gradient, sum, descend, normFeature };
    return gpu.allOrNothing(() => new LinearModel(gpu, features, maxPoints, programs, options));
  }

  get movements(): Movement[] {
    const { binding, length } = this.beta;
    const name = this.key === 'linear' ? 'beta' : `beta_${this.key}`;
    return [{ name, parts: [{ displacement: binding, floats: length }], rateOf: greatestOf }];
  }

  /**
   * Computes q(x_i) of a set of points, which it keeps until the set is forgotten.
   * @throws RangeError for points of another number of inputs.
   */
  async prepare(stream: CommandStream, points: PointSet): Promise<void> {
    const inputs = this.#map?.inputs ?? this.features.d;
    requireStream(stream);
    requirePoints('linear model', inputs, points);
    using owned = new Resources();
    if (this.#map && !this.#mapped.has(points)) {
      const mapped = owned.own(new Matrix(this.#gpu, 'features', points.size, this.features.d));
      let row = 0;
      for await (const data of points.X.read()) {
        const rows = data.length / inputs;
        mapped.write(Float32Array.from(this.#map.of({ rows, cols: inputs, data }).data), row);
        row += rows;
      }
      this.#mapped.set(points, mapped);
    }
    const q = this.#q.get(points) ?? owned.own(new Vector(this.#gpu, 'norm feature', points.size));
    for (const block of this.#blocks(points)) {
      stream.run(this.#programs.normFeature(block, this.features, q));
    }
    this.#q.set(points, q);
    owned.move();
  }

  /** Frees what `prepare` keeps of a set. */
  forget(points: PointSet): void {
    for (const kept of [this.#q, this.#mapped]) {
      kept.get(points)?.[Symbol.dispose]();
      kept.delete(points);
    }
  }

  /** What its features are of, for a set that was prepared: X, or what stands in for it. */
  inputsOf(points: PointSet): Matrix {
    return this.#mapped.get(points) ?? points.X;
  }

  /** Ψ of some inputs, in float64 on the host. @throws what featureMatrix throws. */
  featuresOf(X: Inputs): Dense {
    return this.#map ? this.#map.of(X) : featureMatrix(this.features, X);
  }

  #blocks(points: PointSet): RowBlock[] {
    return this.inputsOf(points).blocks(linearBlockRows);
  }

  #normFeatureOf(points: PointSet): Vector {
    const q = this.#q.get(points);
    if (q) return q;
    throw new Error('A linear model prepares a set of points before it is evaluated there.');
  }

  /**
   * u = Ψβ and e = u − y on a set of points; also the gradient of the loss where asked.
   * @throws Error for a set that was not prepared.
   */
  *evaluation(points: PointSet, predictions: Predictions, withGradient = false): Generator<Dispatch> {
    const q = this.#normFeatureOf(points);
    requirePredictions(this, points, predictions);
    const { u, e } = predictions;
    for (const block of this.#blocks(points)) {
      yield this.#programs.output(block, this.features, this.beta, { q, y: points.y, u, e });
      if (withGradient) yield* this.#addMoments(block, q, e, this.#gradient);
    }
  }

  /** Ψᵀe of any residuals on a set of points, in the layout of β: 4 · n · d operations. */
  *moments(points: PointSet, e: Vector, into: Vector): Generator<Dispatch> {
    const q = this.#normFeatureOf(points);
    requireSame('The number of residuals', e.length, 'points', points.size);
    for (const block of this.#blocks(points)) yield* this.#addMoments(block, q, e, into);
  }

  *#addMoments(block: RowBlock, q: Vector, e: Vector, into: Vector): Generator<Dispatch> {
    if (sliceCount(block.rows) > sliceCount(this.#rows)) {
      throw new RangeError(
        `A linear model made for sets of ${this.#rows} points (maxPoints) does not take the moments of ${block.rows} at a time.`,
      );
    }
    if (into.length < betaLength(this.features.d)) {
      throw new RangeError(
        `Moments take ${betaLength(this.features.d)} entries, as β does; there is room for ${into.length}.`,
      );
    }
    yield this.#programs.gradient(block, this.features, { q, e }, this.#slices.binding);
    yield this.#programs.sum(
      this.#slices.binding,
      into.binding,
      betaLength(this.features.d),
      sliceCount(block.rows),
      block.firstRow > 0,
    );
  }

  *descent(n: number, rates: readonly number[]): Generator<Dispatch> {
    const eta = greatestOf(rates);
    const cols = this.beta.length;
    const gradient = { binding: this.#gradient.binding, count: 1, floats: strideOf(cols) };
    const displacement = this.beta.binding;
    yield* this.#programs.descend([{ rows: 1, cols, gradient, rate: eta / n, displacement }]);
  }

  [Symbol.dispose](): void {
    const owned = [this.beta, this.#gradient, this.#slices, ...this.#q.values(), ...this.#mapped.values()];
    for (const resource of owned) resource[Symbol.dispose]();
  }
}

interface LinearPrograms {
  output: LinearOutput;
  gradient: LinearGradient;
  sum: SumSlices;
  descend: Descend;
  normFeature: NormFeature;
}
