import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { RowBlock } from '../gpu/matrix.ts';
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

/**
 * The linear model f_lin(x; β) = βᵀψ(x), β(0) = 0, on the device and its gradient descent
 * β ← β − (η/n)Ψᵀ(Ψβ − y) (THEORY.md, section 4). Ψ is never stored: its first d columns are a multiple of X.
 */
export class LinearModel implements Disposable {
  readonly features: LinearFeatures;
  /** β: strideOf(d) entries for x, then those of the bias and of q, then two zeros. */
  readonly beta: Vector;
  readonly #gradient: Vector;
  readonly #slices: Vector;
  readonly #programs: LinearPrograms;

  private constructor(gpu: Gpu, features: LinearFeatures, maxPoints: number, programs: LinearPrograms) {
    this.features = features;
    this.beta = new Vector(gpu, 'β', betaLength(features.d));
    this.#gradient = new Vector(gpu, 'gradient of β', betaLength(features.d));
    const rows = Math.min(linearBlockRows, maxPoints);
    this.#slices = new Vector(gpu, 'gradient of β in slices', linearGradientSlices(rows, features.d));
    this.#programs = programs;
  }

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

  /** q(x_i) of a set of points; once, before anything else on that set. */
  *normFeature(points: PointSet, q: Vector): Generator<Dispatch> {
    for (const block of points.X.blocks(linearBlockRows))
      yield this.#programs.normFeature(block, this.features, q);
  }

  /** u = Ψβ and e = u − y on a set of points; also the gradient of the loss where asked. */
  *evaluation(points: PointSet, q: Vector, { u, e }: Predictions, withGradient = false): Generator<Dispatch> {
    for (const block of points.X.blocks(linearBlockRows)) {
      yield this.#programs.output(block, this.features, this.beta, { q, y: points.y, u, e });
      if (withGradient) yield* this.#addMoments(block, q, e, this.#gradient);
    }
  }

  /** Ψᵀe of any residuals on a set of points, in the layout of β: 4 · n · d operations. */
  *moments(points: PointSet, q: Vector, e: Vector, into: Vector): Generator<Dispatch> {
    for (const block of points.X.blocks(linearBlockRows)) yield* this.#addMoments(block, q, e, into);
  }

  *#addMoments(block: RowBlock, q: Vector, e: Vector, into: Vector): Generator<Dispatch> {
    yield this.#programs.gradient(block, this.features, { q, e }, this.#slices.binding);
    yield this.#programs.sum(
      this.#slices.binding,
      into.binding,
      betaLength(this.features.d),
      sliceCount(block.rows),
      block.firstRow > 0,
    );
  }

  /** One step of rate η with the gradient last evaluated over n points. */
  *descent(n: number, eta: number): Generator<Dispatch> {
    yield this.#programs.descend(
      { rows: 1, cols: this.beta.length, gradient: this.#gradient.binding, displacement: this.beta.binding },
      eta / n,
    );
  }

  [Symbol.dispose](): void {
    for (const vector of [this.beta, this.#gradient, this.#slices]) vector[Symbol.dispose]();
  }
}

interface LinearPrograms {
  output: LinearOutput;
  gradient: LinearGradient;
  sum: SumSlices;
  descend: Descend;
  normFeature: NormFeature;
}
