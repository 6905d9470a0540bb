import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { type Descend, compileDescend } from '../programs/descend.ts';
import { type Forward, compileForward } from '../programs/forward.ts';
import { type Output, compileOutput, outputLanes } from '../programs/output.ts';
import { type ProductShape, chosenTile } from '../programs/tile-choice.ts';
import { type TrainedLayers, NetworkGradient } from './gradient.ts';
import { HiddenBlock, evaluatedRows, hiddenBlockRows } from './hidden-block.ts';
import type { PointSet, Predictions } from '../data/point-set.ts';

export interface NetworkSizes {
  d: number;
  /** m, even. */
  width: number;
  /** Largest set that trains it; bounds the scratch memory of small problems. Sets of any size are evaluated. */
  maxPoints: number;
  /** Rows processed at a time, a multiple of 256; chosen from the device's limits unless given. */
  blockRows?: number;
}

/**
 * The two-layer network f(x) = vᵀφ(Wx/√d)/√m on the device and its gradient descent (THEORY.md, section 1).
 *
 * Its parameters are kept as θ(0), Δ = θ − θ(0) and θ; see descend. Memory: 4 · 3(md + m) bytes, the hidden layer of
 * one block of rows, and the gradient in slices (hiddenBlockRows bounds both).
 */
export class TwoLayerNetwork implements Disposable {
  readonly W0: Matrix;
  readonly W: Matrix;
  readonly displacementW: Matrix;
  readonly v0: Vector;
  readonly v: Vector;
  readonly displacementV: Vector;
  /** Rows processed at a time. */
  readonly blockRows: number;
  readonly layers: TrainedLayers;
  /** Rows that the scratch of an evaluation holds. */
  readonly #evaluatedRows: number;
  readonly #A: HiddenBlock;
  readonly #B: HiddenBlock | undefined;
  readonly #gradient: NetworkGradient;
  readonly #programs: NetworkPrograms;

  private constructor(
    gpu: Gpu,
    { d, width, maxPoints }: NetworkSizes,
    blockRows: number,
    layers: TrainedLayers,
    gradient: NetworkGradient,
    programs: NetworkPrograms,
  ) {
    this.W0 = new Matrix(gpu, 'W(0)', width, d);
    this.W = new Matrix(gpu, 'W', width, d);
    this.displacementW = new Matrix(gpu, 'W − W(0)', width, d);
    this.v0 = new Vector(gpu, 'v(0)', width);
    this.v = new Vector(gpu, 'v', width);
    this.displacementV = new Vector(gpu, 'v − v(0)', width);
    this.blockRows = blockRows;
    this.layers = layers;
    const rows = Math.min(blockRows, maxPoints);
    this.#evaluatedRows = evaluatedRows(blockRows, maxPoints);
    this.#A = new HiddenBlock(gpu, 'φ(Z)', this.#evaluatedRows, width);
    this.#B = layers.first ? new HiddenBlock(gpu, 'φ′(Z) diag(v)', rows, width) : undefined;
    this.#gradient = gradient;
    this.#programs = programs;
  }

  static async create(
    gpu: Gpu,
    sizes: NetworkSizes,
    activation: Activation,
    layers: TrainedLayers,
  ): Promise<TwoLayerNetwork> {
    const blockRows = sizes.blockRows ?? hiddenBlockRows(gpu, sizes.width, sizes.d);
    const shape = { rows: Math.min(blockRows, sizes.maxPoints), cols: sizes.width, inner: sizes.d };
    const programs = await compileNetworkPrograms(gpu, activation, layers, shape);
    const gradient = await NetworkGradient.create(
      gpu,
      { units: sizes.width, inputs: sizes.d, blockRows: Math.min(blockRows, sizes.maxPoints) },
      layers,
    );
    return new TwoLayerNetwork(gpu, sizes, blockRows, layers, gradient, programs);
  }

  get d(): number {
    return this.W.cols;
  }

  get width(): number {
    return this.W.rows;
  }

  /** Sets (W, v) = (W(0), v(0)); W0 is width × d, row-major. */
  initialize(W0: Float32Array<ArrayBuffer>, v0: Float32Array<ArrayBuffer>): void {
    for (const matrix of [this.W0, this.W]) matrix.write(W0);
    for (const vector of [this.v0, this.v]) vector.write(v0);
    this.resetDisplacement();
  }

  /** Δ = 0, for a network whose (W, v) was just set to (W(0), v(0)). */
  resetDisplacement(): void {
    this.displacementW.write(new Float32Array(this.width * this.d));
    this.displacementV.write(new Float32Array(this.width));
  }

  /** u = f and e = f − y on a set of points of any size. */
  *evaluation(points: PointSet, { u, e }: Predictions): Generator<Dispatch> {
    for (const block of points.X.blocks(this.#evaluatedRows)) {
      const A = this.#A.of(block);
      yield this.#programs.values(block, this.W, 1 / Math.sqrt(this.d), { A });
      yield this.#programs.output(block, A, this.v, { y: points.y, f: u, e });
    }
  }

  /** `evaluation`, and the gradient of the loss over these points. */
  *evaluationWithGradient(points: PointSet, { u, e }: Predictions): Generator<Dispatch> {
    for (const block of points.X.blocks(this.blockRows)) {
      const A = this.#A.of(block);
      const kept = this.#B ? { A, B: this.#B.of(block) } : { A };
      yield this.#programs.training(block, this.W, 1 / Math.sqrt(this.d), kept, this.v);
      yield this.#programs.output(block, A, this.v, { y: points.y, f: u, e });
      yield* this.#gradient.add(block, kept, e);
    }
  }

  /** One step: W ← W − η₁∇_W L, v ← v − η₂∇_v L, with the gradient last evaluated over n points. */
  *descent(n: number, rates: { eta1: number; eta2: number }): Generator<Dispatch> {
    const [m, d] = [this.width, this.d];
    const { first, second } = this.#gradient;
    if (first) {
      yield this.#programs.descend(
        {
          rows: m,
          cols: d,
          gradient: first.whole().binding,
          displacement: this.displacementW.whole().binding,
          start: this.W0.whole().binding,
          position: this.W.whole().binding,
        },
        rates.eta1 / (n * Math.sqrt(m * d)),
      );
    }
    if (second) {
      yield this.#programs.descend(
        {
          rows: 1,
          cols: m,
          gradient: second.binding,
          displacement: this.displacementV.binding,
          start: this.v0.binding,
          position: this.v.binding,
        },
        rates.eta2 / (n * Math.sqrt(m)),
      );
    }
  }

  [Symbol.dispose](): void {
    for (const resource of [
      this.W0,
      this.W,
      this.displacementW,
      this.v0,
      this.v,
      this.displacementV,
      this.#A,
      this.#B,
      this.#gradient,
    ]) {
      resource?.[Symbol.dispose]();
    }
  }
}

interface NetworkPrograms {
  /** φ(Z) alone: all that outputs need. */
  values: Forward;
  /** What the gradients of the trained layers need. */
  training: Forward;
  output: Output;
  descend: Descend;
}

async function compileNetworkPrograms(
  gpu: Gpu,
  activation: Activation,
  layers: TrainedLayers,
  shape: ProductShape,
): Promise<NetworkPrograms> {
  const tile = chosenTile(gpu, 'forward', shape);
  const [values, training, output, descend] = await Promise.all([
    compileForward(gpu, { activation, phi: true, slopes: false }, tile),
    compileForward(gpu, { activation, phi: true, slopes: layers.first }, tile),
    compileOutput(gpu, outputLanes(gpu, shape.cols)),
    compileDescend(gpu, { position: true }),
  ]);
  return { values, training, output, descend };
}
