import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import type { Vector } from '../gpu/vector.ts';
import type { FactorOptions, Jacobian, JacobianFactors } from '../jacobian/factors.ts';
import { HiddenBlock, heldBytes, hiddenBlockRows } from '../jacobian/hidden-block.ts';
import type { Activation } from '../math/activation-names.ts';
import { type Elementwise, compileElementwise } from '../programs/elementwise.ts';
import type { FactorPair, FactorShape } from '../programs/factors.ts';
import {
  type FeatureStorage,
  type Forward,
  type ForwardOutputs,
  compileForward,
  featureBytes,
} from '../programs/forward.ts';
import { chosenTile } from '../programs/tile-choice.ts';

/** The layers of the two-layer network: W, whose factors are B = φ′(Z) diag(v) and X, then v, whose factors are 1 and φ(Z). */
const [W, V] = [0, 1];

/** Shapes of W and v: the Jacobians carry 1/√(md) and 1/√m. */
export const twoLayerShapes = (width: number, d: number): [W: FactorShape, v: FactorShape] => [
  { left: true, units: width, inputs: d, divisor: width * d },
  { left: false, units: 1, inputs: width, divisor: width },
];

/** A two-layer network at one place of its parameters: φ, W (m × d) and v (m) on the device. */
export interface TwoLayerPoint {
  readonly activation: Activation;
  readonly W: Matrix;
  readonly v: Vector;
}

/**
 * The Jacobian of the two-layer network at (W, v) on the points X (n × d). With `minus`, the part of W is
 * J₁(W, v) − J₁(W̃, v), W̃ = minus. Source: THEORY.md, section 3.
 */
export class TwoLayerJacobian implements Jacobian {
  readonly X: Matrix;
  readonly at: TwoLayerPoint;
  readonly minus: Matrix | undefined;
  readonly layers: readonly FactorShape[];

  /** @throws RangeError where the sizes of X, W, v and `minus` do not belong together. */
  constructor(X: Matrix, at: TwoLayerPoint, minus?: Matrix) {
    const { rows: m, cols: d } = at.W;
    const sizes = `W is ${m} × ${d}, v has ${at.v.length} entries and X is ${X.rows} × ${X.cols}`;
    if (X.cols !== d || at.v.length !== m) {
      throw new RangeError(`${sizes}: X needs as many columns as W, and v an entry for each row of W.`);
    }
    if (minus && (minus.rows !== m || minus.cols !== d)) {
      throw new RangeError(
        `${sizes}: the W̃ to subtract needs the size of W, but is ${minus.rows} × ${minus.cols}.`,
      );
    }
    this.X = X;
    this.at = at;
    this.minus = minus;
    this.layers = twoLayerShapes(m, d);
  }

  /** @throws RangeError for a difference of features that are stored as halves. */
  async factors(
    gpu: Gpu,
    layers: readonly number[],
    { blockRows = hiddenBlockRows(gpu, this.at.W.rows, this.X.cols), storage = 'f32' }: FactorOptions = {},
  ): Promise<JacobianFactors> {
    if (this.minus && storage !== 'f32') {
      throw new RangeError(
        `J₁(W, v) − J₁(W̃, v) with features stored as ${storage} would be little but their rounding where W̃ is near W. Leave \`storage\` out for a Jacobian with \`minus\`.`,
      );
    }
    const { activation, W: weights } = this.at;
    const shape = { rows: Math.min(blockRows, this.X.rows), cols: weights.rows, inner: this.X.cols };
    const tile = chosenTile(gpu, 'forward', shape);
    const [phi, slopes] = [layers.includes(V), layers.includes(W)];
    const [forward, other, subtract] = await Promise.all([
      compileForward(gpu, { activation, phi, slopes, storage }, tile),
      this.minus && compileForward(gpu, { activation, phi: false, slopes: true }, tile),
      compileElementwise(gpu, 'accumulate'),
    ]);
    const programs = { forward, other, subtract };
    return gpu.allOrNothing(() => new TwoLayerFactors(gpu, this, layers, { blockRows, storage }, programs));
  }
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
 * φ(Z) and B = φ′(Z) diag(v), or (φ′(Z) − φ′(Z̃)) diag(v), rows × units, one block of points at a time; memory
 * O(blockRows · m), and with `hold` heldBytes more unless given, in which halves keep twice as many points.
 */
class TwoLayerFactors implements JacobianFactors {
  readonly X: Matrix;
  readonly layers: readonly FactorShape[];
  readonly blockRows: number;
  readonly #storage: FeatureStorage;
  readonly #gpu: Gpu;
  readonly #jacobian: TwoLayerJacobian;
  readonly #indices: readonly number[];
  readonly #programs: Programs;
  readonly #owned = new Resources();
  /** Where blocks that are not held take turns. */
  readonly #passing: Room;
  readonly #subtracted: HiddenBlock | undefined;
  /** By the first row of their block. */
  readonly #held = new Map<number, Room>();

  constructor(
    gpu: Gpu,
    jacobian: TwoLayerJacobian,
    indices: readonly number[],
    { blockRows, storage }: { blockRows: number; storage: FeatureStorage },
    programs: Programs,
  ) {
    this.#gpu = gpu;
    this.#jacobian = jacobian;
    this.#indices = indices;
    this.X = jacobian.X;
    this.layers = indices.map((l) => jacobian.layers[l]);
    this.blockRows = blockRows;
    this.#storage = storage;
    this.#programs = programs;
    const rows = Math.min(blockRows, this.X.rows);
    this.#passing = this.#newRoom(rows);
    this.#subtracted = jacobian.minus && this.#newBlock('φ′(Z̃) diag(v)', rows);
  }

  get rowBytes(): number {
    return this.#indices.length * strideOf(this.#jacobian.at.W.rows) * featureBytes[this.#storage];
  }

  #newBlock(label: string, rows: number): HiddenBlock {
    const units = this.#jacobian.at.W.rows;
    return this.#owned.own(new HiddenBlock(this.#gpu, label, rows, units, this.#storage));
  }

  #newRoom(rows: number): Room {
    return {
      ...(this.#indices.includes(V) && { A: this.#newBlock('φ(Z)', rows) }),
      ...(this.#indices.includes(W) && { B: this.#newBlock('φ′(Z) diag(v)', rows) }),
    };
  }

  hold(stream: CommandStream, most = heldBytes): void {
    const blocks = this.blocks();
    const { A, B } = this.#passing;
    const fitting = Math.floor(Math.max(0, most) / ((A?.bytes ?? 0) + (B?.bytes ?? 0)));
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
    return this.X.blocks(this.blockRows);
  }

  *fill(block: RowBlock): Generator<Dispatch> {
    if (!this.#held.has(block.firstRow)) yield* this.#make(block, this.#passing);
  }

  *#make(block: RowBlock, room: Room): Generator<Dispatch> {
    const { at, minus } = this.#jacobian;
    const scale = 1 / Math.sqrt(this.X.cols);
    const hidden = hiddenOf(room, block);
    yield this.#programs.forward(block, at.W, scale, hidden, at.v);
    if (!this.#subtracted || !hidden.B) return;
    const subtracted = this.#subtracted.of(block);
    yield this.#programs.other!(block, minus!, scale, { B: subtracted }, at.v);
    const length = block.rows * strideOf(at.W.rows);
    yield this.#programs.subtract({ x: subtracted, out: hidden.B }, length, { a: -1, b: 1 });
  }

  of(block: RowBlock, part = block): FactorPair[] {
    const hidden = hiddenOf(this.#held.get(block.firstRow) ?? this.#passing, block, part);
    return this.#indices.map((l) => pairOf(l, part, hidden));
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

const hiddenOf = ({ A, B }: Room, block: RowBlock, part = block): ForwardOutputs => ({
  ...(A && { A: A.of(block, part) }),
  ...(B && { B: B.of(block, part) }),
});

/** The factors of W or of v at a block of points, of the features that its layer asks for. */
export const pairOf = (layer: number, points: RowBlock, { A, B }: ForwardOutputs): FactorPair =>
  layer === W ? { left: B!, right: points.binding } : { right: A! };
