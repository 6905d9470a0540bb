import { type CommandStream, type Dispatch, requireStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Matrix, requireMatrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import type { LinearFeatures } from '../math/linear-features.ts';
import {
  type LinearGradient,
  compileLinearGradient,
  linearBlockRows,
  linearGradientSlices,
} from '../programs/linear-gradient.ts';
import { type LinearOutput, betaLength, compileLinearOutput } from '../programs/linear-output.ts';
import { compileNormFeature } from '../programs/norm-feature.ts';
import { sliceCount } from '../programs/partial-sums.ts';
import { type SumSlices, compileSumSlices } from '../programs/sum-slices.ts';
import { type LinearOperator, requireOperands } from '../spectral/operator.ts';

/** Features whose kernel is XXᵀ. */
export const inputFeatures = (d: number): LinearFeatures => ({
  d,
  scale: 1,
  bias: 0,
  normScale: 0,
  theta0: 0,
  theta1: 0,
  theta2: 0,
});

/**
 * K = ΨΨᵀ of a linear model (THEORY.md, section 4), by Ku = Ψ(Ψᵀu) and without Ψ: 4nd operations a product and O(n + d)
 * memory.
 */
export class FeatureKernel implements LinearOperator {
  readonly size: number;
  readonly symmetric = true;
  readonly #X: Matrix;
  readonly #features: LinearFeatures;
  readonly #q: Vector;
  readonly #image: Vector;
  readonly #slices: Vector;
  readonly #programs: { output: LinearOutput; gradient: LinearGradient; sum: SumSlices };
  readonly #owned: Resources;

  private constructor(
    gpu: Gpu,
    X: Matrix,
    features: LinearFeatures,
    programs: { output: LinearOutput; gradient: LinearGradient; sum: SumSlices },
  ) {
    const owned = new Resources();
    this.size = X.rows;
    this.#X = X;
    this.#features = features;
    this.#q = owned.own(new Vector(gpu, 'norm feature', X.rows));
    this.#image = owned.own(new Vector(gpu, 'Ψᵀu', betaLength(features.d)));
    const rows = Math.min(linearBlockRows, X.rows);
    this.#slices = owned.own(new Vector(gpu, 'Ψᵀu in slices', linearGradientSlices(rows, features.d)));
    this.#programs = programs;
    this.#owned = owned;
  }

  /** @throws RangeError for points of another number of inputs than the features are of. */
  static async create(
    gpu: Gpu,
    stream: CommandStream,
    X: Matrix,
    features: LinearFeatures,
  ): Promise<FeatureKernel> {
    requireStream(stream);
    requireMatrix('X', X);
    if (X.cols !== features.d) {
      throw new RangeError(
        `Features of ${features.d} inputs do not fit points of ${X.cols} inputs (${X.rows} × ${X.cols}).`,
      );
    }
    const [output, gradient, sum, normFeature] = await Promise.all([
      compileLinearOutput(gpu, { residual: false }),
      compileLinearGradient(gpu),
      compileSumSlices(gpu),
      compileNormFeature(gpu),
    ]);
    using owned = new Resources();
    const programs = { output, gradient, sum };
    const kernel = owned.own(gpu.allOrNothing(() => new FeatureKernel(gpu, X, features, programs)));
    for (const block of X.blocks(linearBlockRows)) stream.run(normFeature(block, features, kernel.#q));
    owned.move();
    return kernel;
  }

  *product(u: Vector, out: Vector): Generator<Dispatch> {
    requireOperands(this, u, out);
    const features = this.#features;
    const length = betaLength(features.d);
    const slices = this.#slices.binding;
    for (const block of this.#X.blocks(linearBlockRows)) {
      yield this.#programs.gradient(block, features, { q: this.#q, e: u }, slices);
      const count = sliceCount(block.rows);
      yield this.#programs.sum(slices, this.#image.binding, length, count, block.firstRow > 0);
    }
    for (const block of this.#X.blocks(linearBlockRows)) {
      yield this.#programs.output(block, features, this.#image, { q: this.#q, u: out });
    }
  }

  transposedProduct(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.product(u, out);
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
