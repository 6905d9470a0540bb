import { greatestOf } from '../math/statistics.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Matrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { type MatrixVector, compileMatrixVector } from '../programs/matrix-vector.ts';
import {
  type SecondGradient,
  compileSecondGradient,
  secondGradientSlices,
  slicesOf,
} from '../programs/second-gradient.ts';
import { sliceCount } from '../programs/partial-sums.ts';
import { type SumSlices, compileSumSlices } from '../programs/sum-slices.ts';
import { type LinearOperator, requireOperands } from './operator.ts';

/** How a kernel operator is made. */
export interface OperatorOptions {
  signal?: AbortSignal | undefined;
  /** Bytes up to which it is stored rather than made anew for every product; storableBytes unless given. */
  mostStored?: number | undefined;
  /** Bytes of hidden layer that a side keeps where it is not, if there is memory to spare; holdableBytes unless given. */
  mostHeld?: number | undefined;
}

/** A stored n × n kernel as an operator: 2n² operations a product. It owns its matrix, from the call of `create` on. */
export class StoredKernel implements LinearOperator {
  readonly matrix: Matrix;
  readonly symmetric: boolean;
  readonly uncertainty: number;
  readonly #slices: Vector;
  readonly #programs: { product: MatrixVector; columns: SecondGradient; sum: SumSlices };

  private constructor(
    gpu: Gpu,
    matrix: Matrix,
    { symmetric, uncertainty = 0 }: { symmetric: boolean; uncertainty?: number },
    programs: { product: MatrixVector; columns: SecondGradient; sum: SumSlices },
  ) {
    this.matrix = matrix;
    this.symmetric = symmetric;
    this.uncertainty = uncertainty;
    const rows = greatestOf(matrix.blocks().map((block) => block.rows));
    const length = symmetric ? 4 : secondGradientSlices(rows, matrix.cols);
    this.#slices = new Vector(gpu, 'Mᵀu in slices', length);
    this.#programs = programs;
  }

  /** @throws RangeError where the matrix is not square. */
  static async create(
    gpu: Gpu,
    matrix: Matrix,
    properties: { symmetric: boolean; uncertainty?: number },
  ): Promise<StoredKernel> {
    using owned = new Resources();
    owned.own(matrix);
    if (matrix.rows !== matrix.cols) {
      throw new RangeError(
        `A stored kernel is square; this matrix is ${matrix.rows} × ${matrix.cols}. For the norm of a rectangular matrix M, give MMᵀ to rectangularNorm.`,
      );
    }
    const [product, columns, sum] = await Promise.all([
      compileMatrixVector(gpu, { accumulate: false }),
      compileSecondGradient(gpu),
      compileSumSlices(gpu),
    ]);
    const kernel = new StoredKernel(gpu, matrix, properties, { product, columns, sum });
    owned.move();
    return kernel;
  }

  get size(): number {
    return this.matrix.rows;
  }

  *product(u: Vector, out: Vector): Generator<Dispatch> {
    requireOperands(this, u, out);
    for (const block of this.matrix.blocks()) {
      yield this.#programs.product(block, this.matrix.cols, u.binding, out, 1);
    }
  }

  *transposedProduct(u: Vector, out: Vector): Generator<Dispatch> {
    if (this.symmetric) {
      yield* this.product(u, out);
      return;
    }
    requireOperands(this, u, out);
    const slices = this.#slices.binding;
    for (const block of this.matrix.blocks()) {
      yield this.#programs.columns(block, block.binding, this.matrix.cols, u, slicesOf(block, slices));
      const count = sliceCount(block.rows);
      yield this.#programs.sum(slices, out.binding, this.matrix.stride, count, block.firstRow > 0);
    }
  }

  [Symbol.dispose](): void {
    this.matrix[Symbol.dispose]();
    this.#slices[Symbol.dispose]();
  }
}
