import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Matrix, type RowBlock, requireMatrix, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { type Vector, requireVector } from '../gpu/vector.ts';
import type { FactorOptions, Jacobian, JacobianFactors } from '../jacobian/factors.ts';
import { type FactorRoom, HeldFactors } from '../jacobian/held-factors.ts';
import { HiddenBlock, hiddenBlockRows } from '../jacobian/hidden-block.ts';
import type { Activation } from '../math/activation-names.ts';
import { type Elementwise, compileElementwise } from '../programs/elementwise.ts';
import type { FactorPair, FactorShape } from '../programs/factors.ts';
import { type Forward, type ForwardOutputs, compileForward, featureBytes } from '../programs/forward.ts';
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

  /** @throws TypeError where one is no matrix or no vector; RangeError where the sizes of X, W, v and `minus` do not belong together. */
  constructor(X: Matrix, at: TwoLayerPoint, minus?: Matrix) {
    const { W, v } = Object(at) as TwoLayerPoint;
    for (const [name, matrix] of Object.entries({ X, W, minus: minus ?? W })) requireMatrix(name, matrix);
    requireVector('v', v);
    const { rows: m, cols: d } = W;
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

  blockRowsOn(gpu: Gpu): number {
    return hiddenBlockRows(gpu, this.at.W.rows, this.X.cols);
  }

  /** @throws RangeError for a difference of features that are stored as halves. */
  async factors(
    gpu: Gpu,
    layers: readonly number[],
    { blockRows = this.blockRowsOn(gpu), storage = 'f32', once = false }: FactorOptions = {},
  ): Promise<JacobianFactors> {
    if (this.minus && storage !== 'f32') {
      throw new RangeError(
        `J₁(W, v) − J₁(W̃, v) with features stored as ${storage} would be little but their rounding where W̃ is near W. Leave \`storage\` out for a Jacobian with \`minus\`.`,
      );
    }
    const { activation, W: weights } = this.at;
    const shape = { rows: Math.min(blockRows, this.X.rows), cols: weights.rows, inner: this.X.cols };
    const tile = chosenTile(gpu, 'forward', shape, once);
    const [phi, slopes] = [layers.includes(V), layers.includes(W)];
    const [forward, other, subtract] = await Promise.all([
      compileForward(gpu, { activation, phi, slopes, storage }, tile),
      this.minus && compileForward(gpu, { activation, phi: false, slopes: true }, tile),
      this.minus && compileElementwise(gpu, 'accumulate'),
    ]);
    const programs = { forward, other, subtract };
    const newBlock = (rows: number) => (label: string) =>
      new HiddenBlock(gpu, label, rows, weights.rows, storage);
    return gpu.allOrNothing(() => {
      const subtracted = this.minus && newBlock(shape.rows)('φ′(Z̃) diag(v)');
      return new HeldFactors({
        X: this.X,
        layers: layers.map((l) => this.layers[l]),
        blockRows,
        rowBytes: layers.length * strideOf(weights.rows) * featureBytes[storage],
        newRoom: (rows) =>
          gpu.allOrNothing(() => new TwoLayerRoom(this, layers, programs, newBlock(rows), subtracted)),
        ...(subtracted && { shared: subtracted }),
      });
    });
  }
}

interface Programs {
  forward: Forward;
  /** φ′(Z̃) diag(v) alone, and what subtracts it; with `minus`. */
  other: Forward | undefined;
  subtract: Elementwise | undefined;
}

/**
 * Room for what the factors of some layers are made of at one block of points: φ(Z) for v, and for W φ′(Z) diag(v), or
 * (φ′(Z) − φ′(Z̃)) diag(v); rows × units each.
 */
class TwoLayerRoom implements FactorRoom {
  readonly bytes: number;
  readonly #jacobian: TwoLayerJacobian;
  readonly #indices: readonly number[];
  readonly #programs: Programs;
  readonly #A: HiddenBlock | undefined;
  readonly #B: HiddenBlock | undefined;
  /** Where φ′(Z̃) diag(v) passes, for all rooms. */
  readonly #subtracted: HiddenBlock | undefined;
  readonly #owned = new Resources();

  constructor(
    jacobian: TwoLayerJacobian,
    indices: readonly number[],
    programs: Programs,
    newBlock: (label: string) => HiddenBlock,
    subtracted: HiddenBlock | undefined,
  ) {
    this.#jacobian = jacobian;
    this.#indices = indices;
    this.#programs = programs;
    this.#subtracted = subtracted;
    const block = (label: string) => this.#owned.own(newBlock(label));
    this.#A = indices.includes(V) ? block('φ(Z)') : undefined;
    this.#B = indices.includes(W) ? block('φ′(Z) diag(v)') : undefined;
    this.bytes = (this.#A?.bytes ?? 0) + (this.#B?.bytes ?? 0);
  }

  #hidden(block: RowBlock, part = block): ForwardOutputs {
    return {
      ...(this.#A && { A: this.#A.of(block, part) }),
      ...(this.#B && { B: this.#B.of(block, part) }),
    };
  }

  *make(block: RowBlock): Generator<Dispatch> {
    const { at, minus, X } = this.#jacobian;
    const scale = 1 / Math.sqrt(X.cols);
    const hidden = this.#hidden(block);
    yield this.#programs.forward(block, at.W, scale, hidden, at.v);
    if (!this.#subtracted || !hidden.B) return;
    const subtracted = this.#subtracted.of(block);
    yield this.#programs.other!(block, minus!, scale, { B: subtracted }, at.v);
    const length = block.rows * strideOf(at.W.rows);
    yield this.#programs.subtract!({ x: subtracted, out: hidden.B }, length, { a: -1, b: 1 });
  }

  pairs(block: RowBlock, part: RowBlock): FactorPair[] {
    const hidden = this.#hidden(block, part);
    return this.#indices.map((l) => pairOf(l, part, hidden));
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/** The factors of W or of v at a block of points, of the features that its layer asks for. */
export const pairOf = (layer: number, points: RowBlock, { A, B }: ForwardOutputs): FactorPair =>
  layer === W ? { left: B!, right: points.binding } : { right: A! };
