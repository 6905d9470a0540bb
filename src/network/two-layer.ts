import type { PointSet, Predictions } from '../data/point-set.ts';
import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import { type Gpu, requireGpu } from '../gpu/device.ts';
import { requireFloats, requireSame } from '../gpu/arguments.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { HiddenBlock, evaluatedRows, hiddenBlockRows } from '../jacobian/hidden-block.ts';
import { Vjp } from '../jacobian/vjp.ts';
import type { Activation } from '../math/activation-names.ts';
import { type Descend, compileDescend } from '../programs/descend.ts';
import { type DescendPairs, type DescendingPairs, compileDescendPairs } from '../programs/descend-pairs.ts';
import { type Forward, compileForward, outputFloats, outputParts } from '../programs/forward.ts';
import { type SumOutputs, compileSumOutputs } from '../programs/sum-outputs.ts';
import type { FactorShape } from '../programs/factors.ts';
import type { ProductShape } from '../programs/product-shape.ts';
import { type Tile, chosenTile } from '../programs/tile-choice.ts';
import { type Movement, requirePoints, requirePredictions } from '../model/model.ts';
import type { Network } from './network.ts';
import {
  LayerParameters,
  type ParameterValues,
  bindingOf,
  bindingsOf,
  descendingOf,
  partOf,
} from './parameters.ts';
import { TwoLayerJacobian, type TwoLayerPoint, pairOf, twoLayerShapes } from './two-layer-jacobian.ts';

export interface NetworkSizes {
  d: number;
  /** m; even where it is symmetric. */
  width: number;
  /** Largest set that trains it; bounds the scratch memory of small problems. Sets of any size are evaluated. */
  maxPoints: number;
  /** Rows processed at a time, a multiple of 256; chosen from the device's limits unless given. */
  blockRows?: number;
  /** Indices of the layers that train, of W (0) and v (1); both unless given. */
  trained?: readonly number[];
  /** Whether it starts from a symmetric initialization, w_{r+m/2} = w_r and v_{r+m/2} = −v_r; true unless given. */
  symmetric?: boolean;
}

/** (W, v) as mean and half-difference of the units r and r + m/2, interleaved: see the forward program's pairs. */
interface Pairs {
  W: Matrix;
  v: Vector;
  /** Make them of θ(0) and Δ as they are, and those of the layers that train after a step. */
  start: DescendPairs;
  step: DescendPairs;
}

/**
 * The two-layer network f(x) = vᵀφ(Wx/√d)/√m on the device and its gradient descent (THEORY.md, section 1).
 *
 * Its parameters are kept as θ(0), Δ = θ − θ(0) and θ; see descend. From a symmetric initialization its outputs are
 * differences of units that begin alike. They are made of Δ, not of the rounded θ, in which small ones are lost: θ is
 * kept in pairs, too (see forward and descend-pairs), and f is as exact, relative to itself, however small it is; at t = 0 it is 0.
 *
 * Memory: 4 · 4(md + m) bytes, three where it is not symmetric; of what trains the hidden layer of one block of rows
 * (hiddenBlockRows), and the gradient in partial sums (vjpBytes); outputs of a block in parts, far less.
 */
export class TwoLayerNetwork implements Network {
  readonly kind = 'two-layer';
  readonly key = 'network';
  readonly name = 'network';
  readonly prefix = 'f';
  readonly activation: Activation;
  readonly W: LayerParameters<Matrix>;
  readonly v: LayerParameters<Vector>;
  readonly blockRows: number;
  readonly trained: readonly number[];
  /** Whether it starts with f = 0, in pairs of units. */
  readonly symmetric: boolean;
  /** Rows that the scratch of an evaluation holds. */
  readonly #evaluatedRows: number;
  readonly #pairs: Pairs | undefined;
  /** φ(Z) and φ′(Z) diag(v) of a block, which the gradients of v and of W need. */
  readonly #A: HiddenBlock | undefined;
  readonly #B: HiddenBlock | undefined;
  /** Outputs of a block, as the forward program makes them. */
  readonly #outputs: Vector;
  readonly #vjp: Vjp;
  readonly #programs: NetworkPrograms;
  readonly #owned: Resources;

  private constructor(
    gpu: Gpu,
    activation: Activation,
    { d, width, maxPoints, blockRows, trained, symmetric }: Required<NetworkSizes>,
    parts: { vjp: Vjp; programs: NetworkPrograms },
    owned: Resources,
  ) {
    const [shapeW, shapeV] = twoLayerShapes(width, d);
    this.activation = activation;
    this.W = owned.own(LayerParameters.matrix(gpu, 'W', shapeW));
    this.v = owned.own(LayerParameters.vector(gpu, 'v', shapeV));
    const { pairs } = parts.programs;
    this.#pairs = pairs && {
      W: owned.own(new Matrix(gpu, 'W in pairs', width, d)),
      v: owned.own(new Vector(gpu, 'v in pairs', width)),
      ...pairs,
    };
    this.blockRows = blockRows;
    this.trained = trained;
    this.symmetric = symmetric;
    const rows = Math.min(blockRows, maxPoints);
    this.#evaluatedRows = evaluatedRows(blockRows, maxPoints);
    const hidden = (label: string, l: number): HiddenBlock | undefined =>
      trained.includes(l) ? owned.own(new HiddenBlock(gpu, label, rows, width)) : undefined;
    this.#A = hidden('φ(Z)', 1);
    this.#B = hidden('φ′(Z) diag(v)', 0);
    const floats = outputFloats(parts.programs.tile, this.#evaluatedRows, width);
    this.#outputs = owned.own(new Vector(gpu, 'outputs in parts', floats));
    this.#vjp = parts.vjp;
    this.#programs = parts.programs;
    this.#owned = owned.move();
  }

  /** @throws RangeError for a width that is odd though its units shall be pairs, for sizes that are no whole numbers ≥ 1. */
  static async create(gpu: Gpu, sizes: NetworkSizes, activation: Activation): Promise<TwoLayerNetwork> {
    requireGpu(gpu);
    requireSizes(sizes);
    const { d, width, maxPoints, trained = [0, 1], symmetric = true } = sizes;
    const blockRows = sizes.blockRows ?? hiddenBlockRows(gpu, width, d);
    const rows = Math.min(blockRows, maxPoints);
    const shape = { rows, cols: width, inner: d };
    const programs = await compileNetworkPrograms(gpu, activation, trained, shape, symmetric);
    using owned = new Resources();
    const shapes = twoLayerShapes(width, d);
    const layers = trained.map((l) => shapes[l]);
    const vjp = owned.own(
      await Vjp.create(gpu, layers, rows, { outputParts: outputParts(programs.tile, width) }),
    );
    const all = { d, width, maxPoints, blockRows, trained, symmetric };
    return new TwoLayerNetwork(gpu, activation, all, { vjp, programs }, owned);
  }

  get d(): number {
    return this.W.shape.inputs;
  }

  get width(): number {
    return this.W.shape.units;
  }

  get layers(): readonly [LayerParameters<Matrix>, LayerParameters<Vector>] {
    return [this.W, this.v];
  }

  get movements(): Movement[] {
    return this.layers.map(({ name, displacement }, l) => ({
      name,
      rateOf: (rates) => rates[l],
      parts: [partOf(displacement)],
    }));
  }

  jacobianShapes(): readonly FactorShape[] {
    return this.layers.map(({ shape }) => shape);
  }

  /** θ(0) or θ as it is, with φ. */
  point(at: 'start' | 'position'): TwoLayerPoint {
    return { activation: this.activation, W: this.W[at], v: this.v[at] };
  }

  /** With `minus`, a W̃, the part of W is J₁(W, v) − J₁(W̃, v). */
  jacobian(X: Matrix, at: 'start' | 'position', minus?: Matrix): TwoLayerJacobian {
    return new TwoLayerJacobian(X, this.point(at), minus);
  }

  jacobianAt(X: Matrix, [W, v]: ParameterValues, owned: Resources): TwoLayerJacobian {
    const at = {
      activation: this.activation,
      W: owned.own(this.W.withValues(W)),
      v: owned.own(this.v.withValues(v)),
    };
    return new TwoLayerJacobian(X, at);
  }

  /**
   * Sets (W, v) = (W(0), v(0)); W0 is width × d, row-major.
   * @throws RangeError where they are of another size, or the network is symmetric and these are not.
   */
  initialize(W0: Float32Array<ArrayBuffer>, v0: Float32Array<ArrayBuffer>): void {
    const { width, d } = this;
    requireFloats('W(0)', W0);
    requireFloats('v(0)', v0);
    if (W0.length !== width * d || v0.length !== width) {
      throw new RangeError(
        `W(0) has ${W0.length} entries and v(0) has ${v0.length}; a network of width ${width} on ${d} inputs takes ${width * d} and ${width}.`,
      );
    }
    if (this.#pairs) {
      requireSymmetric(this, W0, v0);
      const [W, v] = [new Float32Array(width * d), new Float32Array(width)];
      for (let p = 0; p < width / 2; p++) {
        W.set(W0.subarray(p * d, (p + 1) * d), 2 * p * d);
        v[2 * p + 1] = v0[p];
      }
      this.#pairs.W.write(W);
      this.#pairs.v.write(v);
    }
    for (const matrix of [this.W.start, this.W.position]) matrix.write(W0);
    for (const vector of [this.v.start, this.v.position]) vector.write(v0);
    this.#resetDisplacements();
  }

  /** Begins anew after θ(0) and θ were set to the same on the device: Δ = 0, and the pairs are made of them. */
  restart(stream: CommandStream): void {
    // What was encoded before comes before what the host writes.
    stream.flush();
    this.#resetDisplacements();
    if (!this.#pairs) return;
    for (const dispatch of this.#pairs.start(this.width, this.#inPairs(this.#pairs))) stream.run(dispatch);
    stream.flush();
  }

  #resetDisplacements(): void {
    this.W.displacement.write(new Float32Array(this.width * this.d));
    this.v.displacement.write(new Float32Array(this.width));
  }

  #inPairs({ W, v }: Pairs): DescendingPairs[] {
    return [
      { cols: this.d, ...bindingsOf(this.W), pairs: bindingOf(W) },
      { ...bindingsOf(this.v), pairs: bindingOf(v) },
    ];
  }

  /** Any set of points of d inputs will do. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * u = f and e = f − y on a set of points of any size; and the gradient of the loss over it, where asked.
   * @throws RangeError for points of another number of inputs, predictions of another number of points.
   */
  *evaluation(points: PointSet, predictions: Predictions, withGradient = false): Generator<Dispatch> {
    requirePoints('network', this.d, points);
    requirePredictions(this, points, predictions);
    const { u, e } = predictions;
    const { W, v } = this.#pairs ?? this.point('position');
    const { tile, values, training, sumOutputs } = this.#programs;
    const outputs = this.#outputs.binding;
    for (const block of points.X.blocks(withGradient ? this.blockRows : this.#evaluatedRows)) {
      const hidden = withGradient
        ? { ...(this.#A && { A: this.#A.of(block) }), ...(this.#B && { B: this.#B.of(block) }) }
        : {};
      const forward = withGradient ? training : values;
      yield forward(block, W, 1 / Math.sqrt(this.d), { ...hidden, outputs }, v);
      const scale = 1 / Math.sqrt(this.width);
      const made = withGradient && this.#vjp.makesResiduals;
      if (!made) yield sumOutputs(block, outputs, { y: points.y, f: u, e }, scale);
      if (!withGradient) continue;
      const pairs = this.trained.map((l) => pairOf(l, block, hidden));
      const parts = outputParts(tile, this.width);
      yield* this.#vjp.add(block, pairs, e, made ? { outputs, parts, y: points.y, f: u, scale } : undefined);
    }
  }

  /** One step, θ_l ← θ_l − η_l ∇_l L of the layers that train, with the gradient last evaluated over n points. */
  *descent(n: number, rates: readonly number[]): Generator<Dispatch> {
    requireSame('The number of rates', rates.length, 'layers', this.layers.length);
    const { layers, trained } = this;
    const step = (l: number, k: number) => ({
      gradient: this.#vjp.gradients[k],
      rate: rates[l] / (n * Math.sqrt(layers[l].shape.divisor)),
    });
    if (this.#pairs) {
      const inPairs = this.#inPairs(this.#pairs);
      yield* this.#pairs.step(
        this.width,
        trained.map((l, k) => ({ ...inPairs[l], ...step(l, k) })),
      );
    } else {
      yield* this.#programs.descend(trained.map((l, k) => ({ ...descendingOf(layers[l]), ...step(l, k) })));
    }
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

interface NetworkPrograms {
  /** Of the forward programs. */
  tile: Tile;
  /** Outputs alone. */
  values: Forward;
  /** And what the gradients of the trained layers need. */
  training: Forward;
  sumOutputs: SumOutputs;
  descend: Descend;
  /** Of a symmetric network, which has them in place of descend. */
  pairs: Pick<Pairs, 'start' | 'step'> | undefined;
}

/** What its layers, W and v, are of a pair of units. */
const pairedLayers = ['rows', 'entries'] as const;

async function compileNetworkPrograms(
  gpu: Gpu,
  activation: Activation,
  trained: readonly number[],
  shape: ProductShape,
  symmetric: boolean,
): Promise<NetworkPrograms> {
  const tile = chosenTile(gpu, 'forward', shape);
  const [slopes, phi] = [0, 1].map((l) => trained.includes(l));
  const of = { activation, outputs: true, pairs: symmetric };
  const [values, training, sumOutputs, descend, pairs] = await Promise.all([
    compileForward(gpu, { ...of, phi: false, slopes: false }, tile),
    compileForward(gpu, { ...of, phi, slopes }, tile),
    compileSumOutputs(gpu, outputParts(tile, shape.cols)),
    compileDescend(gpu, { layers: trained.length, position: true }),
    symmetric &&
      Promise.all([
        compileDescendPairs(gpu, { layers: pairedLayers, step: false }),
        compileDescendPairs(gpu, { layers: trained.map((l) => pairedLayers[l]), step: true }),
      ]),
  ]);
  return {
    tile,
    values,
    training,
    sumOutputs,
    descend,
    pairs: pairs ? { start: pairs[0], step: pairs[1] } : undefined,
  };
}

function requireSizes({ d, width, maxPoints, trained = [], symmetric = true }: NetworkSizes): void {
  for (const [name, value] of Object.entries({ d, width, maxPoints })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new RangeError(`A network's ${name} is a whole number of at least 1, not ${value}.`);
  }
  if (symmetric && width % 2 !== 0) {
    throw new RangeError(
      `Units of a symmetric initialization come in pairs, but the width is ${width}. Take an even one, or symmetric: false.`,
    );
  }
  if (!trained.every((l) => l === 0 || l === 1) || new Set(trained).size < trained.length) {
    throw new RangeError(`The layers that train are 0 (W) and 1 (v), each once, not ${trained.join(', ')}.`);
  }
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
