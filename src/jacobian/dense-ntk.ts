import { CommandStream } from '../gpu/command-stream.ts';
import { type Gpu, requireGpu } from '../gpu/device.ts';
import { Matrix, type RowBlock, requireMatrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import type { FactorPair } from '../programs/factors.ts';
import type { FeatureStorage } from '../programs/forward.ts';
import { type Mirror, type Ntk, type NtkTerm, compileNtk } from '../programs/ntk.ts';
import { blockWorkNow, pairBlockSide } from '../programs/pair-blocks.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import { type JacobianFactors, type LayerGroup, groupsOf, sizesOf } from './factors.ts';
import { heldBytes } from './hidden-block.ts';
import { type KernelSides, weightedLayers } from './kernel-sides.ts';

/** What a dense kernel may keep while it is made, and how. */
export interface DenseNtkOptions {
  /** Bytes of factors that may be kept whole; of more, a block of rows and one of columns at a time. */
  held?: number | undefined;
  /** How the factors are kept: as halves at half their memory, and with their error (see TangentKernel). 'f32' unless given. */
  storage?: FeatureStorage | undefined;
  /**
   * Whether no other kernel like this is asked of the device, as where a page shows one as soon as it can, or a run stores one:
   * then programs that compile sooner are taken where that is worth more than how fast they are. false unless given.
   */
  once?: boolean | undefined;
}

/** A part of the rows of a block with its factors and, of the kernel, the rows that belong to it, if any do. */
interface Part {
  points: RowBlock;
  pairs: FactorPair[];
  kernel: RowBlock | undefined;
}

/** Layers that one dispatch takes, and the program for them. */
interface GroupProgram extends LayerGroup {
  sizes: { units: number; inputs: number };
  program: Ntk;
}

/** What each entry of a kernel takes. */
interface EntryPlan {
  /** Of each layer, over its divisor. */
  scales: readonly number[];
  operations: number;
  compile: (mirror: Mirror) => Promise<GroupProgram[]>;
}

/**
 * The neural tangent kernel between two sides (the same one twice: on its points), stored: as many rows as `rows` has
 * points and as many columns as `cols` has, in floats. Source: THEORY.md, section 3. For one that is made again and again,
 * see DenseNtk. The caller disposes of the matrix. Aborting throws the signal's reason.
 * @throws RangeError where the sides do not belong together, or hold a difference that shall be stored as halves.
 */
export async function denseNtk(
  gpu: Gpu,
  sides: KernelSides,
  { signal, ...options }: DenseNtkOptions & { signal?: AbortSignal | undefined } = {},
): Promise<Matrix> {
  using owned = new Resources();
  using ntk = await DenseNtk.create(gpu, sides, options);
  const { rows, cols = rows } = sides;
  const kernel = owned.own(new Matrix(gpu, 'neural tangent kernel', rows.X.rows, cols.X.rows));
  await ntk.fill(kernel, signal);
  owned.move();
  return kernel;
}

/**
 * What fills a matrix with the neural tangent kernel between two sides, as often as their parameters change: what it
 * allocates and compiles, it does once. On a GPU, allocating a large kernel takes nearly as long as computing it.
 *
 *     Θ = Σ_l weight_l/divisor_l (left_l left̃_lᵀ) ⊙ (right_l right̃_lᵀ)
 *
 * Memory beside the kernel: the factors of all points, where the sides are one and they take no more than `held` bytes,
 * else of one block of rows and one of columns. Each block of the kernel is one dispatch for each group of layers, with no
 * n × n intermediate, small enough to leave the GPU to others in between. Of a symmetric kernel (one side twice) half is
 * computed.
 */
export class DenseNtk implements Disposable {
  readonly #gpu: Gpu;
  readonly #stream: CommandStream;
  readonly #rows: JacobianFactors;
  /** The same as #rows where all factors are in one place. */
  readonly #cols: JacobianFactors;
  readonly #symmetric: boolean;
  readonly #entry: EntryPlan;
  readonly #programs = new Map<Mirror, Promise<GroupProgram[]>>();
  readonly #owned: Resources;
  #filling = false;

  private constructor(
    gpu: Gpu,
    parts: { stream: CommandStream; rows: JacobianFactors; cols: JacobianFactors; symmetric: boolean },
    entry: EntryPlan,
    owned: Resources,
  ) {
    this.#gpu = gpu;
    this.#stream = parts.stream;
    this.#rows = parts.rows;
    this.#cols = parts.cols;
    this.#symmetric = parts.symmetric;
    this.#entry = entry;
    this.#owned = owned;
  }

  /** @throws RangeError where the sides do not belong together, or hold a difference that shall be stored as halves. */
  static async create(
    gpu: Gpu,
    sides: KernelSides,
    { held = heldBytes, storage = 'f32', once = false }: DenseNtkOptions = {},
  ): Promise<DenseNtk> {
    requireGpu(gpu);
    const { indices } = weightedLayers(sides);
    const { rows, cols = rows } = sides;
    using owned = new Resources();
    const symmetric = rows === cols;
    const blockRows = rows.blockRowsOn(gpu);
    const oneBlock = rows.X.blocks(blockRows).length === 1;
    const entry = planEntry(gpu, sides, { blockRows, storage, once });
    const whole = oneBlock && isOneBlock(gpu, rows.X.rows, entry.operations);
    const mirrors: Mirror[] = symmetric ? (whole ? ['itself'] : ['itself', 'other']) : ['none'];
    const made = rows.factors(gpu, indices, { storage, once });
    // Here, so that all programs compile together; what is made is owned before anything that failed is thrown.
    const compiled = Promise.all(mirrors.map(entry.compile));
    compiled.catch(() => undefined);
    const ofRows = owned.own(await made);
    await compiled;
    const fits = oneBlock || ofRows.rowBytes * rows.X.rows <= held;
    const ofCols =
      symmetric && fits
        ? ofRows
        : owned.own(await cols.factors(gpu, indices, { blockRows: ofRows.blockRows, storage, once }));
    const stream = owned.own(new CommandStream(gpu));
    return new DenseNtk(gpu, { stream, rows: ofRows, cols: ofCols, symmetric }, entry, owned.move());
  }

  /** Rows and columns of one dispatch, as fast as the device is known to be by now. */
  #side(): number {
    const n = this.#rows.X.rows;
    const { operations } = this.#entry;
    const work = blockWorkNow(this.#gpu);
    return this.#symmetric && isOneBlock(this.#gpu, n, operations, work)
      ? n
      : pairBlockSide(this.#gpu, operations, work);
  }

  /**
   * Fills `kernel`, as many rows as `rows` has points and as many columns as `cols` has, for the parameters as they are.
   * Aborting throws the signal's reason and leaves the matrix half filled.
   * @throws RangeError for a matrix of another size; Error while an earlier call is not through.
   */
  async fill(kernel: Matrix, signal?: AbortSignal): Promise<void> {
    requireMatrix('kernel', kernel);
    const [n, other] = [this.#rows.X.rows, this.#cols.X.rows];
    if (kernel.rows !== n || kernel.cols !== other) {
      throw new RangeError(
        `The kernel between ${n} and ${other} points does not fit a matrix of ${kernel.rows} × ${kernel.cols}.`,
      );
    }
    if (this.#filling) throw new Error('This kernel is being filled already: await the call before.');
    this.#filling = true;
    try {
      if (this.#rows === this.#cols) this.#rows.hold(this.#stream, Infinity);
      for (const [index, block] of this.#rows.blocks().entries()) {
        for (const dispatch of this.#rows.fill(block)) this.#stream.run(dispatch);
        // How fast the device is shows in these; where there is much to do and it is not known, that is waited for.
        if (index === 0 && this.#side() < n && !this.#gpu.speed.known) await this.#stream.finish();
        if (this.#symmetric) await this.#fillDiagonal(kernel, block, signal);
        await this.#fillBeside(kernel, block, index, signal);
      }
      await this.#stream.finish();
    } catch (error) {
      this.#stream.discard();
      throw error;
    } finally {
      this.#filling = false;
    }
  }

  /** The kernel between the points of one block, of which half is computed. */
  async #fillDiagonal(kernel: Matrix, block: RowBlock, signal: AbortSignal | undefined): Promise<void> {
    const parts = partsOf(this.#rows, block, this.#side(), kernel);
    for (const [p, part] of parts.entries()) {
      await this.#run('itself', kernel, [part, part], signal);
      for (const other of parts.slice(p + 1)) await this.#run('other', kernel, [part, other], signal);
    }
  }

  /** The kernel between the points of one block and of all others, or of the later ones where it is symmetric. */
  async #fillBeside(
    kernel: Matrix,
    block: RowBlock,
    index: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const others = this.#symmetric ? this.#rows.blocks().slice(index + 1) : this.#cols.blocks();
    for (const otherBlock of others) {
      for (const dispatch of this.#cols.fill(otherBlock)) this.#stream.run(dispatch);
      const side = this.#side();
      const otherParts = partsOf(this.#cols, otherBlock, side, this.#symmetric ? kernel : undefined);
      for (const part of partsOf(this.#rows, block, side, kernel)) {
        for (const other of otherParts) {
          await this.#run(this.#symmetric ? 'other' : 'none', kernel, [part, other], signal);
        }
      }
    }
  }

  #programsFor(mirror: Mirror): Promise<GroupProgram[]> {
    let programs = this.#programs.get(mirror);
    if (!programs) {
      programs = this.#entry.compile(mirror);
      this.#programs.set(mirror, programs);
      // What failed is tried anew.
      programs.catch(() => this.#programs.delete(mirror));
    }
    return programs;
  }

  async #run(
    mirror: Mirror,
    kernel: Matrix,
    [part, other]: [Part, Part],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const target = {
      kernel: part.kernel!,
      stride: kernel.stride,
      column: other.points.firstRow,
      cols: other.points.rows,
      transpose: mirror === 'other' ? other.kernel : undefined,
    };
    const term = (l: number | undefined): NtkTerm | undefined =>
      l === undefined
        ? undefined
        : { rows: part.pairs[l], cols: other.pairs[l], weight: this.#entry.scales[l] };
    for (const { outer, plain, sizes, program } of await this.#programsFor(mirror)) {
      this.#stream.run(program({ ...sizes, outer: term(outer), plain: term(plain) }, target));
      signal?.throwIfAborted();
      await this.#stream.pace();
    }
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

function planEntry(
  gpu: Gpu,
  sides: KernelSides,
  { blockRows, storage, once }: { blockRows: number; storage: FeatureStorage; once: boolean },
): EntryPlan {
  const { rows, cols = rows } = sides;
  const { layers, scales } = weightedLayers(sides);
  const [most, others] = [rows, cols].map(({ X }) => Math.min(blockRows, X.rows));
  const compile = (mirror: Mirror) =>
    Promise.all(
      groupsOf(layers).map(async (group, index): Promise<GroupProgram> => {
        const sizes = sizesOf(layers, group);
        const options = {
          first: group.outer !== undefined,
          second: group.plain !== undefined,
          mirror,
          storage,
          accumulate: index > 0,
        };
        const fewest = group.outer ? Math.min(sizes.units, sizes.inputs) : sizes.units;
        const tile = chosenTile(gpu, 'ntk', { rows: most, cols: others, inner: sizes.units, fewest }, once);
        return { ...group, sizes, program: await compileNtk(gpu, options, tile) };
      }),
    );
  const operations = layers.reduce(
    (sum, { left, units, inputs }) => sum + 2 * (left ? units + inputs : inputs),
    0,
  );
  return { scales, operations, compile };
}

/** Whether n points make one block: half of their pairs is as much work as one of other points. */
const isOneBlock = (gpu: Gpu, n: number, operations: number, work?: number): boolean =>
  n <= Math.SQRT2 * pairBlockSide(gpu, operations, work);

/** A block in parts of at most `side` rows, each of which lies in one panel of its points and of `kernel`. */
function partsOf(
  factors: JacobianFactors,
  block: RowBlock,
  side: number,
  kernel: Matrix | undefined,
): Part[] {
  const matrices = kernel ? [factors.X, kernel] : [factors.X];
  return Matrix.blocksTogether(matrices, side, block).map(([points, rows]) => ({
    points,
    pairs: factors.of(block, points),
    kernel: rows,
  }));
}
