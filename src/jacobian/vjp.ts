import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Vector } from '../gpu/vector.ts';
import type { FeatureStorage } from '../programs/forward.ts';
import { type FirstGradient, compileFirstGradient, firstGradientSlices } from '../programs/first-gradient.ts';
import {
  type SecondGradient,
  compileSecondGradient,
  secondGradientSlices,
} from '../programs/second-gradient.ts';
import { type SumSlices, compileSumSlices, sliceCount, sliceRows } from '../programs/sum-slices.ts';
import { chosenTile, fittedRows } from '../programs/tile-choice.ts';
import type { TangentHidden } from '../programs/tangent.ts';

/** Which layers gradient descent moves. */
export interface TrainedLayers {
  first: boolean;
  second: boolean;
}

/**
 * The gradients that a residual e sends to both layers, summed over blocks of rows:
 *
 *     first = Bᵀ diag(e) X (m × d)      second = Aᵀ e (m)
 *
 * that is ∇_W L and ∇_v L but for 1/(n√(md)) and 1/(n√m). Only the trained layers' are made.
 */
export class NetworkGradient implements Disposable {
  readonly first: Matrix | undefined;
  readonly second: Vector | undefined;
  readonly #units: number;
  readonly #inputs: number;
  readonly #firstSlices: Vector | undefined;
  readonly #secondSlices: Vector | undefined;
  readonly #programs: { first: FirstGradient; second: SecondGradient; sum: SumSlices };

  private constructor(
    gpu: Gpu,
    sizes: { units: number; inputs: number; blockRows: number },
    layers: TrainedLayers,
    programs: { first: FirstGradient; second: SecondGradient; sum: SumSlices },
  ) {
    const { units, inputs, blockRows } = sizes;
    this.#units = units;
    this.#inputs = inputs;
    this.#programs = programs;
    if (layers.first) {
      this.first = new Matrix(gpu, 'gradient of W', strideOf(units), inputs);
      this.#firstSlices = new Vector(
        gpu,
        'gradient of W in slices',
        firstGradientSlices(blockRows, units, inputs),
      );
    }
    if (layers.second) {
      this.second = new Vector(gpu, 'gradient of v', units);
      this.#secondSlices = new Vector(gpu, 'gradient of v in slices', secondGradientSlices(blockRows, units));
    }
  }

  /** `storage`: of the features that `add` is given. */
  static async create(
    gpu: Gpu,
    sizes: { units: number; inputs: number; blockRows: number },
    layers: TrainedLayers,
    storage: FeatureStorage = 'f32',
  ): Promise<NetworkGradient> {
    const { units, inputs } = sizes;
    const shape = { rows: inputs, cols: units, inner: sliceRows };
    const tile = fittedRows(chosenTile(gpu, 'first-gradient', shape), inputs);
    const [first, second, sum] = await Promise.all([
      compileFirstGradient(gpu, tile, storage),
      compileSecondGradient(gpu, storage),
      compileSumSlices(gpu),
    ]);
    return gpu.allOrNothing(() => new NetworkGradient(gpu, sizes, layers, { first, second, sum }));
  }

  /** The dispatches that add one block of rows, given what its trained layers need; a set's first block starts anew. */
  *add(block: RowBlock, { A, B }: TangentHidden, e: Vector): Generator<Dispatch> {
    const count = sliceCount(block.rows);
    const accumulate = block.firstRow > 0;
    if (this.first) {
      const slices = this.#firstSlices!.binding;
      yield this.#programs.first(block, this.#inputs, B!, this.#units, e, slices);
      const length = strideOf(this.#units) * strideOf(this.#inputs);
      yield this.#programs.sum(slices, this.first.whole().binding, length, count, accumulate);
    }
    if (this.second) {
      const slices = this.#secondSlices!.binding;
      yield this.#programs.second(block, A!, this.#units, e, slices);
      yield this.#programs.sum(slices, this.second.binding, strideOf(this.#units), count, accumulate);
    }
  }

  [Symbol.dispose](): void {
    for (const resource of [this.first, this.second, this.#firstSlices, this.#secondSlices]) {
      resource?.[Symbol.dispose]();
    }
  }
}
