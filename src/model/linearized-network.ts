import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { type Descend, compileDescend } from '../programs/descend.ts';
import { type Elementwise, compileElementwise } from '../programs/elementwise.ts';
import { type Forward, compileForward } from '../programs/forward.ts';
import { type Tangent, compileTangent } from '../programs/tangent.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import { NetworkGradient } from '../jacobian/vjp.ts';
import { HiddenBlock } from '../jacobian/hidden-block.ts';
import type { PointSet, Predictions } from '../data/point-set.ts';
import type { TwoLayerNetwork } from '../network/two-layer.ts';

/**
 * The network linearized at its initialization, ⟨∇f(x; θ(0)), θ − θ(0)⟩, and its gradient descent (THEORY.md,
 * section 3). There is no constant f(x; θ(0)): it is 0 for the symmetric initialization, which this takes for granted.
 * On the training outputs this is kernel gradient descent with Θ(0), here without the n × n matrix: the Jacobian is
 * applied to the displacement. It costs one product with X more than a step of the network.
 */
export class LinearizedNetwork implements Disposable {
  readonly displacementW: Matrix;
  readonly displacementV: Vector;
  readonly #network: TwoLayerNetwork;
  readonly #A: HiddenBlock | undefined;
  readonly #B: HiddenBlock | undefined;
  readonly #gradient: NetworkGradient;
  readonly #programs: LinearizedPrograms;

  private constructor(
    gpu: Gpu,
    network: TwoLayerNetwork,
    rows: number,
    gradient: NetworkGradient,
    programs: LinearizedPrograms,
  ) {
    const { d, width, layers } = network;
    this.#network = network;
    this.displacementW = new Matrix(gpu, 'linearized W − W(0)', width, d);
    this.displacementV = new Vector(gpu, 'linearized v − v(0)', width);
    this.#A = layers.second ? new HiddenBlock(gpu, 'φ(Z(0))', rows, width) : undefined;
    this.#B = layers.first ? new HiddenBlock(gpu, 'φ′(Z(0)) diag(v(0))', rows, width) : undefined;
    this.#gradient = gradient;
    this.#programs = programs;
  }

  /** The linearization of `network` at (W(0), v(0)); it trains the same layers. */
  static async create(
    gpu: Gpu,
    network: TwoLayerNetwork,
    activation: Activation,
    maxPoints: number,
  ): Promise<LinearizedNetwork> {
    const rows = Math.min(network.blockRows, maxPoints);
    const { first, second } = network.layers;
    const shape = { rows, cols: network.width, inner: network.d };
    const [values, tangent, residual, descend] = await Promise.all([
      compileForward(gpu, { activation, phi: second, slopes: first }, chosenTile(gpu, 'forward', shape)),
      compileTangent(gpu, network.layers, chosenTile(gpu, 'tangent', shape), network.d),
      compileElementwise(gpu, 'sum'),
      compileDescend(gpu, { position: false }),
    ]);
    using owned = new Resources();
    const sizes = { units: network.width, inputs: network.d, blockRows: rows };
    const gradient = owned.own(await NetworkGradient.create(gpu, sizes, network.layers));
    const programs = { values, tangent, residual, descend };
    const made = gpu.allOrNothing(() => new LinearizedNetwork(gpu, network, rows, gradient, programs));
    owned.move();
    return made;
  }

  /** u = J₁ vec(Δ) + J₂ δ and e = u − y on a set of points; also the gradient of the loss where asked. */
  *evaluation(points: PointSet, { u, e }: Predictions, withGradient = false): Generator<Dispatch> {
    const { d, width: m, layers, v0 } = this.#network;
    const scales = { first: 1 / Math.sqrt(m * d), second: 1 / Math.sqrt(m) };
    const direction = {
      ...(layers.first && { Delta: this.displacementW.whole().binding }),
      ...(layers.second && { delta: this.displacementV }),
    };
    for (const block of points.X.blocks(this.#network.blockRows)) {
      const hidden = { A: this.#A?.of(block), B: this.#B?.of(block) };
      yield this.#programs.values(block, this.#network.W0, 1 / Math.sqrt(d), hidden, v0);
      yield this.#programs.tangent(block, hidden, direction, m, scales, u);
      yield this.#programs.residual(
        { x: u.beside(block), y: points.y.beside(block), out: e.beside(block) },
        strideOf(block.rows),
        { a: 1, b: -1 },
      );
      if (withGradient) yield* this.#gradient.add(block, hidden, e);
    }
  }

  /** One step of gradient descent with the gradient last evaluated over n points. */
  *descent(n: number, rates: { eta1: number; eta2: number }): Generator<Dispatch> {
    const { width: m, d } = this.#network;
    const { first, second } = this.#gradient;
    if (first) {
      yield this.#programs.descend(
        {
          rows: m,
          cols: d,
          gradient: first.whole().binding,
          displacement: this.displacementW.whole().binding,
        },
        rates.eta1 / (n * Math.sqrt(m * d)),
      );
    }
    if (second) {
      yield this.#programs.descend(
        { rows: 1, cols: m, gradient: second.binding, displacement: this.displacementV.binding },
        rates.eta2 / (n * Math.sqrt(m)),
      );
    }
  }

  [Symbol.dispose](): void {
    for (const resource of [this.displacementW, this.displacementV, this.#A, this.#B, this.#gradient]) {
      resource?.[Symbol.dispose]();
    }
  }
}

interface LinearizedPrograms {
  values: Forward;
  tangent: Tangent;
  /** e = u − y */
  residual: Elementwise;
  descend: Descend;
}
