import { EigenvalueDecomposition, Matrix as SmallMatrix } from 'ml-matrix';
import { streams } from '../data/streams.ts';
import { CommandStream, type Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, type RowBlock } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { type ExtendBasis, compileExtendBasis } from '../programs/extend-basis.ts';
import { type MatrixVector, compileMatrixVector } from '../programs/matrix-vector.ts';
import { compileRandom } from '../programs/random.ts';
import { Reduction } from '../programs/reduce.ts';
import {
  type SecondGradient,
  compileSecondGradient,
  secondGradientSlices,
} from '../programs/second-gradient.ts';
import { type SumSlices, compileSumSlices, sliceCount } from '../programs/sum-slices.ts';
import type { LinearOperator } from './operator.ts';

/** Rows of the basis that its programs take at a time; bounds the slices of Qᵀw. */
const basisBlockRows = 2 ** 16;
/** The basis is made wide enough for a multiple of these columns, so that a row of coefficients can be bound alone. */
const columnUnit = 64;

/** Columns of the basis that so many steps take. */
export const basisColumns = (steps: number): number => columnUnit * Math.ceil((steps + 1) / columnUnit);

/** Step j of Lanczos: α_j = q_jᵀAq_j and β_{j+1} = ‖Aq_j − …‖, what is left over. */
export interface LanczosStep {
  alpha: number;
  beta: number;
}

/**
 * Lanczos' process on a symmetric operator with full reorthogonalization, on the device: A Q = Q T + β q eᵀ with Q
 * orthonormal and T tridiagonal. Every step is one product with A, and twice w ← w − Q(Qᵀw) (classical Gram–Schmidt,
 * "twice is enough": Giraud, Langou, Rozložník, van den Eshof, Numer. Math. 101, 2005). The norms stay on the device
 * until T is read.
 *
 * Memory: n · columns floats for Q, and three vectors; 8 · n · columns operations a step beside the product.
 */
export class Lanczos implements Disposable {
  /** Steps made. */
  steps = 0;
  readonly columns: number;
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
    owned: Resources,
  ) {
    this.#gpu = gpu;
    this.#stream = stream;
    this.#operator = operator;
    this.#programs = programs;
    this.columns = parts.Q.cols;
    this.#blocks = parts.Q.blocks(basisBlockRows);
    this.#q = parts.q;
    this.#w = parts.w;
    this.#squares = parts.squares;
    this.#square = parts.square;
    const rows = Math.min(basisBlockRows, operator.size);
    this.#coefficients = owned.own(new Matrix(gpu, 'Qᵀw', 2 * this.columns, this.columns));
    this.#slices = owned.own(new Vector(gpu, 'Qᵀw in slices', secondGradientSlices(rows, this.columns)));
    this.#product = shortList(operator.product(this.#q, this.#w));
    this.#owned = owned;
  }

  /** Room for `steps` steps from a random start: q₀ ∝ N(0, I), drawn under the seed. */
  static async create(
    gpu: Gpu,
    stream: CommandStream,
    operator: LinearOperator,
    steps: number,
    seed: number,
  ): Promise<Lanczos> {
    using owned = new Resources();
    const n = operator.size;
    const columns = basisColumns(steps);
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
    const lanczos = new Lanczos(gpu, stream, operator, programs, { Q, q, w, squares, square }, owned.move());
    // One row of n numbers lies in memory as a vector does.
    stream.run(
      normal({ binding: w.binding, firstRow: 0, rows: 1 }, n, { seed, stream: streams.lanczosStart }),
    );
    lanczos.#extend(0);
    return lanczos;
  }

  /** q_column = w/‖w‖ */
  #extend(column: number): void {
    for (const dispatch of this.#square.into(column, 1)) this.#stream.run(dispatch);
    for (const block of this.#blocks) {
      const target = { block, columns: this.columns, column };
      this.#stream.run(this.#programs.extend(target, this.#w, this.#squares, column, this.#q));
    }
  }

  /** One step; the caller keeps `steps` below the room made for it. @throws the signal's reason where it is aborted. */
  async step(signal?: AbortSignal): Promise<void> {
    const j = this.steps++;
    for (const dispatch of this.#product ?? this.#operator.product(this.#q, this.#w)) {
      signal?.throwIfAborted();
      this.#stream.run(dispatch);
      await this.#stream.pace();
    }
    this.#removeSpan(j);
    this.#removeSpan(this.columns + j);
    this.#extend(j + 1);
    await this.#stream.pace();
  }

  /** w ← w − Q(Qᵀw), with Qᵀw kept in a row of coefficients. */
  #removeSpan(row: number): void {
    const { project, sum, subtract } = this.#programs;
    const bytes = 4 * this.columns;
    const coefficients = {
      buffer: this.#coefficients.whole().binding.buffer,
      offset: row * bytes,
      size: bytes,
    };
    const slices = this.#slices.binding;
    for (const block of this.#blocks) {
      this.#stream.run(project(block, block.binding, this.columns, this.#w, slices));
      const count = sliceCount(block.rows);
      this.#stream.run(sum(slices, coefficients, this.columns, count, block.firstRow > 0));
    }
    for (const block of this.#blocks)
      this.#stream.run(subtract(block, this.columns, coefficients, this.#w, -1));
  }

  /** T as far as it goes. */
  async read(): Promise<LanczosStep[]> {
    this.#stream.flush();
    const [coefficients, squares] = await Promise.all([this.#coefficients.readAll(), this.#squares.read()]);
    const passes = [0, this.columns];
    return Array.from({ length: this.steps }, (_, j) => ({
      alpha: passes.reduce((sum, first) => sum + coefficients[(first + j) * this.columns + j], 0),
      beta: Math.sqrt(squares[j + 1]),
    }));
  }

  /**
   * The Ritz vector Σ_j s_j q_j written to `out`, and of it ‖y‖ and ‖Ay − θy‖, measured on the device: the certificate of
   * an eigenpair (θ, y). Overwrites w: no step may follow, but more of these.
   */
  async certify(s: Float64Array, theta: number, out: Vector): Promise<{ norm: number; residual: number }> {
    using weights = new Vector(this.#gpu, 'Ritz coefficients', this.columns);
    const padded = new Float32Array(this.columns);
    padded.set(s);
    weights.write(padded);
    const stream = this.#stream;
    const combine = (scale: number, accumulate: boolean, target: Vector) => {
      const program = accumulate ? this.#programs.subtract : this.#programs.combine;
      for (const block of this.#blocks)
        stream.run(program(block, this.columns, weights.binding, target, scale));
    };
    combine(1, false, out);
    for (const dispatch of this.#operator.product(out, this.#w)) stream.run(dispatch);
    combine(-theta, true, this.#w);
    for (const dispatch of this.#square.into(0, 1)) stream.run(dispatch);
    const length = await Reduction.create(
      this.#gpu,
      'square',
      this.#operator.size,
      this.#squares.binding,
      out.binding,
    );
    using ownedLength = length;
    for (const dispatch of ownedLength.into(1, 1)) stream.run(dispatch);
    stream.flush();
    const [residual, norm] = await this.#squares.read();
    return { norm: Math.sqrt(norm), residual: Math.sqrt(residual) };
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

/** Eigenpairs of a symmetric tridiagonal matrix, largest eigenvalue first. */
export interface RitzPairs {
  values: number[];
  /** Row k: the eigenvector of value k. */
  vectors: Float64Array[];
}

/** Diagonalizes T of these steps (the last β is no part of it). */
export function ritzPairs(steps: readonly LanczosStep[]): RitzPairs {
  const k = steps.length;
  const T = SmallMatrix.zeros(k, k);
  steps.forEach(({ alpha, beta }, j) => {
    T.set(j, j, alpha);
    if (j + 1 === k) return;
    T.set(j, j + 1, beta);
    T.set(j + 1, j, beta);
  });
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(T, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return {
    values: order.map((i) => realEigenvalues[i]),
    vectors: order.map((i) => Float64Array.from({ length: k }, (_, j) => eigenvectorMatrix.get(j, i))),
  };
}
