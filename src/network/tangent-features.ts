import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import type { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { type Elementwise, compileElementwise } from '../programs/elementwise.ts';
import { type Forward, compileForward } from '../programs/forward.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import type { TangentHidden } from '../programs/tangent.ts';
import type { TrainedLayers } from './gradient.ts';
import { HiddenBlock, hiddenBlockRows } from './hidden-block.ts';

/** Parameters (W, v) on the device. */
export interface ParameterPoint {
  W: Matrix;
  v: Vector;
}

/** Points whose Jacobian is taken at `at`; with `minus`, J₁(W, v) − J₁(W̃, v) in the place of J₁, W̃ = minus. */
export interface TangentSide {
  X: Matrix;
  at: ParameterPoint;
  minus?: Matrix;
}

/**
 * What the Jacobian of the network is made of on a set of points: B = φ′(Z) diag(v), or that of the difference
 * φ′(Z) − φ′(Z̃), and φ(Z), rows × units,
 * for one block of points at a time. Where one block is all, it is made once and held; else it is made anew for every
 * use, so that memory stays O(blockRows · m).
 */
export class TangentFeatures implements Disposable {
  readonly side: TangentSide;
  readonly blockRows: number;
  readonly #layers: TrainedLayers;
  readonly #B: HiddenBlock;
  readonly #A: HiddenBlock;
  readonly #subtracted: HiddenBlock | undefined;
  readonly #programs: { forward: Forward; other: Forward | undefined; subtract: Elementwise };
  readonly #owned: Resources;
  #held = false;

  private constructor(
    gpu: Gpu,
    side: TangentSide,
    layers: TrainedLayers,
    blockRows: number,
    programs: { forward: Forward; other: Forward | undefined; subtract: Elementwise },
  ) {
    const { W } = side.at;
    const rows = Math.min(blockRows, side.X.rows);
    this.side = side;
    this.blockRows = blockRows;
    this.#layers = layers;
    this.#programs = programs;
    this.#owned = new Resources();
    this.#B = this.#owned.own(new HiddenBlock(gpu, 'φ′(Z) diag(v)', layers.first ? rows : 1, W.rows));
    this.#A = this.#owned.own(new HiddenBlock(gpu, 'φ(Z)', layers.second ? rows : 1, W.rows));
    this.#subtracted = side.minus && this.#owned.own(new HiddenBlock(gpu, 'φ′(Z̃) diag(v)', rows, W.rows));
  }

  /** `blockRows`: rows at a time, a multiple of 256; chosen from the device's limits unless given. */
  static async create(
    gpu: Gpu,
    side: TangentSide,
    activation: Activation,
    layers: TrainedLayers,
    blockRows = hiddenBlockRows(gpu, side.at.W.rows, side.X.cols),
  ): Promise<TangentFeatures> {
    const shape = { rows: Math.min(blockRows, side.X.rows), cols: side.at.W.rows, inner: side.X.cols };
    const tile = chosenTile(gpu, 'forward', shape);
    const [forward, other, subtract] = await Promise.all([
      compileForward(gpu, { activation, phi: layers.second, slopes: layers.first }, tile),
      side.minus && compileForward(gpu, { activation, phi: false, slopes: true }, tile),
      compileElementwise(gpu, 'accumulate'),
    ]);
    return new TangentFeatures(gpu, side, layers, blockRows, { forward, other, subtract });
  }

  /** Makes the features now and keeps them, where one block is all. */
  hold(stream: CommandStream): void {
    const [block, ...more] = this.blocks();
    if (more.length > 0) return;
    for (const dispatch of this.fill(block)) stream.run(dispatch);
    this.#held = true;
  }

  blocks(): RowBlock[] {
    return this.side.X.blocks(this.blockRows);
  }

  /** The dispatches that make the features of a block; none where they are held. */
  *fill(block: RowBlock): Generator<Dispatch> {
    if (this.#held) return;
    const { W, v } = this.side.at;
    const scale = 1 / Math.sqrt(this.side.X.cols);
    const hidden = this.of(block);
    yield this.#programs.forward(block, W, scale, hidden, v);
    if (!this.#subtracted || !hidden.B) return;
    const subtracted = this.#subtracted.of(block);
    yield this.#programs.other!(block, this.side.minus!, scale, { B: subtracted }, v);
    yield this.#programs.subtract({ x: subtracted, out: hidden.B }, block.rows * strideOf(W.rows), {
      a: -1,
      b: 1,
    });
  }

  /** Where a block's features are, once made. */
  of(block: RowBlock): TangentHidden {
    return {
      ...(this.#layers.first && { B: this.#B.of(block) }),
      ...(this.#layers.second && { A: this.#A.of(block) }),
    };
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
