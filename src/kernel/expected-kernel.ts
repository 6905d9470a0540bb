import { CommandStream, type Dispatch, requireStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, type RowBlock, requireMatrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { hasClosedForm, mathematicsOf } from '../math/activations.ts';
import {
  type HermiteTail,
  expansionBetween,
  hermiteExpansion,
  hermiteExtras,
  hermiteSeries,
  hermiteTerms,
  mostHermiteTerms,
} from '../math/hermite-coefficients.ts';
import {
  type ExpectedPoints,
  type ExpectedProduct,
  type ExpectedWeights,
  compileExpectedKernel,
  compileExpectedProduct,
} from '../programs/expected-kernel.ts';
import { compileRowExtremes } from '../programs/row-extremes.ts';
import { compileRowNorms } from '../programs/row-norms.ts';
import { type LinearOperator, requireOperands } from '../spectral/operator.ts';
import { pairBlockSide } from '../programs/pair-blocks.ts';
import { storableBytes, storedBytes } from '../spectral/memory.ts';
import { type OperatorOptions, StoredKernel } from '../spectral/stored-kernel.ts';

/** Points whose Hermite series are made in one piece on the host: some tens of milliseconds. */
const seriesPoints = 1000;

/** From so many points on, coefficients of a formula are interpolated between norms. */
const manyPoints = 100;

/**
 * A bound on |ρ_ij| = |c_ij|/√(a_i a_j), i ≠ j, from the largest |c_ij| of each row and the least a > 0: at most 1. A point at 0
 * has no correlation, nor a tail. 2n²d operations.
 */
async function largestCorrelation(gpu: Gpu, X: Matrix, a: Float32Array): Promise<number> {
  const rowExtremes = await compileRowExtremes(gpu);
  using stream = new CommandStream(gpu);
  using products = new Vector(gpu, 'largest inner products', X.rows);
  const blocks = X.blocks(pairBlockSide(gpu, 2 * X.cols));
  for (const rows of blocks) {
    for (const [index, cols] of blocks.entries()) {
      stream.run(rowExtremes(rows, cols, X.cols, products, index > 0));
      await stream.pace();
    }
  }
  stream.flush();
  const largest = await products.read();
  const least = a.reduce((least, value) => (value > 0 ? Math.min(least, value) : least), Infinity);
  // Rounding of the products: far less than what this leaves.
  return largest.reduce(
    (most, product, i) =>
      a[i] > 0 ? Math.max(most, Math.min(1, (1.001 * product) / Math.sqrt(a[i] * least))) : most,
    0,
  );
}

/** Points with what the expected kernel reads of them beside the inputs: norms, or rows of Hermite series. */
class ExpectedSet implements Disposable {
  readonly X: Matrix;
  readonly terms: number;
  /** What the series leave out of the diagonal at most, summed over the points; 0 for a closed form. */
  readonly tail: HermiteTail;
  /** Rows and columns of one block. */
  readonly side: number;
  readonly #norms: Vector;
  readonly #series: Matrix | undefined;
  readonly #owned: Resources;

  private constructor(
    gpu: Gpu,
    X: Matrix,
    terms: number,
    tail: HermiteTail,
    norms: Vector,
    series: Matrix | undefined,
    owned: Resources,
  ) {
    this.X = X;
    this.terms = terms;
    this.tail = tail;
    this.side = pairBlockSide(gpu, 2 * X.cols + (terms > 0 ? 4 * terms : 80));
    this.#norms = norms;
    this.#series = series;
    this.#owned = owned;
  }

  static async create(
    gpu: Gpu,
    stream: CommandStream,
    activation: Activation,
    X: Matrix,
    signal: AbortSignal | undefined,
  ): Promise<ExpectedSet> {
    requireStream(stream);
    requireMatrix('X', X);
    using owned = new Resources();
    const norms = owned.own(new Vector(gpu, 'squared norms of the points', X.rows));
    const rowNorms = await compileRowNorms(gpu);
    for (const block of X.blocks()) stream.run(rowNorms(block, X.cols, norms));
    if (hasClosedForm(activation))
      return new ExpectedSet(gpu, X, 0, { first: 0, second: 0 }, norms, undefined, owned.move());

    stream.flush();
    const a = await norms.read();
    const largest = a.reduce((most, value) => Math.max(most, value), 0);
    const terms = hermiteTerms(activation, largest);
    const series = owned.own(new Matrix(gpu, 'Hermite series of the points', X.rows, terms + hermiteExtras));
    const least = a.reduce((least, value) => Math.min(least, value), largest);
    const direct = hermiteExpansion(activation, terms);
    const many = mathematicsOf(activation).formula !== undefined && a.length > manyPoints && least < largest;
    const expansion = many ? expansionBetween(direct, least, largest) : direct;
    const tail = { first: 0, second: 0 };
    for (let first = 0; first < a.length; first += seriesPoints) {
      const piece = hermiteSeries(expansion, a.subarray(first, first + seriesPoints), terms);
      series.write(piece.rows, first);
      tail.first += piece.tail.first;
      tail.second += piece.tail.second;
      // A task of its own for each piece: it is all host work, and a page has to breathe.
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
    }
    // Where the most terms do not reach the rounding at correlation 1, other points are not as near as that.
    const power = terms === mostHermiteTerms ? (await largestCorrelation(gpu, X, a)) ** terms : 1;
    tail.first *= power;
    tail.second *= power;
    return new ExpectedSet(gpu, X, terms, tail, norms, series, owned.move());
  }

  /** The points in blocks of at most `maxRows`; those of `also` are cut at the same rows. */
  blocks(maxRows: number, also?: Matrix): { points: ExpectedPoints; beside: RowBlock | undefined }[] {
    const matrices = [this.X, ...(this.#series ? [this.#series] : []), ...(also ? [also] : [])];
    return Matrix.blocksTogether(matrices, maxRows).map((blocks) => ({
      points: {
        X: blocks[0],
        norms: this.#norms,
        ...(this.#series && { series: blocks[1].binding }),
      },
      beside: also && blocks.at(-1),
    }));
  }

  /**
   * Bound on the norm of what the series leave out of Θ*: of an entry at most √(t_i t_j), t_i what they leave out of the
   * diagonal there (Cauchy–Schwarz), and a matrix of such entries has norm at most Σ_i t_i.
   */
  truncation({ first, second }: ExpectedWeights): number {
    return Math.abs(first) * this.tail.first + Math.abs(second) * this.tail.second;
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/**
 * Θ* = first · Θ₁* + second · Θ₂*, the expectation of the NTK over W ~ N(0, I) (THEORY.md, section 3), by products that
 * make its entries anew in blocks: 2n²(d + 2 terms) operations each and O(n) memory, never n × n.
 */
export class ExpectedKernel implements LinearOperator {
  readonly symmetric = true;
  readonly #set: ExpectedSet;
  readonly #weights: ExpectedWeights;
  readonly #program: ExpectedProduct;

  private constructor(set: ExpectedSet, weights: ExpectedWeights, program: ExpectedProduct) {
    this.#set = set;
    this.#weights = weights;
    this.#program = program;
  }

  /**
   * The operator on the points X (n × d), with weights for Θ₁* and Θ₂*; what a cut series leaves open is its `uncertainty`.
   * Aborting throws the signal's reason.
   */
  static async create(
    gpu: Gpu,
    stream: CommandStream,
    activation: Activation,
    X: Matrix,
    weights: ExpectedWeights,
    signal?: AbortSignal,
  ): Promise<ExpectedKernel> {
    const layers = { activation, first: weights.first !== 0, second: weights.second !== 0 };
    const program = await compileExpectedProduct(gpu, layers);
    const set = await ExpectedSet.create(gpu, stream, activation, X, signal);
    return new ExpectedKernel(set, weights, program);
  }

  get size(): number {
    return this.#set.X.rows;
  }

  get uncertainty(): number {
    return this.#set.truncation(this.#weights);
  }

  *product(u: Vector, out: Vector): Generator<Dispatch> {
    requireOperands(this, u, out);
    const blocks = this.#set.blocks(this.#set.side);
    const sizes = { inputs: this.#set.X.cols, terms: this.#set.terms, sameSet: true };
    for (const { points: rows } of blocks) {
      for (const [index, { points: cols }] of blocks.entries()) {
        yield this.#program(rows, cols, { u, sums: out }, sizes, this.#weights, index > 0);
      }
    }
  }

  transposedProduct(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.product(u, out);
  }

  [Symbol.dispose](): void {
    this.#set[Symbol.dispose]();
  }
}

/**
 * The expected kernel on a set of points, stored: n² floats, with a bound on the norm of what its series leave out. The
 * caller disposes of the matrix.
 */
export async function denseExpectedKernel(
  gpu: Gpu,
  activation: Activation,
  X: Matrix,
  weights: ExpectedWeights,
  signal?: AbortSignal,
): Promise<{ kernel: Matrix; truncation: number }> {
  const layers = { activation, first: weights.first !== 0, second: weights.second !== 0 };
  const program = await compileExpectedKernel(gpu, layers);
  using stream = new CommandStream(gpu);
  using set = await ExpectedSet.create(gpu, stream, activation, X, signal);
  using owned = new Resources();
  const kernel = owned.own(new Matrix(gpu, 'expected kernel', X.rows, X.rows));
  const sizes = { inputs: X.cols, terms: set.terms, sameSet: true, stride: kernel.stride };
  for (const { points: rows, beside } of set.blocks(set.side, kernel)) {
    for (const { points: cols } of set.blocks(set.side)) {
      const column = cols.X.firstRow;
      stream.run(program(rows, cols, beside!.binding, { ...sizes, column }, weights));
      signal?.throwIfAborted();
      await stream.pace();
    }
  }
  await stream.finish();
  owned.move();
  return { kernel, truncation: set.truncation(weights) };
}

/** Θ* as an operator: stored where that fits, since a product costs as much as all entries do. */
export async function expectedOperator(
  gpu: Gpu,
  stream: CommandStream,
  activation: Activation,
  X: Matrix,
  weights: ExpectedWeights,
  { signal, mostStored = storableBytes(gpu) }: OperatorOptions = {},
): Promise<LinearOperator> {
  if (storedBytes(X.rows) > mostStored)
    return ExpectedKernel.create(gpu, stream, activation, X, weights, signal);
  // It is made on a stream of its own: what comes before it goes first.
  stream.flush();
  const { kernel, truncation } = await denseExpectedKernel(gpu, activation, X, weights, signal);
  return StoredKernel.create(gpu, kernel, { symmetric: true, uncertainty: truncation });
}
