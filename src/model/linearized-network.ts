import type { PointSet, Predictions } from '../data/point-set.ts';
import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import { type Gpu, requireGpu } from '../gpu/device.ts';
import { requireSame } from '../gpu/arguments.ts';
import { Matrix, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { together } from '../gpu/together.ts';
import type { Jacobian, JacobianFactors } from '../jacobian/factors.ts';
import { Jvp } from '../jacobian/jvp.ts';
import { Vjp } from '../jacobian/vjp.ts';
import { type Descend, compileDescend } from '../programs/descend.ts';
import { type Elementwise, compileElementwise } from '../programs/elementwise.ts';
import type { FactorShape } from '../programs/factors.ts';
import { type Model, requirePredictions } from './model.ts';

/** What can be linearized: a network whose Jacobian at θ(0) is known by its factors. */
export interface Linearizable {
  /** Shapes of its Jacobian's layers at θ(0). */
  jacobianShapes: (at: 'start') => readonly FactorShape[];
  /** Indices of the layers that train. */
  readonly trained: readonly number[];
  /** Whether f = 0 at θ(0). */
  readonly symmetric: boolean;
  /** Points processed at a time. */
  readonly blockRows: number;
  jacobian: (X: Matrix, at: 'start') => Jacobian;
}

/**
 * A network linearized at its initialization, ⟨∇f(x; θ(0)), θ − θ(0)⟩, and its gradient descent (THEORY.md, section 3).
 * There is no constant f(x; θ(0)): it is 0 for the symmetric initialization, which this asks for. On the training
 * outputs this is kernel gradient descent with Θ(0), here without the n × n matrix: the Jacobian is applied to the
 * displacement. It costs one product with the layers' right factors more than a step of the network.
 *
 * Memory: a displacement and a gradient of each trained layer; the factors of one block of points of each set.
 */
export class LinearizedNetwork implements Model {
  readonly key = 'linearized';
  readonly name = 'linearized network';
  readonly prefix = 'linearized';
  /** Nobody asks how far it moves. */
  readonly movements = [];
  readonly #gpu: Gpu;
  readonly #network: Linearizable;
  /** Δ of each layer that trains. */
  readonly #displacements: readonly Matrix[];
  readonly #factors = new Map<PointSet, JacobianFactors>();
  readonly #vjp: Vjp;
  readonly #programs: LinearizedPrograms;
  readonly #owned: Resources;

  private constructor(
    gpu: Gpu,
    network: Linearizable,
    parts: { displacements: readonly Matrix[]; vjp: Vjp; programs: LinearizedPrograms },
    owned: Resources,
  ) {
    this.#gpu = gpu;
    this.#network = network;
    this.#displacements = parts.displacements;
    this.#vjp = parts.vjp;
    this.#programs = parts.programs;
    this.#owned = owned;
  }

  /**
   * The linearization of `network` at θ(0); it trains the same layers. `maxPoints`: of the largest set that trains it.
   * @throws RangeError for a network that does not start with f = 0.
   */
  static async create(gpu: Gpu, network: Linearizable, maxPoints: number): Promise<LinearizedNetwork> {
    requireGpu(gpu);
    if (!network.symmetric) {
      throw new RangeError(
        'A network whose initialization is not symmetric has outputs at θ(0), which its linearization here leaves out. Create it with symmetric: true.',
      );
    }
    const rows = Math.min(network.blockRows, maxPoints);
    const all = network.jacobianShapes('start');
    const shapes = network.trained.map((l) => all[l]);
    using owned = new Resources();
    const [jvp, residual, descend] = await together([
      Jvp.create(gpu, shapes, rows).then((made) => owned.own(made)),
      compileElementwise(gpu, 'sum'),
      compileDescend(gpu, { layers: shapes.length, position: false }),
    ]);
    const displacements = shapes.map(({ units, inputs }, k) =>
      owned.own(new Matrix(gpu, `linearized θ − θ(0) of layer ${network.trained[k] + 1}`, units, inputs)),
    );
    const vjp = owned.own(await Vjp.create(gpu, shapes, rows));
    const parts = { displacements, vjp, programs: { jvp, residual, descend } };
    return new LinearizedNetwork(gpu, network, parts, owned.move());
  }

  async prepare(_: CommandStream, points: PointSet): Promise<void> {
    if (this.#factors.has(points)) return;
    const { trained, blockRows } = this.#network;
    const jacobian = this.#network.jacobian(points.X, 'start');
    const factors = await jacobian.factors(this.#gpu, trained, { blockRows });
    this.#factors.set(points, this.#owned.own(factors));
  }

  /**
   * u = JΔ and e = u − y on a set of points; also the gradient of the loss where asked.
   * @throws Error for a set that was not prepared.
   */
  *evaluation(points: PointSet, predictions: Predictions, withGradient = false): Generator<Dispatch> {
    const factors = this.#factors.get(points);
    if (!factors)
      throw new Error('A linearized network prepares a set of points before it is evaluated there.');
    requirePredictions(this, points, predictions);
    const { u, e } = predictions;
    const directions = this.#displacements.map((Delta, k) => ({
      direction: Delta.whole().binding,
      scale: 1 / Math.sqrt(factors.layers[k].divisor),
    }));
    for (const block of factors.blocks()) {
      yield* factors.fill(block);
      const pairs = factors.of(block);
      yield* this.#programs.jvp.apply(block, pairs, directions, u);
      yield this.#programs.residual(
        { x: u.beside(block), y: points.y.beside(block), out: e.beside(block) },
        strideOf(block.rows),
        { a: 1, b: -1 },
      );
      if (withGradient) yield* this.#vjp.add(block, pairs, e);
    }
  }

  *descent(n: number, rates: readonly number[]): Generator<Dispatch> {
    const shapes = this.#network.jacobianShapes('start');
    requireSame('The number of rates', rates.length, 'layers', shapes.length);
    const descending = this.#displacements.map((Delta, k) => {
      const layer = this.#network.trained[k];
      return {
        rows: Delta.rows,
        cols: Delta.cols,
        gradient: this.#vjp.gradients[k],
        rate: rates[layer] / (n * Math.sqrt(shapes[layer].divisor)),
        displacement: Delta.whole().binding,
      };
    });
    yield* this.#programs.descend(descending);
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}

interface LinearizedPrograms {
  jvp: Jvp;
  /** e = u − y */
  residual: Elementwise;
  descend: Descend;
}
