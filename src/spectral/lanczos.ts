import { streams } from '../data/streams.ts';
import { CommandStream, type Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { together } from '../gpu/together.ts';
import { Vector } from '../gpu/vector.ts';
import { type ExtendBasis, compileExtendBasis } from '../programs/extend-basis.ts';
import { type MatrixVector, compileMatrixVector } from '../programs/matrix-vector.ts';
import { compileRandom } from '../programs/random.ts';
import { Reduction } from '../programs/reduce.ts';
import {
  type SecondGradient,
  compileSecondGradient,
  secondGradientSlices,
  slicesOf,
} from '../programs/second-gradient.ts';
import { sliceCount } from '../programs/partial-sums.ts';
import { type SumSlices, compileSumSlices } from '../programs/sum-slices.ts';
import { basisColumns } from './memory.ts';
import { type LinearOperator, NotFiniteError, runProduct } from './operator.ts';
import type { Krylov, Projection } from './search.ts';

/** Rows of the basis that its programs take at a time; bounds the slices of Qᵀw. */
const basisBlockRows = 2 ** 16;

export interface LanczosStart {
  seed: number;
  /** Each has random numbers of its own. */
  round: number;
  /** Vectors to stay orthogonal to, orthonormal but for rounding. */
  locked: readonly Vector[];
  /** What the operator is to be multiplied by to be the one that is meant: see ScaledOperator. */
  unit: number;
  signal: AbortSignal | undefined;
  /** Called after every step. */
  onProduct: (() => void) | undefined;
}

/** What is left over below this share of the norm is rounding: some units of roundoff. */
const nothing = 8 * 2 ** -24;

/**
 * Lanczos' process on a symmetric operator with full reorthogonalization, on the device: A Q = Q T + β q eᵀ with Q
 * orthonormal and T tridiagonal; on the complement of locked vectors, which are the first columns of Q, where there are any.
 * Every step is one product with A, and twice w ← w − Q(Qᵀw) (classical Gram–Schmidt,
 * "twice is enough": Giraud, Langou, Rozložník, van den Eshof, Numer. Math. 101, 2005). The norms stay on the device
 * until T is read.
 *
 * Memory: n · columns floats for Q, and three vectors; 8 · n · j operations in step j beside the product.
 */
export class Lanczos implements Krylov<Vector> {
  /** Steps made. */
  steps = 0;
  readonly #unit: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onProduct: (() => void) | undefined;
  /** Columns of the basis that are locked vectors. */
  readonly #locked: number;
  readonly #columns: number;
  #projection: Projection | undefined;
  readonly #gpu: Gpu;
  readonly #stream: CommandStream;
  readonly #operator: LinearOperator;
  readonly #blocks: RowBlock[];
  /** Row j: Qᵀw of step j's first pass; row columns + j: of its second. */
  readonly #coefficients: Matrix;
  readonly #slices: Vector;
  readonly #q: Vector;
  readonly #w: Vector;
  /** ‖w‖² before q_j was made of it, at j. */
  readonly #squares: Vector;
  readonly #square: Reduction;
  /** The product's dispatches, bound once; undefined where they are too many to keep. */
  readonly #product: readonly Dispatch[] | undefined;
  readonly #programs: LanczosPrograms;
  readonly #owned: Resources;

  private constructor(
    gpu: Gpu,
    stream: CommandStream,
    operator: LinearOperator,
    programs: LanczosPrograms,
    parts: { Q: Matrix; q: Vector; w: Vector; squares: Vector; square: Reduction },
    { locked, unit, signal, onProduct }: LanczosStart,
    owned: Resources,
  ) {
    this.#locked = locked.length;
    this.#unit = unit;
    this.#signal = signal;
    this.#onProduct = onProduct;
    this.#gpu = gpu;
    this.#stream = stream;
    this.#operator = operator;
    this.#programs = programs;
    this.#columns = parts.Q.cols;
    this.#blocks = parts.Q.blocks(basisBlockRows);
    this.#q = parts.q;
    this.#w = parts.w;
    this.#squares = parts.squares;
    this.#square = parts.square;
    const rows = Math.min(basisBlockRows, operator.size);
    this.#coefficients = owned.own(new Matrix(gpu, 'Qᵀw', 2 * this.#columns, this.#columns));
    this.#slices = owned.own(new Vector(gpu, 'Qᵀw in slices', secondGradientSlices(rows, this.#columns)));
    this.#product = shortList(operator.product(this.#q, this.#w));
    this.#owned = owned.move();
  }

  /**
   * Room for `steps` steps from a random start: q₀ ∝ N(0, I), drawn under the seed and the round, made orthogonal to the
   * locked vectors.
   */
  static async create(
    gpu: Gpu,
    stream: CommandStream,
    operator: LinearOperator,
    steps: number,
    start: LanczosStart,
  ): Promise<Lanczos> {
    const { seed, round, locked } = start;
    using owned = new Resources();
    const n = operator.size;
    const columns = basisColumns(locked.length + steps);
    const [subtract, combine, project, sum, extend, normal] = await Promise.all([
      compileMatrixVector(gpu, { accumulate: true }),
      compileMatrixVector(gpu, { accumulate: false }),
      compileSecondGradient(gpu),
      compileSumSlices(gpu),
      compileExtendBasis(gpu),
      compileRandom(gpu, { entries: 'normal', scaled: false }),
    ]);
    const Q = owned.own(new Matrix(gpu, 'Lanczos basis', n, columns));
    const q = owned.own(new Vector(gpu, 'Lanczos vector', n));
    const w = owned.own(new Vector(gpu, 'product of an operator', n));
    const squares = owned.own(new Vector(gpu, 'squared norms', columns + 1));
    const square = owned.own(await Reduction.create(gpu, 'square', n, squares.binding, w.binding));
    const programs = { subtract, combine, project, sum, extend };
    const parts = { Q, q, w, squares, square };
    const lanczos = owned.own(new Lanczos(gpu, stream, operator, programs, parts, start, owned));
    for (const [column, vector] of locked.entries()) {
      stream.copy(vector.buffer, 0, w.buffer, 0, vector.buffer.size);
      // What rounding has left in it of the others.
      if (column > 0) lanczos.#removeSpan(column, column);
      lanczos.#extend(column);
    }
    // One row of n numbers lies in memory as a vector does.
    stream.run(
      normal({ binding: w.binding, firstRow: round, rows: 1 }, n, { seed, stream: streams.lanczosStart }),
    );
    if (locked.length > 0) for (const row of [0, columns]) lanczos.#removeSpan(row, locked.length);
    lanczos.#extend(locked.length);
    owned.move();
    return lanczos;
  }

  /** q_column = w/‖w‖ */
  #extend(column: number): void {
    for (const dispatch of this.#square.into(column, 1)) this.#stream.run(dispatch);
    for (const block of this.#blocks) {
      const target = { block, columns: this.#columns, column };
      this.#stream.run(this.#programs.extend(target, this.#w, this.#squares, column, this.#q));
    }
  }

  /** One step; the caller keeps `steps` below the room made for it. @throws the signal's reason where it is aborted. */
  async step(): Promise<void> {
    const j = this.#locked + this.steps++;
    this.#projection = undefined;
    await runProduct(this.#stream, this.#product ?? this.#operator.product(this.#q, this.#w), this.#signal);
    this.#removeSpan(j, j + 1);
    this.#removeSpan(this.#columns + j, j + 1);
    this.#extend(j + 1);
    await this.#stream.pace();
    this.#onProduct?.();
  }

  /** w ← w − Q(Qᵀw) with the first columns of Q, all that there are by now; Qᵀw is kept in a row of coefficients. */
  #removeSpan(row: number, used: number): void {
    const { project, sum, subtract } = this.#programs;
    const bytes = 4 * this.#columns;
    const coefficients = {
      buffer: this.#coefficients.whole().binding.buffer,
      offset: row * bytes,
      size: bytes,
    };
    const slices = this.#slices.binding;
    for (const block of this.#blocks) {
      const target = slicesOf(block, slices);
      this.#stream.run(project(block, block.binding, used, this.#w, target, this.#columns));
      const count = sliceCount(block.rows);
      this.#stream.run(sum(slices, coefficients, strideOf(used), count, block.firstRow > 0));
    }
    for (const block of this.#blocks)
      this.#stream.run(subtract(block, used, coefficients, this.#w, -1, this.#columns));
  }

  /** T, and what couples it to the locked vectors. @throws NotFiniteError where numbers left float32's range, or the operator has such. */
  async read(): Promise<Projection> {
    return (this.#projection ??= await this.#read());
  }

  async #read(): Promise<Projection> {
    this.#stream.flush();
    const [coefficients, squares] = await together([this.#coefficients.readAll(), this.#squares.read()]);
    const passes = [0, this.#columns];
    const projection: Projection & { couplings: Float64Array[] } = {
      steps: [],
      couplings: [],
      closed: false,
    };
    let norm = 0;
    for (let j = this.#locked; j < this.#locked + this.steps && !projection.closed; j++) {
      const entry = (i: number) =>
        passes.reduce((sum, first) => sum + coefficients[(first + j) * this.#columns + i], 0);
      const step = { alpha: entry(j), beta: Math.sqrt(squares[j + 1]) };
      projection.steps.push(step);
      projection.couplings.push(Float64Array.from({ length: this.#locked }, (_, i) => entry(i)));
      norm = Math.max(norm, Math.abs(step.alpha), step.beta);
      projection.closed = step.beta <= nothing * norm;
      step.alpha *= this.#unit;
      step.beta *= this.#unit;
      if (!Number.isFinite(step.alpha + step.beta)) throw new NotFiniteError();
    }
    return projection;
  }

  /** The caller disposes of the vector. Overwrites what a step needs: no step may follow, but more of these. */
  async ritzVector(s: Float64Array, theta: number): Promise<{ vector: Vector; residual: number }> {
    const vector = new Vector(this.#gpu, 'Ritz vector', this.#operator.size);
    try {
      return { vector, residual: await this.#makeRitzVector(vector, s, theta / this.#unit) };
    } catch (error) {
      vector[Symbol.dispose]();
      throw error;
    }
  }

  async #makeRitzVector(y: Vector, s: Float64Array, theta: number): Promise<number> {
    using owned = new Resources();
    const weights = owned.own(new Vector(this.#gpu, 'Ritz coefficients', this.#columns));
    const padded = new Float32Array(this.#columns);
    padded.set(s);
    weights.write(padded);
    const stream = this.#stream;
    const combine = (scale: number, accumulate: boolean, target: Vector) => {
      const program = accumulate ? this.#programs.subtract : this.#programs.combine;
      for (const block of this.#blocks)
        stream.run(program(block, this.#columns, weights.binding, target, scale));
    };
    combine(1, false, y);
    await runProduct(stream, this.#operator.product(y, this.#w), this.#signal);
    combine(-theta, true, this.#w);
    for (const dispatch of this.#square.into(0, 1)) stream.run(dispatch);
    const { binding } = this.#squares;
    const length = owned.own(
      await Reduction.create(this.#gpu, 'square', this.#operator.size, binding, y.binding),
    );
    for (const dispatch of length.into(1, 1)) stream.run(dispatch);
    stream.flush();
    const [residual, norm] = await this.#squares.read();
    return norm > 0 ? this.#unit * Math.sqrt(residual / norm) : 0;
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/** Dispatches up to which a product is kept bound between steps. */
const mostKept = 512;

/** The dispatches as a list, or undefined where they are more than are worth keeping. */
function shortList(dispatches: Iterable<Dispatch>): Dispatch[] | undefined {
  const kept: Dispatch[] = [];
  for (const dispatch of dispatches) {
    if (kept.length === mostKept) return undefined;
    kept.push(dispatch);
  }
  return kept;
}

interface LanczosPrograms {
  subtract: MatrixVector;
  combine: MatrixVector;
  project: SecondGradient;
  sum: SumSlices;
  extend: ExtendBasis;
}
