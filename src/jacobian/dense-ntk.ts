import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import type { Activation } from '../math/activation-names.ts';
import { heldBytes, hiddenBlockRows } from './hidden-block.ts';
import { TangentFeatures, type TangentSide } from '../network/two-layer-jacobian.ts';
import { type FeatureStorage, featureBytes } from '../programs/forward.ts';
import { type KernelPoints, type Mirror, type Ntk, compileNtk } from '../programs/ntk.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import { blockWorkNow, pairBlockSide } from '../programs/pair-blocks.ts';

/** Θ = first · Θ₁ + second · Θ₂; both 1 for the kernel of both layers, the rates for the one that drives them. */
export interface KernelWeights {
  first: number;
  second: number;
}

export interface DenseNtkOptions {
  /** Bytes of hidden layer that may be kept whole; of a larger one, a block of rows and one of columns at a time. */
  held?: number | undefined;
  /** How the hidden layer is kept: as halves at half its memory, and with their error (see TangentKernel). 'f32' unless given. */
  storage?: FeatureStorage | undefined;
}

/** A part of the rows of a block with its features and, of the kernel, the rows that belong to it, if any do. */
interface Part {
  points: KernelPoints;
  kernel: RowBlock | undefined;
}

/**
 * The neural tangent kernel between two sides (the same one twice: on its points), stored: rows.X.rows × cols.X.rows
 * floats. Source: THEORY.md, section 3. For one that is made again and again, see DenseNtk. The caller disposes of the
 * matrix. Aborting throws the signal's reason.
 * @throws RangeError where a side with `minus` shall be stored as halves.
 */
export async function denseNtk(
  gpu: Gpu,
  activation: Activation,
  rows: TangentSide,
  cols: TangentSide,
  weights: KernelWeights,
  { signal, ...options }: DenseNtkOptions & { signal?: AbortSignal | undefined } = {},
): Promise<Matrix> {
  using owned = new Resources();
  using ntk = await DenseNtk.create(gpu, activation, rows, cols, weights, options);
  const kernel = owned.own(new Matrix(gpu, 'neural tangent kernel', rows.X.rows, cols.X.rows));
  await ntk.fill(kernel, signal);
  owned.move();
  return kernel;
}

/**
 * What fills a matrix with the neural tangent kernel between two sides, as often as their parameters change: what it
 * allocates and compiles, it does once. On a GPU, allocating a large kernel takes nearly as long as computing it.
 *
 * Memory beside the kernel: the hidden layer of all points, where the sides are one and it takes no more than `held`
 * bytes, else of one block of rows and one of columns. Each block of the kernel is one dispatch with no n × n intermediate,
 * small enough to leave the GPU to others in between. Of a symmetric kernel (one side twice) half is computed.
 */
export class DenseNtk implements Disposable {
  readonly #gpu: Gpu;
  readonly #weights: KernelWeights;
  readonly #stream: CommandStream;
  readonly #rows: TangentFeatures;
  /** The same as #rows where all features are in one place. */
  readonly #cols: TangentFeatures;
  readonly #symmetric: boolean;
  /** Operations of one entry. */
  readonly #operations: number;
  readonly #compile: (mirror: Mirror) => Promise<Ntk>;
  readonly #programs = new Map<Mirror, Promise<Ntk>>();
  readonly #owned: Resources;
  #filling = false;

  private constructor(
    gpu: Gpu,
    weights: KernelWeights,
    parts: { stream: CommandStream; rows: TangentFeatures; cols: TangentFeatures; symmetric: boolean },
    operations: number,
    compile: (mirror: Mirror) => Promise<Ntk>,
    owned: Resources,
  ) {
    this.#gpu = gpu;
    this.#weights = weights;
    this.#stream = parts.stream;
    this.#rows = parts.rows;
    this.#cols = parts.cols;
    this.#symmetric = parts.symmetric;
    this.#operations = operations;
    this.#compile = compile;
    this.#owned = owned;
  }

  /** @throws RangeError where a side with `minus` shall be stored as halves. */
  static async create(
    gpu: Gpu,
    activation: Activation,
    rows: TangentSide,
    cols: TangentSide,
    weights: KernelWeights,
    { held = heldBytes, storage = 'f32' }: DenseNtkOptions = {},
  ): Promise<DenseNtk> {
    using owned = new Resources();
    const [width, d] = [rows.at.W.rows, rows.X.cols];
    const symmetric = rows === cols;
    const layers = { first: weights.first !== 0, second: weights.second !== 0 };
    const most = hiddenBlockRows(gpu, width, d);
    const features = async (side: TangentSide) =>
      owned.own(await TangentFeatures.create(gpu, side, activation, layers, { blockRows: most, storage }));
    const ofRows = await features(rows);
    const count = rows.X.rows * strideOf(width) * (Number(layers.first) + Number(layers.second));
    const together = symmetric && (ofRows.blocks().length === 1 || featureBytes[storage] * count <= held);
    const ofCols = together ? ofRows : await features(cols);
    const stream = owned.own(new CommandStream(gpu));
    const shape = { rows: Math.min(most, rows.X.rows), cols: Math.min(most, cols.X.rows), inner: width };
    const tile = chosenTile(gpu, 'ntk', shape);
    const operations = 2 * ((layers.first ? width + d : 0) + (layers.second ? width : 0));
    const compile = (mirror: Mirror) => compileNtk(gpu, { ...layers, mirror, storage }, tile);
    const whole = ofRows.blocks().length === 1 && isOneBlock(gpu, rows.X.rows, operations);
    const mirrors: Mirror[] = symmetric ? (whole ? ['itself'] : ['itself', 'other']) : ['none'];
    // Here, so that they compile together.
    await Promise.all(mirrors.map(compile));
    return new DenseNtk(
      gpu,
      weights,
      { stream, rows: ofRows, cols: ofCols, symmetric },
      operations,
      compile,
      owned.move(),
    );
  }

  /** Rows and columns of one dispatch, as fast as the device is known to be by now. */
  #side(): number {
    const n = this.#rows.side.X.rows;
    const work = blockWorkNow(this.#gpu);
    if (this.#symmetric && isOneBlock(this.#gpu, n, this.#operations, work)) return n;
    return pairBlockSide(this.#gpu, this.#operations, work);
  }

  /**
   * Fills `kernel`, rows.X.rows × cols.X.rows, for the parameters as they are. Aborting throws the signal's reason and
   * leaves the matrix half filled.
   * @throws RangeError for a matrix of another size; Error while an earlier call is not through.
   */
  async fill(kernel: Matrix, signal?: AbortSignal): Promise<void> {
    const [stream, rows, cols] = [this.#stream, this.#rows, this.#cols];
    const [n, other] = [rows.side.X.rows, cols.side.X.rows];
    if (kernel.rows !== n || kernel.cols !== other) {
      throw new RangeError(
        `The kernel between ${n} and ${other} points does not fit a matrix of ${kernel.rows} × ${kernel.cols}.`,
      );
    }
    if (this.#filling) throw new Error('This kernel is being filled already: await the call before.');
    this.#filling = true;
    try {
      if (rows === cols) rows.hold(stream, Infinity);
      const blocks = rows.blocks();
      for (const [index, block] of blocks.entries()) {
        for (const dispatch of rows.fill(block)) stream.run(dispatch);
        // How fast the device is shows in these; where there is much to do and it is not known, that is waited for.
        if (index === 0 && this.#side() < n && !this.#gpu.speed.known) await stream.finish();
        if (this.#symmetric) {
          const parts = partsOf(rows, block, this.#side(), kernel);
          for (const [p, part] of parts.entries()) {
            await this.#run('itself', kernel, part, part, signal);
            for (const other of parts.slice(p + 1)) await this.#run('other', kernel, part, other, signal);
          }
        }
        for (const otherBlock of this.#symmetric ? blocks.slice(index + 1) : cols.blocks()) {
          for (const dispatch of cols.fill(otherBlock)) stream.run(dispatch);
          const side = this.#side();
          const others = partsOf(cols, otherBlock, side, this.#symmetric ? kernel : undefined);
          for (const part of partsOf(rows, block, side, kernel)) {
            for (const other of others) {
              await this.#run(this.#symmetric ? 'other' : 'none', kernel, part, other, signal);
            }
          }
        }
      }
      await stream.finish();
    } catch (error) {
      stream.discard();
      throw error;
    } finally {
      this.#filling = false;
    }
  }

  #program(mirror: Mirror): Promise<Ntk> {
    let program = this.#programs.get(mirror);
    if (!program) this.#programs.set(mirror, (program = this.#compile(mirror)));
    return program;
  }

  async #run(
    mirror: Mirror,
    kernel: Matrix,
    part: Part,
    other: Part,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { X, at } = this.#rows.side;
    const ntk = await this.#program(mirror);
    const sizes = {
      inputs: X.cols,
      units: at.W.rows,
      stride: kernel.stride,
      column: other.points.X.firstRow,
    };
    const blocks = { kernel: part.kernel!, transpose: mirror === 'other' ? other.kernel : undefined };
    this.#stream.run(ntk(part.points, other.points, blocks, sizes, this.#weights));
    signal?.throwIfAborted();
    await this.#stream.pace();
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/** Whether n points make one block: half of their pairs is as much work as one of other points. */
const isOneBlock = (gpu: Gpu, n: number, operations: number, work?: number): boolean =>
  n <= Math.SQRT2 * pairBlockSide(gpu, operations, work);

/** A block in parts of at most `side` rows, each of which lies in one panel of its points and of `kernel`. */
function partsOf(
  features: TangentFeatures,
  block: RowBlock,
  side: number,
  kernel: Matrix | undefined,
): Part[] {
  const matrices = kernel ? [features.side.X, kernel] : [features.side.X];
  return Matrix.blocksTogether(matrices, side, block).map(([X, rows]) => ({
    points: { X, ...features.of(block, X) },
    kernel: rows,
  }));
}
