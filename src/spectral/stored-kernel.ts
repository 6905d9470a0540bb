import { greatestOf } from '../math/statistics.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import { type Gpu, requireGpu } from '../gpu/device.ts';
import { type Matrix, type RowBlock, requireMatrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { compileMatrixVector } from '../programs/matrix-vector.ts';
import { compileSecondGradient, secondGradientSlices, slicesOf } from '../programs/second-gradient.ts';
import { sliceCount } from '../programs/partial-sums.ts';
import { type SumSlices, compileSumSlices } from '../programs/sum-slices.ts';
import { compileSymmetricMatrixVector, stripCount } from '../programs/symmetric-matrix-vector.ts';
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
  readonly #products: Products;

  private constructor(
    matrix: Matrix,
    { symmetric, uncertainty = 0 }: { symmetric: boolean; uncertainty?: number },
    products: Products,
  ) {
    this.matrix = matrix;
    this.symmetric = symmetric;
    this.uncertainty = uncertainty;
    this.#products = products;
  }

  /**
   * Of a matrix that is said to be symmetric, products may read the lower half alone. Where they go through slices (of a symmetric one
   * on a processor, of the transpose of another), these take an eighth or a 256th of its largest panel.
   * @throws RangeError where the matrix is not square.
   */
  static async create(
    gpu: Gpu,
    matrix: Matrix,
    properties: { symmetric: boolean; uncertainty?: number },
  ): Promise<StoredKernel> {
    requireMatrix('matrix', matrix);
    using owned = new Resources();
    owned.own(matrix);
    requireGpu(gpu);
    if (matrix.rows !== matrix.cols) {
      throw new RangeError(
        `A stored kernel is square; this matrix is ${matrix.rows} × ${matrix.cols}. For the norm of a rectangular matrix M, give MMᵀ to rectangularNorm.`,
      );
    }
    const kernel = new StoredKernel(matrix, properties, await compileProducts(gpu, matrix, properties));
    owned.move();
    return kernel;
  }

  get size(): number {
    return this.matrix.rows;
  }

  *product(u: Vector, out: Vector): Generator<Dispatch> {
    requireOperands(this, u, out);
    yield* this.#products.product(u, out);
  }

  *transposedProduct(u: Vector, out: Vector): Generator<Dispatch> {
    requireOperands(this, u, out);
    yield* this.#products.transposedProduct(u, out);
  }

  [Symbol.dispose](): void {
    this.matrix[Symbol.dispose]();
    this.#products.slices?.[Symbol.dispose]();
  }
}

type Product = LinearOperator['product'];

interface Products {
  readonly product: Product;
  readonly transposedProduct: Product;
  /** What sums over rows go to first. */
  readonly slices?: Vector;
}

/**
 * Mu goes through the rows and Mᵀu, where it is another, through slices of them. A symmetric matrix needs the first alone; on a
 * processor half of it, in slices, too: a GPU would want the entries of its columns by neighbours.
 */
async function compileProducts(
  gpu: Gpu,
  matrix: Matrix,
  { symmetric }: { symmetric: boolean },
): Promise<Products> {
  const rows = greatestOf(matrix.blocks().map((block) => block.rows));
  if (symmetric && !gpu.adapter.software) {
    const product = await rowProduct(gpu, matrix);
    return { product, transposedProduct: product };
  }
  if (symmetric) {
    const [half, sum] = await Promise.all([compileSymmetricMatrixVector(gpu), compileSumSlices(gpu)]);
    const slices = new Vector(gpu, 'Mu in slices', stripCount(rows) * matrix.stride);
    const product = slicedProduct(matrix, slices, sum, (block, u) => ({
      dispatch: half(block, matrix.cols, u.binding, slices.binding),
      count: stripCount(block.rows),
    }));
    return { product, transposedProduct: product, slices };
  }
  const [product, columns, sum] = await Promise.all([
    rowProduct(gpu, matrix),
    compileSecondGradient(gpu),
    compileSumSlices(gpu),
  ]);
  const slices = new Vector(gpu, 'Mᵀu in slices', secondGradientSlices(rows, matrix.cols));
  const transposedProduct = slicedProduct(matrix, slices, sum, (block, u) => ({
    dispatch: columns(block, block.binding, matrix.cols, u, slicesOf(block, slices.binding)),
    count: sliceCount(block.rows),
  }));
  return { product, transposedProduct, slices };
}

async function rowProduct(gpu: Gpu, matrix: Matrix): Promise<Product> {
  const product = await compileMatrixVector(gpu, { accumulate: false });
  return function* (u, out) {
    for (const block of matrix.blocks()) yield product(block, matrix.cols, u.binding, out, 1);
  };
}

/** A product whose blocks of rows each fill `count` slices of the whole, which are added up. */
function slicedProduct(
  matrix: Matrix,
  { binding }: Vector,
  sum: SumSlices,
  fill: (block: RowBlock, u: Vector) => { dispatch: Dispatch; count: number },
): Product {
  return function* (u, out) {
    for (const block of matrix.blocks()) {
      const { dispatch, count } = fill(block, u);
      yield dispatch;
      yield sum(binding, out.binding, matrix.stride, count, block.firstRow > 0);
    }
  };
}
