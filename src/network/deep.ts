import type { PointSet, Predictions } from '../data/point-set.ts';
import { requireSame, requireWhole } from '../gpu/arguments.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import { type Gpu, requireGpu } from '../gpu/device.ts';
import { Matrix, rowAlignment } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import type { Vector } from '../gpu/vector.ts';
import { evaluatedRows } from '../jacobian/hidden-block.ts';
import { Vjp } from '../jacobian/vjp.ts';
import type { Activation } from '../math/activation-names.ts';
import type { DeepArchitecture } from '../math/deep/architecture.ts';
import { type Movement, requirePoints, requirePredictions } from '../model/model.ts';
import { type Descend, compileDescend } from '../programs/descend.ts';
import type { FactorShape } from '../programs/factors.ts';
import { type Output, compileOutput, outputLanes } from '../programs/output.ts';
import { type TowerGeometry, jacobianShapes, parameterShapes, towerGeometry } from './architecture.ts';
import { DeepJacobian } from './deep-jacobian.ts';
import type { Network } from './network.ts';
import { LayerParameters, type ParameterValues, descendingOf, partOf } from './parameters.ts';
import { TowerFeatures, type TowerPoint, type TowerPrograms, compileTower } from './tower.ts';
import { towerBlockRows } from './tower-rows.ts';

/** What a deep network is made for. */
export interface DeepSizes {
  /** Largest set that trains it; bounds the scratch memory of small problems. Sets of any size are evaluated. */
  maxPoints: number;
  /** Points processed at a time, a multiple of 64; chosen from the device's limits unless given. */
  blockRows?: number;
  /** Indices of the layers that train, 0 … L, the readout's last; all unless given. */
  trained?: readonly number[];
}

/** Parameters of one tower. */
interface Tower {
  layers: readonly LayerParameters<Matrix>[];
  readout: LayerParameters<Vector>;
}

/**
 * A deep or convolutional network f(x) = (g(x; θ₊) − g(x; θ₋))/√2 of two towers on the device, and its gradient descent
 * (THEORY-DEEP.md, sections (a) and (b)). The second tower's readout is kept with its sign turned, −v₋, so that f and
 * everything made of its Jacobian is a sum over towers; at t = 0 both cancel to the last bit.
 *
 * Small outputs are differences of float32 numbers: f is off by some 10⁻⁷ of the towers' own outputs, however small it is
 * itself.
 *
 * Memory: 3 · 4 bytes a parameter; both towers' features on one block of points, 16 · Σ_l P_l C_l bytes a point; and the
 * gradients in slices.
 */
export class DeepNetwork implements Network {
  /** Tells it from the two-layer network without loading it. */
  readonly kind = 'deep';
  readonly key = 'network';
  readonly name = 'network';
  readonly prefix = 'f';
  readonly activation: Activation;
  readonly architecture: DeepArchitecture;
  readonly geometry: TowerGeometry;
  readonly blockRows: number;
  readonly trained: readonly number[];
  /** It starts with f = 0. */
  readonly symmetric = true;
  readonly #evaluatedRows: number;
  readonly #towers: readonly [Tower, Tower];
  readonly #features: readonly [TowerFeatures, TowerFeatures];
  readonly #vjps: readonly [Vjp, Vjp];
  readonly #output: Output;
  readonly #descend: Descend;
  readonly #owned: Resources;

  private constructor(
    gpu: Gpu,
    {
      activation,
      architecture,
      geometry,
      blockRows,
      maxPoints,
      trained,
    }: Required<DeepSizes> & {
      activation: Activation;
      architecture: DeepArchitecture;
      geometry: TowerGeometry;
    },
    parts: { programs: TowerPrograms; vjps: readonly [Vjp, Vjp]; output: Output; descend: Descend },
    owned: Resources,
  ) {
    this.activation = activation;
    this.architecture = architecture;
    this.geometry = geometry;
    this.blockRows = blockRows;
    this.trained = trained;
    this.#evaluatedRows = evaluatedRows(blockRows, maxPoints);
    const shapes = parameterShapes(geometry, 2);
    const towerOf = (sign: '+' | '−'): Tower => ({
      layers: shapes
        .slice(0, -1)
        .map((shape, l) => owned.own(LayerParameters.matrix(gpu, `W${l + 1}${sign}`, shape))),
      readout: owned.own(LayerParameters.vector(gpu, `v${sign}`, shapes[shapes.length - 1])),
    });
    const features = (): TowerFeatures =>
      owned.own(new TowerFeatures(gpu, parts.programs, this.#evaluatedRows));
    this.#towers = [towerOf('+'), towerOf('−')];
    this.#features = [features(), features()];
    this.#vjps = parts.vjps;
    this.#output = parts.output;
    this.#descend = parts.descend;
    this.#owned = owned.move();
  }

  /** @throws RangeError as towerGeometry does, and for layers that there are not; TooLargeError where it does not fit the device. */
  static async create(
    gpu: Gpu,
    architecture: DeepArchitecture,
    sizes: DeepSizes,
    activation: Activation,
  ): Promise<DeepNetwork> {
    requireGpu(gpu);
    const geometry = towerGeometry(architecture);
    const { maxPoints } = sizes;
    const shapes = parameterShapes(geometry, 2);
    const trained = sizes.trained ?? shapes.map((_, l) => l);
    requireTrained(trained, shapes.length);
    requireWhole('maxPoints', maxPoints, 1);
    if (sizes.blockRows !== undefined && !(sizes.blockRows > 0 && sizes.blockRows % rowAlignment === 0)) {
      throw new RangeError(
        `A deep network takes blocks of a multiple of ${rowAlignment} points, not ${sizes.blockRows}.`,
      );
    }
    const blockRows = sizes.blockRows ?? towerBlockRows(gpu, geometry);
    const rows = Math.min(blockRows, maxPoints);
    using owned = new Resources();
    const layers = trained.map((l) => shapes[l]);
    const [programs, output, descend, ...vjps] = await Promise.all([
      compileTower(gpu, geometry, activation, rows),
      compileOutput(gpu, { lanes: outputLanes(gpu, geometry.readout.floats) }),
      compileDescend(gpu, { layers: 2 * trained.length, position: true }),
      Vjp.create(gpu, layers, rows).then((vjp) => owned.own(vjp)),
      Vjp.create(gpu, layers, rows).then((vjp) => owned.own(vjp)),
    ]);
    const all = { activation, architecture, geometry, blockRows, maxPoints, trained };
    return new DeepNetwork(gpu, all, { programs, vjps, output, descend }, owned);
  }

  get d(): number {
    return this.geometry.d;
  }

  /** W_1 … W_L and v of the first tower, then of the second. */
  get layers(): readonly LayerParameters[] {
    return this.#towers.flatMap(({ layers, readout }) => [...layers, readout]);
  }

  get movements(): Movement[] {
    const count = this.geometry.layers.length;
    const name = (l: number): string => (l < count ? `W${l + 1}` : 'v');
    return Array.from({ length: count + 1 }, (_, l) => ({
      name: name(l),
      rateOf: (rates) => rates[l],
      parts: [this.layers[l], this.layers[count + 1 + l]].map(({ displacement }) => partOf(displacement)),
    }));
  }

  /** θ(0) or θ as it is, of each tower. */
  point(at: 'start' | 'position'): readonly [TowerPoint, TowerPoint] {
    const of = ({ layers, readout }: Tower): TowerPoint => ({
      weights: layers.map((layer) => layer[at]),
      readout: readout[at],
    });
    return [of(this.#towers[0]), of(this.#towers[1])];
  }

  jacobianShapes(at: 'start' | 'position'): readonly FactorShape[] {
    const shapes = jacobianShapes(this.geometry, at === 'start' ? 1 : 2);
    return at === 'start' ? shapes : [...shapes, ...shapes];
  }

  /** At θ(0), where both towers are the same, of one of them: its kernel is that of both. */
  jacobian(X: Matrix, at: 'start' | 'position'): DeepJacobian {
    const towers = this.point(at);
    return new DeepJacobian(X, this, at === 'start' ? towers.slice(0, 1) : towers);
  }

  /** Of every layer in the order of `layers`. */
  jacobianAt(X: Matrix, at: ParameterValues, owned: Resources): DeepJacobian {
    requireSame('The number of parameter arrays', at.length, 'layers of both towers', this.layers.length);
    const count = this.geometry.layers.length;
    const towers = this.#towers.map(({ layers, readout }, t): TowerPoint => {
      const values = at.slice(t * (count + 1), (t + 1) * (count + 1));
      return {
        weights: layers.map((layer, l) => owned.own(layer.withValues(values[l]))),
        readout: owned.own(readout.withValues(values[count])),
      };
    });
    return new DeepJacobian(X, this, towers);
  }

  /**
   * Sets both towers to the same parameters of one: weights row-major without padding, W_l of m_l × m_{l−1}, of a
   * convolution C_l × (taps · C_{l−1}), taps first; the readout's of positions × units.
   * @throws RangeError where they are of other sizes.
   */
  initialize(weights: readonly Float32Array[], readout: Float32Array): void {
    const { layers, readout: last } = this.geometry;
    requireSame('The number of weight matrices', weights.length, 'layers', layers.length);
    requireSame(
      'The number of weights of the readout',
      readout.length,
      'features',
      last.positions * last.units,
    );
    for (const [l, { units, fanIn, channels, inputs }] of layers.entries()) {
      requireSame(`The number of weights of layer ${l + 1}`, weights[l].length, 'connections', units * fanIn);
      const padded = padChannels(weights[l], channels, (inputs / fanIn) * channels);
      for (const tower of this.#towers) {
        tower.layers[l].start.write(padded);
        tower.layers[l].position.write(padded);
      }
    }
    const padded = padChannels(readout, last.units, last.floats / last.positions);
    for (const [t, tower] of this.#towers.entries()) {
      const signed = t === 0 ? padded : padded.map((v) => -v);
      tower.readout.start.write(signed);
      tower.readout.position.write(signed);
    }
    for (const { displacement } of this.layers) {
      if (displacement instanceof Matrix) {
        displacement.write(new Float32Array(displacement.rows * displacement.cols));
      } else displacement.write(new Float32Array(displacement.length));
    }
  }

  /**
   * The parameters of one tower as `initialize` takes them, at θ(0) or θ as it is, or their displacement: without padding, and the
   * readout with its own sign. Names are those of records: W1 … WL and v.
   */
  async parametersOf(
    tower: '+' | '−',
    part: 'start' | 'position' | 'displacement',
  ): Promise<{ name: string; shape: number[]; data: Float32Array<ArrayBuffer> }[]> {
    const { layers, readout } = this.#towers[tower === '+' ? 0 : 1];
    const shapes = this.geometry.layers;
    const matrices = layers.map(async (layer, l) => {
      const { units, fanIn, channels, inputs } = shapes[l];
      const entries = await layer[part].readAll();
      const data = withoutPadding(entries, { inputs, padded: (inputs / fanIn) * channels, channels });
      return { name: `W${l + 1}`, shape: [units, fanIn], data };
    });
    const { positions, units, floats } = this.geometry.readout;
    const entries = await readout[part].read();
    const v = withoutPadding(entries, { inputs: floats, padded: floats / positions, channels: units });
    const data = tower === '+' ? v : v.map((value) => -value);
    return [...(await Promise.all(matrices)), { name: 'v', shape: [positions * units], data }];
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
    const { X, y } = points;
    requirePredictions(this, points, predictions);
    const { u, e } = predictions;
    const scale = this.geometry.readout.scale / Math.SQRT2;
    const towers = this.point('position');
    for (const block of X.blocks(withGradient ? this.blockRows : this.#evaluatedRows)) {
      for (const [t, features] of this.#features.entries()) {
        yield* features.make(block, towers[t], withGradient);
      }
      const [one, other] = this.#features.map((features, t) => ({
        A: features.features(block),
        v: towers[t].readout,
      }));
      yield this.#output(block, [one, other], { y, f: u, e }, scale);
      if (!withGradient) continue;
      for (const [t, features] of this.#features.entries()) {
        const pairs = features.pairs(block);
        yield* this.#vjps[t].add(
          block,
          this.trained.map((l) => pairs[l]),
          e,
        );
      }
    }
  }

  /** One step, θ_l ← θ_l − η_l ∇_l L of the layers that train, with the gradient last evaluated over n points. */
  *descent(n: number, rates: readonly number[]): Generator<Dispatch> {
    requireSame('The number of rates', rates.length, 'layers', this.geometry.layers.length + 1);
    const descending = this.#towers.flatMap(({ layers, readout }, t) => {
      const all: LayerParameters[] = [...layers, readout];
      return this.trained.map((l, k) => ({
        ...descendingOf(all[l]),
        gradient: this.#vjps[t].gradients[k],
        rate: rates[l] / (n * Math.sqrt(all[l].shape.divisor)),
      }));
    });
    yield* this.#descend(descending);
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

/** Channels of every tap or position, padded with zeros to so many. */
function padChannels(values: Float32Array, channels: number, padded: number): Float32Array<ArrayBuffer> {
  const rows = values.length / channels;
  const result = new Float32Array(rows * padded);
  for (let i = 0; i < rows; i++) {
    result.set(values.subarray(i * channels, (i + 1) * channels), i * padded);
  }
  return result;
}

/** The same without them: of rows of so many floats, `channels` of every `padded`. */
function withoutPadding(
  entries: Float32Array<ArrayBuffer>,
  { inputs, padded, channels }: { inputs: number; padded: number; channels: number },
): Float32Array<ArrayBuffer> {
  return padded === channels ? entries : entries.filter((_, k) => (k % inputs) % padded < channels);
}

function requireTrained(trained: readonly number[], layers: number): void {
  const known = trained.every((l) => Number.isInteger(l) && l >= 0 && l < layers);
  if (known && new Set(trained).size === trained.length) return;
  throw new RangeError(
    `The layers that train are among 0 … ${layers - 1}, the readout's last, each once, not ${trained.join(', ')}.`,
  );
}
