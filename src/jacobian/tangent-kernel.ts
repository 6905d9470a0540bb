import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Resources } from '../gpu/resources.ts';
import type { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { NetworkGradient } from './vjp.ts';
import { type FeatureOptions, TangentFeatures, type TangentSide } from '../network/two-layer-jacobian.ts';
import { type Tangent, compileTangent } from '../programs/tangent.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import type { KernelWeights } from './dense-ntk.ts';
import type { LinearOperator } from '../spectral/operator.ts';

/**
 * Θ = first · Θ₁ + second · Θ₂ between two sides, by Θu = J(J̃ᵀu) and without the n × n matrix (THEORY.md, section 3):
 *
 *     G = B̃ᵀ diag(u) X̃ (m × d)      (Θ₁u)_i = Σ_r B_ir ⟨G_r, x_i⟩/(md)      Θ₂u = A(Ãᵀu)/m      B = φ′(Z) diag(v)
 *
 * 4nmd operations a product, and 4 times md more for each point whose hidden layer is not held and so made twice. Memory:
 * O(n + md), and for each side one block of the hidden layer and as much of it as is held: see TangentFeatures.
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
  readonly #left: TangentFeatures;
  readonly #right: TangentFeatures;
  readonly #weights: KernelWeights;
  readonly #gradient: NetworkGradient;
  readonly #tangent: Tangent;
  readonly #owned: Resources;

  private constructor(
    parts: {
      left: TangentFeatures;
      right: TangentFeatures;
      weights: KernelWeights;
      gradient: NetworkGradient;
      tangent: Tangent;
    },
    owned: Resources,
  ) {
    this.size = parts.left.side.X.rows;
    this.symmetric = parts.left === parts.right;
    this.#left = parts.left;
    this.#right = parts.right;
    this.#weights = parts.weights;
    this.#gradient = parts.gradient;
    this.#tangent = parts.tangent;
    this.#owned = owned;
  }

  /**
   * `other` = `side` for the kernel at one point. `blockRows`, `storage` and `held` (bytes) as in TangentFeatures.
   * @throws RangeError where a side with `minus` shall be stored as halves.
   */
  static async create(
    gpu: Gpu,
    stream: CommandStream,
    activation: Activation,
    side: TangentSide,
    other: TangentSide,
    weights: KernelWeights,
    { blockRows, storage = 'f32', held }: FeatureOptions & { held?: number } = {},
  ): Promise<TangentKernel> {
    using owned = new Resources();
    const layers = { first: weights.first !== 0, second: weights.second !== 0 };
    const features = async (from: TangentSide) => {
      const made = owned.own(
        await TangentFeatures.create(gpu, from, activation, layers, { blockRows, storage }),
      );
      made.hold(stream, held);
      return made;
    };
    const left = await features(side);
    const right = other === side ? left : await features(other);
    const units = side.at.W.rows;
    const sizes = { units, inputs: side.X.cols, blockRows: Math.min(left.blockRows, side.X.rows) };
    const gradient = owned.own(await NetworkGradient.create(gpu, sizes, layers, storage));
    const shape = { rows: sizes.blockRows, cols: units, inner: sizes.inputs };
    const tile = chosenTile(gpu, 'tangent', shape);
    const tangent = await compileTangent(gpu, { ...layers, storage }, tile, sizes.inputs);
    return new TangentKernel({ left, right, weights, gradient, tangent }, owned.move());
  }

  product(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.#through(this.#right, this.#left, u, out);
  }

  transposedProduct(u: Vector, out: Vector): Iterable<Dispatch> {
    return this.#through(this.#left, this.#right, u, out);
  }

  *#through(from: TangentFeatures, to: TangentFeatures, u: Vector, out: Vector): Generator<Dispatch> {
    for (const block of from.blocks()) {
      yield* from.fill(block);
      yield* this.#gradient.add(block, from.of(block), u);
    }
    const { X, at } = to.side;
    const [m, d] = [at.W.rows, X.cols];
    const { first, second } = this.#gradient;
    const direction = {
      ...(first && { Delta: first.whole().binding }),
      ...(second && { delta: second }),
    };
    const scales = { first: this.#weights.first / (m * d), second: this.#weights.second / m };
    for (const block of to.blocks()) {
      yield* to.fill(block);
      yield this.#tangent(block, to.of(block), direction, m, scales, out);
    }
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
