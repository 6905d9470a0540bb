import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import type { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { type Elementwise, compileElementwise } from '../programs/elementwise.ts';
import { type FeatureStorage, type Forward, compileForward } from '../programs/forward.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import type { TangentHidden } from '../programs/tangent.ts';
import type { TrainedLayers } from '../jacobian/vjp.ts';
import { HiddenBlock, heldBytes, hiddenBlockRows } from '../jacobian/hidden-block.ts';

/** Parameters (W, v) on the device. */
export interface ParameterPoint {
  W: Matrix;
  v: Vector;
}

/**
 * Points whose Jacobian is taken at `at`; with `minus`, J₁(W, v) − J₁(W̃, v) in the place of J₁, W̃ = minus. What is made of
 * a side may keep some of its features and make others anew: neither may change meanwhile.
 */
export interface TangentSide {
  X: Matrix;
  at: ParameterPoint;
  minus?: Matrix;
}

/**
 * How features are made and kept. `blockRows`: points at a time, a multiple of 256; chosen from the device's limits unless
 * given. `storage`: 'f32' unless given.
 */
export interface FeatureOptions {
  blockRows?: number | undefined;
  storage?: FeatureStorage | undefined;
}

/** Room for the features of one block of points, each that its layer asks for. */
interface Room {
  A?: HiddenBlock;
  B?: HiddenBlock;
}

interface Programs {
  forward: Forward;
  /** φ′(Z̃) diag(v) alone, and what subtracts it; with `minus`. */
  other: Forward | undefined;
  subtract: Elementwise;
}

/**
 * What the Jacobian of the network is made of on a set of points, one block of them at a time: φ(Z) and
 * B = φ′(Z) diag(v), or (φ′(Z) − φ′(Z̃)) diag(v), rows × units. What is not held is made anew for every use, so that
 * memory is bounded: O(blockRows · m), and with `hold` heldBytes more, in which halves keep twice as many points.
 */
export class TangentFeatures implements Disposable {
  readonly side: TangentSide;
  readonly blockRows: number;
  readonly #storage: FeatureStorage;
  readonly #gpu: Gpu;
  readonly #layers: TrainedLayers;
  readonly #programs: Programs;
  readonly #owned = new Resources();
  /** Where blocks that are not held take turns. */
  readonly #passing: Room;
  readonly #subtracted: HiddenBlock | undefined;
  /** By the first row of their block. */
  readonly #held = new Map<number, Room>();

  private constructor(
    gpu: Gpu,
    side: TangentSide,
    layers: TrainedLayers,
    { blockRows, storage }: { blockRows: number; storage: FeatureStorage },
    programs: Programs,
  ) {
    this.#gpu = gpu;
    this.side = side;
    this.blockRows = blockRows;
    this.#storage = storage;
    this.#layers = layers;
    this.#programs = programs;
    const rows = Math.min(blockRows, side.X.rows);
    this.#passing = this.#newRoom(rows);
    this.#subtracted = side.minus && this.#newBlock('φ′(Z̃) diag(v)', rows);
  }

  /** @throws RangeError for a difference of features that are stored as halves. */
  static async create(
    gpu: Gpu,
    side: TangentSide,
    activation: Activation,
    layers: TrainedLayers,
    { blockRows = hiddenBlockRows(gpu, side.at.W.rows, side.X.cols), storage = 'f32' }: FeatureOptions = {},
  ): Promise<TangentFeatures> {
    if (side.minus && storage !== 'f32') {
      throw new RangeError(
        `J₁(W, v) − J₁(W̃, v) with features stored as ${storage} would be little but their rounding where W̃ is near W. Leave \`storage\` out for a side with \`minus\`.`,
      );
    }
    const shape = { rows: Math.min(blockRows, side.X.rows), cols: side.at.W.rows, inner: side.X.cols };
    const tile = chosenTile(gpu, 'forward', shape);
    const [forward, other, subtract] = await Promise.all([
      compileForward(gpu, { activation, phi: layers.second, slopes: layers.first, storage }, tile),
      side.minus && compileForward(gpu, { activation, phi: false, slopes: true }, tile),
      compileElementwise(gpu, 'accumulate'),
    ]);
    return gpu.allOrNothing(
      () => new TangentFeatures(gpu, side, layers, { blockRows, storage }, { forward, other, subtract }),
    );
  }

  #newBlock(label: string, rows: number): HiddenBlock {
    return this.#owned.own(new HiddenBlock(this.#gpu, label, rows, this.side.at.W.rows, this.#storage));
  }

  #newRoom(rows: number): Room {
    const { first, second } = this.#layers;
    return {
      ...(second && { A: this.#newBlock('φ(Z)', rows) }),
      ...(first && { B: this.#newBlock('φ′(Z) diag(v)', rows) }),
    };
  }

  /**
   * Makes features now and keeps them: of as many blocks as `most` bytes hold, beside the room for one that passes. Once
   * more, it makes the same ones anew, where they are.
   */
  hold(stream: CommandStream, most = heldBytes): void {
    const blocks = this.blocks();
    const { A, B } = this.#passing;
    const fitting = Math.floor(most / ((A?.bytes ?? 0) + (B?.bytes ?? 0)));
    const all = blocks.length <= fitting + 1;
    for (const block of all ? blocks : blocks.slice(0, fitting)) {
      // Where no block is left to pass, the last one may keep the room for those.
      const last = all && block === blocks.at(-1);
      const room = this.#held.get(block.firstRow) ?? (last ? this.#passing : this.#newRoom(block.rows));
      for (const dispatch of this.#make(block, room)) stream.run(dispatch);
      this.#held.set(block.firstRow, room);
    }
    stream.flush();
  }

  blocks(): RowBlock[] {
    return this.side.X.blocks(this.blockRows);
  }

  /** The dispatches that make the features of a block; none where they are held. */
  *fill(block: RowBlock): Generator<Dispatch> {
    if (!this.#held.has(block.firstRow)) yield* this.#make(block, this.#passing);
  }

  *#make(block: RowBlock, room: Room): Generator<Dispatch> {
    const { W, v } = this.side.at;
    const scale = 1 / Math.sqrt(this.side.X.cols);
    const hidden = parts(room, block);
    yield this.#programs.forward(block, W, scale, hidden, v);
    if (!this.#subtracted || !hidden.B) return;
    const subtracted = this.#subtracted.of(block);
    yield this.#programs.other!(block, this.side.minus!, scale, { B: subtracted }, v);
    yield this.#programs.subtract({ x: subtracted, out: hidden.B }, block.rows * strideOf(W.rows), {
      a: -1,
      b: 1,
    });
  }

  /** Where the features of a block, or of `part` of its rows, are, once made. */
  of(block: RowBlock, part = block): TangentHidden {
    return parts(this.#held.get(block.firstRow) ?? this.#passing, block, part);
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

const parts = ({ A, B }: Room, block: RowBlock, part = block): TangentHidden => ({
  ...(A && { A: A.of(block, part) }),
  ...(B && { B: B.of(block, part) }),
});
