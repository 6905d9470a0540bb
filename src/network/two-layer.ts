import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { type Descend, compileDescend } from '../programs/descend.ts';
import { type DescendPairs, type DescendingPairs, compileDescendPairs } from '../programs/descend-pairs.ts';
import { type Forward, compileForward } from '../programs/forward.ts';
import { type Output, compileOutput, outputLanes } from '../programs/output.ts';
import { type ProductShape, chosenTile } from '../programs/tile-choice.ts';
import { type TrainedLayers, NetworkGradient } from '../jacobian/vjp.ts';
import { HiddenBlock, evaluatedRows, hiddenBlockRows } from '../jacobian/hidden-block.ts';
import type { ParameterPoint } from './two-layer-jacobian.ts';
import type { PointSet, Predictions } from '../data/point-set.ts';

export interface NetworkSizes {
  d: number;
  /** m, even. */
  width: number;
  /** Largest set that trains it; bounds the scratch memory of small problems. Sets of any size are evaluated. */
  maxPoints: number;
  /** Rows processed at a time, a multiple of 256; chosen from the device's limits unless given. */
  blockRows?: number;
  /** Whether it starts from a symmetric initialization, w_{r+m/2} = w_r and v_{r+m/2} = −v_r; true unless given. */
  symmetric?: boolean;
}

/** (W, v) as mean and half-difference of the units r and r + m/2, interleaved: see the forward program's pairs. */
interface Pairs extends ParameterPoint {
  /** Make them of θ(0) and Δ as they are, and after a step. */
  start: PairPrograms;
  step: PairPrograms;
}

/** Of the rows of W and of the entries of v. */
interface PairPrograms {
  rows: DescendPairs;
  entries: DescendPairs;
}

/**
 * The two-layer network f(x) = vᵀφ(Wx/√d)/√m on the device and its gradient descent (THEORY.md, section 1).
 *
 * Its parameters are kept as θ(0), Δ = θ − θ(0) and θ; see descend. From a symmetric initialization its outputs are
 * differences of units that begin alike. They are made of Δ, not of the rounded θ, in which small ones are lost: θ is
 * kept in pairs, too (see forward and descend-pairs), and f is as exact, relative to itself, however small it is; at t = 0 it is 0.
 *
 * Memory: 4 · 4(md + m) bytes, three where it is not symmetric; the hidden layer of one block of rows; and the gradient in
 * slices (hiddenBlockRows bounds both).
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
  readonly #pairs: Pairs | undefined;
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
    const { pairs } = programs;
    this.#pairs = pairs && {
      W: new Matrix(gpu, 'W in pairs', width, d),
      v: new Vector(gpu, 'v in pairs', width),
      ...pairs,
    };
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
    const programs = await compileNetworkPrograms(gpu, activation, layers, shape, sizes.symmetric ?? true);
    using owned = new Resources();
    const gradientSizes = {
      units: sizes.width,
      inputs: sizes.d,
      blockRows: Math.min(blockRows, sizes.maxPoints),
    };
    const gradient = owned.own(await NetworkGradient.create(gpu, gradientSizes, layers));
    const network = gpu.allOrNothing(
      () => new TwoLayerNetwork(gpu, sizes, blockRows, layers, gradient, programs),
    );
    owned.move();
    return network;
  }

  get d(): number {
    return this.W.cols;
  }

  get width(): number {
    return this.W.rows;
  }

  /**
   * Sets (W, v) = (W(0), v(0)); W0 is width × d, row-major.
   * @throws RangeError where the network is symmetric and these are not.
   */
  initialize(W0: Float32Array<ArrayBuffer>, v0: Float32Array<ArrayBuffer>): void {
    if (this.#pairs) {
      requireSymmetric(this, W0, v0);
      const [W, v] = [new Float32Array(this.width * this.d), new Float32Array(this.width)];
      for (let p = 0; p < this.width / 2; p++) {
        W.set(W0.subarray(p * this.d, (p + 1) * this.d), 2 * p * this.d);
        v[2 * p + 1] = v0[p];
      }
      this.#pairs.W.write(W);
      this.#pairs.v.write(v);
    }
    for (const matrix of [this.W0, this.W]) matrix.write(W0);
    for (const vector of [this.v0, this.v]) vector.write(v0);
    this.#resetDisplacement();
  }

  /** What is to run after (W, v) was set to (W(0), v(0)) in any other way. */
  *start(): Generator<Dispatch> {
    this.#resetDisplacement();
    if (!this.#pairs) return;
    yield this.#pairs.start.rows(this.#rows(this.#pairs));
    yield this.#pairs.start.entries(this.#entries(this.#pairs));
  }

  #resetDisplacement(): void {
    this.displacementW.write(new Float32Array(this.width * this.d));
    this.displacementV.write(new Float32Array(this.width));
  }

  #rows({ W }: Pairs): DescendingPairs {
    return {
      units: this.width,
      cols: this.d,
      displacement: this.displacementW.whole().binding,
      start: this.W0.whole().binding,
      position: this.W.whole().binding,
      pairs: W.whole().binding,
    };
  }

  #entries({ v }: Pairs): DescendingPairs {
    return {
      units: this.width,
      displacement: this.displacementV.binding,
      start: this.v0.binding,
      position: this.v.binding,
      pairs: v.binding,
    };
  }

  /** u = f and e = f − y on a set of points of any size. */
  *evaluation(points: PointSet, { u, e }: Predictions): Generator<Dispatch> {
    const { W, v } = this.#pairs ?? this;
    for (const block of points.X.blocks(this.#evaluatedRows)) {
      const A = this.#A.of(block);
      yield this.#programs.values(block, W, 1 / Math.sqrt(this.d), { A });
      yield this.#programs.output(block, A, v, { y: points.y, f: u, e });
    }
  }

  /** `evaluation`, and the gradient of the loss over these points. */
  *evaluationWithGradient(points: PointSet, { u, e }: Predictions): Generator<Dispatch> {
    const { W, v } = this.#pairs ?? this;
    for (const block of points.X.blocks(this.blockRows)) {
      const A = this.#A.of(block);
      const kept = this.#B ? { A, B: this.#B.of(block) } : { A };
      yield this.#programs.training(block, W, 1 / Math.sqrt(this.d), kept, v);
      yield this.#programs.output(block, A, v, { y: points.y, f: u, e });
      yield* this.#gradient.add(block, kept, e);
    }
  }

  /** One step: W ← W − η₁∇_W L, v ← v − η₂∇_v L, with the gradient last evaluated over n points. */
  *descent(n: number, rates: { eta1: number; eta2: number }): Generator<Dispatch> {
    const [m, d] = [this.width, this.d];
    const { first, second } = this.#gradient;
    const [rate1, rate2] = [rates.eta1 / (n * Math.sqrt(m * d)), rates.eta2 / (n * Math.sqrt(m))];
    if (this.#pairs) {
      const { rows, entries } = this.#pairs.step;
      if (first) yield rows({ ...this.#rows(this.#pairs), gradient: first.whole().binding }, rate1);
      if (second) yield entries({ ...this.#entries(this.#pairs), gradient: second.binding }, rate2);
      return;
    }
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
        rate1,
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
        rate2,
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
      this.#pairs?.W,
      this.#pairs?.v,
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
  /** Of a symmetric network, which has them in place of descend. */
  pairs: Pick<Pairs, 'start' | 'step'> | undefined;
}

async function compileNetworkPrograms(
  gpu: Gpu,
  activation: Activation,
  layers: TrainedLayers,
  shape: ProductShape,
  symmetric: boolean,
): Promise<NetworkPrograms> {
  const tile = chosenTile(gpu, 'forward', shape);
  const pairPrograms = async (step: boolean): Promise<PairPrograms> => ({
    rows: await compileDescendPairs(gpu, { of: 'rows', step }),
    entries: await compileDescendPairs(gpu, { of: 'entries', step }),
  });
  const [values, training, output, descend, pairs] = await Promise.all([
    compileForward(gpu, { activation, phi: true, slopes: false, pairs: symmetric }, tile),
    compileForward(gpu, { activation, phi: true, slopes: layers.first, pairs: symmetric }, tile),
    compileOutput(gpu, outputLanes(gpu, shape.cols)),
    compileDescend(gpu, { position: true }),
    symmetric ? Promise.all([pairPrograms(false), pairPrograms(true)]) : undefined,
  ]);
  return { values, training, output, descend, pairs: pairs && { start: pairs[0], step: pairs[1] } };
}

function requireSymmetric({ width, d }: TwoLayerNetwork, W0: Float32Array, v0: Float32Array): void {
  const half = width / 2;
  for (let r = 0; r < half; r++) {
    const row = W0.subarray(r * d, (r + 1) * d);
    if (v0[half + r] === -v0[r] && row.every((w, k) => w === W0[(half + r) * d + k])) continue;
    throw new RangeError(
      `Units ${r} and ${half + r} are no pair of a symmetric initialization, w_{r+m/2} = w_r and v_{r+m/2} = −v_r. Create the network with symmetric: false for parameters of your own.`,
    );
  }
}
