import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import { requireSame } from '../gpu/arguments.ts';
import type { Gpu } from '../gpu/device.ts';
import type { RowBlock } from '../gpu/matrix.ts';
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
import { type SumSlices, compileSumSlices, sliceCount } from '../programs/sum-slices.ts';
import type { LinearFeatures } from '../math/linear-features.ts';
import { greatestOf } from '../math/statistics.ts';
import { type Model, type Movement, requirePredictions } from './model.ts';

/**
 * The linear model f_lin(x; β) = βᵀψ(x), β(0) = 0, on the device and its gradient descent
 * β ← β − (η/n)Ψᵀ(Ψβ − y) (THEORY.md, section 4). Ψ is never stored: its first d columns are a multiple of X. The ratios
 * of the layers' rates are in its features, so that it takes the largest rate for its own.
 *
 * Memory: a float for each point of a set that was prepared; O(d).
 */
export class LinearModel implements Model {
  readonly key = 'linear';
  readonly name = 'linear model';
  readonly prefix = 'lin';
  readonly features: LinearFeatures;
  /** β: strideOf(d) entries for x, then those of the bias and of q, then two zeros. */
  readonly beta: Vector;
  readonly #gpu: Gpu;
  /** The norm features q(x_i) of each set that was prepared. */
  readonly #q = new Map<PointSet, Vector>();
  /** Points whose gradient fits the slices. */
  readonly #rows: number;
  readonly #gradient: Vector;
  readonly #slices: Vector;
  readonly #programs: LinearPrograms;

  private constructor(gpu: Gpu, features: LinearFeatures, maxPoints: number, programs: LinearPrograms) {
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
  static async create(gpu: Gpu, features: LinearFeatures, maxPoints: number): Promise<LinearModel> {
    const [output, gradient, sum, descend, normFeature] = await Promise.all([
      compileLinearOutput(gpu, { residual: true }),
      compileLinearGradient(gpu),
      compileSumSlices(gpu),
      compileDescend(gpu, { position: false }),
      compileNormFeature(gpu),
    ]);
    const programs = { output, gradient, sum, descend, normFeature };
    return gpu.allOrNothing(() => new LinearModel(gpu, features, maxPoints, programs));
  }

  get movements(): Movement[] {
    const { binding, length } = this.beta;
    return [{ name: 'beta', parts: [{ displacement: binding, floats: length }], rateOf: greatestOf }];
  }

  /**
   * Computes q(x_i) of a set of points, which it keeps until the set is forgotten.
   * @throws RangeError for points of another number of inputs.
   */
  // eslint-disable-next-line @typescript-eslint/require-await -- so that what does not fit rejects, as it does in other models
  async prepare(stream: CommandStream, points: PointSet): Promise<void> {
    if (points.X.cols !== this.features.d) {
      throw new RangeError(
        `A linear model of ${this.features.d} inputs does not take points of ${points.X.cols} inputs.`,
      );
    }
    using owned = new Resources();
    const q = this.#q.get(points) ?? owned.own(new Vector(this.#gpu, 'norm feature', points.size));
    for (const block of points.X.blocks(linearBlockRows)) {
      stream.run(this.#programs.normFeature(block, this.features, q));
    }
    this.#q.set(points, q);
    owned.move();
  }

  /** Frees what `prepare` keeps of a set. */
  forget(points: PointSet): void {
    this.#q.get(points)?.[Symbol.dispose]();
    this.#q.delete(points);
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
  *evaluation(points: PointSet, { u, e }: Predictions, withGradient = false): Generator<Dispatch> {
    const q = this.#normFeatureOf(points);
    requirePredictions(this, points, { u, e });
    for (const block of points.X.blocks(linearBlockRows)) {
      yield this.#programs.output(block, this.features, this.beta, { q, y: points.y, u, e });
      if (withGradient) yield* this.#addMoments(block, q, e, this.#gradient);
    }
  }

  /** Ψᵀe of any residuals on a set of points, in the layout of β: 4 · n · d operations. */
  *moments(points: PointSet, e: Vector, into: Vector): Generator<Dispatch> {
    const q = this.#normFeatureOf(points);
    requireSame('The number of residuals', e.length, 'points', points.size);
    for (const block of points.X.blocks(linearBlockRows)) yield* this.#addMoments(block, q, e, into);
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
    yield this.#programs.descend(
      { rows: 1, cols: this.beta.length, gradient: this.#gradient.binding, displacement: this.beta.binding },
      eta / n,
    );
  }

  [Symbol.dispose](): void {
    for (const vector of [this.beta, this.#gradient, this.#slices, ...this.#q.values()]) {
      vector[Symbol.dispose]();
    }
  }
}

interface LinearPrograms {
  output: LinearOutput;
  gradient: LinearGradient;
  sum: SumSlices;
  descend: Descend;
  normFeature: NormFeature;
}
