import { type CommandStream, type Dispatch, requireStream } from '../gpu/command-stream.ts';
import { type Gpu, requireGpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import type { Vector } from '../gpu/vector.ts';
import { type LinearOperator, requireOperands } from '../spectral/operator.ts';
import type { FactorOptions, JacobianFactors } from './factors.ts';
import { heldBytes } from './hidden-block.ts';
import { Jvp } from './jvp.ts';
import { type KernelSides, requireSquare, weightedLayers } from './kernel-sides.ts';
import { holdableBytes, holdSpare } from './spare-memory.ts';
import { Vjp } from './vjp.ts';

/**
 * Θ = Σ_l weight_l J_lJ̃_lᵀ between two Jacobians, by Θu = J(J̃ᵀu) and without the n × n matrix; of the two-layer network
 * (THEORY.md, section 3):
 *
 *     G = B̃ᵀ diag(u) X̃ (m × d)      (Θ₁u)_i = Σ_r B_ir ⟨G_r, x_i⟩/(md)      Θ₂u = A(Ãᵀu)/m      B = φ′(Z) diag(v)
 *
 * 4n operations a product and parameter, 4nmd there, and 4 times md more for each point whose hidden layer is not held and
 * so made twice. Memory: O(n + md), and for each side one block of the hidden layer and as much of it as is held: 512 MiB, or on
 * a GPU with memory to spare as much as its largest buffer (see holdSpare).
 *
 * Stored as halves (`storage: 'f16'`), the hidden layer takes half the memory, so that twice as many points are held, and
 * a product reads half as much of it; every sum is float32 as before. A feature is rounded by at most h = 2⁻¹¹ of itself
 * (2⁻¹⁰ where the adapter does not round to nearest: WGSL leaves that open), so that beside the error of float32
 *
 *     |Δ(Θ₁)_ij| ≤ (2h + h²) Σ_r |B_ir B̃_jr| |⟨x_i, x̃_j⟩|/(md)      |Δ(Θ₂)_ij| ≤ (2h + h²) Σ_r |A_ir Ã_jr|/m.
 *
 * Features below 2⁻¹⁴ may become 0, which adds 2⁻¹⁴ to the error of each; those beyond 65504 become that. Roundings cancel in
 * sums: what is left of them is far smaller, and the benchmarks print it. It is for GPUs, and for hidden layers that pass
 * what is held; a processor, which has to unpack them, gains little or loses (bench/README.md).
 */
export class TangentKernel implements LinearOperator {
  readonly size: number;
  readonly symmetric: boolean;
  readonly #rows: JacobianFactors;
  readonly #cols: JacobianFactors;
  /** Of each layer, over its divisor. */
  readonly #scales: readonly number[];
  readonly #vjp: Vjp;
  readonly #jvp: Jvp;
  readonly #owned: Resources;

  private constructor(
    parts: {
      rows: JacobianFactors;
      cols: JacobianFactors;
      scales: readonly number[];
      vjp: Vjp;
      jvp: Jvp;
    },
    owned: Resources,
  ) {
    this.size = parts.rows.X.rows;
    this.symmetric = parts.rows === parts.cols;
    this.#rows = parts.rows;
    this.#cols = parts.cols;
    this.#scales = parts.scales;
    this.#vjp = parts.vjp;
    this.#jvp = parts.jvp;
    this.#owned = owned;
  }

  /**
   * `blockRows` and `storage` as in FactorOptions; `held`: bytes that a side may keep, of which it keeps at least
   * `heldAtLeast` where there is no memory for all. What is held is of the parameters as they are now: make another kernel when
   * they change.
   * @throws RangeError where the sides do not belong together, are of different numbers of points, or hold a difference that
   * shall be stored as halves.
   */
  static async create(
    gpu: Gpu,
    stream: CommandStream,
    sides: KernelSides,
    keeping: FactorOptions & { held?: number | undefined; heldAtLeast?: number } = {},
  ): Promise<TangentKernel> {
    requireGpu(gpu);
    requireStream(stream);
    const { held = holdableBytes(gpu), heldAtLeast = Math.min(held, heldBytes), ...options } = keeping;
    const { rows, cols = rows } = sides;
    requireSquare(sides);
    const { indices, layers, scales } = weightedLayers(sides);
    using owned = new Resources();
    const factorsOf = async (side: typeof rows, blockRows = options.blockRows) => {
      const made = owned.own(await side.factors(gpu, indices, { ...options, blockRows }));
      await holdSpare(gpu, stream, made, { most: held, least: heldAtLeast });
      return made;
    };
    const left = await factorsOf(rows);
    const right = cols === rows ? left : await factorsOf(cols, left.blockRows);
    const blockRows = Math.min(left.blockRows, rows.X.rows);
    const vjp = owned.own(await Vjp.create(gpu, layers, blockRows, { storage: options.storage }));
    const jvp = owned.own(await Jvp.create(gpu, layers, blockRows, options.storage));
    return new TangentKernel({ rows: left, cols: right, scales, vjp, jvp }, owned.move());
  }

  product(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.#through(this.#cols, this.#rows, u, out);
  }

  transposedProduct(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.#through(this.#rows, this.#cols, u, out);
  }

  *#through(from: JacobianFactors, to: JacobianFactors, u: Vector, out: Vector): Generator<Dispatch> {
    requireOperands(this, u, out);
    for (const block of from.blocks()) {
      yield* from.fill(block);
      yield* this.#vjp.add(block, from.of(block), u);
    }
    yield* this.#vjp.total();
    const directions = this.#vjp.sums.map((sum, l) => ({
      direction: sum.whole().binding,
      scale: this.#scales[l],
    }));
    for (const block of to.blocks()) {
      yield* to.fill(block);
      yield* this.#jvp.apply(block, to.of(block), directions, out);
    }
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
