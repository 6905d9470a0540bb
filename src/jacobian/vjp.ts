import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { type FactorPair, type FactorShape, positionsOf } from '../programs/factors.ts';
import { type FirstGradient, compileFirstGradient, firstGradientSlices } from '../programs/first-gradient.ts';
import type { FeatureStorage } from '../programs/forward.ts';
import {
  type SecondGradient,
  compileSecondGradient,
  secondGradientSlices,
} from '../programs/second-gradient.ts';
import { type SumSlices, compileSumSlices, sliceCount, sliceRows } from '../programs/sum-slices.ts';
import { chosenTile, fittedCols, fittedRows } from '../programs/tile-choice.ts';

/** A layer's sum, and room for its slices. */
interface Sum {
  shape: FactorShape;
  total: Matrix;
  slices: Vector;
  /** Where left is a matrix. */
  outer: FirstGradient | undefined;
}

/** Rows of a layer's factors at so many points. */
const rowsOf = ({ patches }: FactorShape, points: number): number =>
  patches ? points * positionsOf(patches) : points;

/**
 * Jᵀu of each layer, summed over blocks of points:
 *
 *     Σ_i u_i left_i ⊗ right_i = leftᵀ diag(u) right (units × inputs),
 *
 * but for the layer's 1/√divisor. With a residual e for u, it is n times the gradient of the loss. Memory: the sums, and
 * one block of each in slices of 256 rows.
 */
export class Vjp implements Disposable {
  /** Of each layer, units × inputs; rows past its units are room for the program's last vec4. */
  readonly sums: readonly Matrix[];
  readonly #layers: readonly Sum[];
  readonly #blockRows: number;
  readonly #plain: SecondGradient;
  readonly #sum: SumSlices;
  readonly #owned: Resources;

  private constructor(
    layers: readonly Sum[],
    blockRows: number,
    { plain, sum }: { plain: SecondGradient; sum: SumSlices },
    owned: Resources,
  ) {
    this.#blockRows = blockRows;
    this.sums = layers.map(({ total }) => total);
    this.#layers = layers;
    this.#plain = plain;
    this.#sum = sum;
    this.#owned = owned;
  }

  /** `blockRows`: points of a block at most. `storage`: of the factors that `add` is given. */
  static async create(
    gpu: Gpu,
    layers: readonly FactorShape[],
    blockRows: number,
    storage: FeatureStorage = 'f32',
  ): Promise<Vjp> {
    const programOf = async ({
      left,
      units,
      inputs,
      patches,
    }: FactorShape): Promise<FirstGradient | undefined> => {
      if (!left) return undefined;
      const tile = chosenTile(gpu, 'first-gradient', { rows: inputs, cols: units, inner: sliceRows });
      return compileFirstGradient(gpu, fittedRows(fittedCols(tile, units), inputs), { storage, patches });
    };
    const [outer, plain, sum] = await Promise.all([
      Promise.all(layers.map(programOf)),
      compileSecondGradient(gpu, storage),
      compileSumSlices(gpu),
    ]);
    using owned = new Resources();
    const sums = layers.map((shape, l) => {
      const { left, units, inputs } = shape;
      const floats = left
        ? firstGradientSlices(rowsOf(shape, blockRows), units, inputs)
        : secondGradientSlices(blockRows, inputs);
      return {
        shape,
        total: owned.own(new Matrix(gpu, 'Jᵀu of a layer', left ? strideOf(units) : 1, inputs)),
        slices: owned.own(new Vector(gpu, 'Jᵀu of a layer in slices', floats)),
        outer: outer[l],
      };
    });
    return new Vjp(sums, blockRows, { plain, sum }, owned.move());
  }

  /**
   * The dispatches that add one block of points, given its factors; a set's first block starts anew.
   * @throws RangeError for a block of more points than it was made for.
   */
  *add(block: RowBlock, pairs: readonly FactorPair[], u: Vector): Generator<Dispatch> {
    if (sliceCount(block.rows) > sliceCount(this.#blockRows)) {
      throw new RangeError(
        `A gradient made for ${this.#blockRows} points at a time does not take a block of ${block.rows}: create it, or the model whose it is, with the size of the largest set that trains it (maxPoints).`,
      );
    }
    for (const [l, { shape, total, slices, outer }] of this.#layers.entries()) {
      const { units, inputs } = shape;
      yield outer
        ? outer(block, pairs[l], shape, u, slices.binding)
        : this.#plain(block, pairs[l].right, inputs, u, slices.binding);
      const length = strideOf(inputs) * (outer ? strideOf(units) : 1);
      const count = sliceCount(outer ? rowsOf(shape, block.rows) : block.rows);
      yield this.#sum(slices.binding, total.whole().binding, length, count, block.firstRow > 0);
    }
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
