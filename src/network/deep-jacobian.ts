import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Matrix, type RowBlock, requireMatrix, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import type { FactorOptions, Jacobian, JacobianFactors } from '../jacobian/factors.ts';
import { type FactorRoom, HeldFactors } from '../jacobian/held-factors.ts';
import { HiddenBlock } from '../jacobian/hidden-block.ts';
import type { Activation } from '../math/activation-names.ts';
import { type FactorPair, type FactorShape, positionsOf } from '../programs/factors.ts';
import { type FirstGradient, compileFirstGradient } from '../programs/first-gradient.ts';
import { type Elementwise, compileElementwise } from '../programs/elementwise.ts';
import { chosenTile, fittedCols, fittedRows } from '../programs/tile-choice.ts';
import { type TowerGeometry, jacobianShapes, parameterShapes } from './architecture.ts';
import { TowerFeatures, type TowerPoint, type TowerPrograms, compileTower } from './tower.ts';
import { jacobianBlockRows, towerBlockRows, towerBytes } from './tower-rows.ts';

/**
 * The Jacobian of a deep or convolutional network on the points X (n × d) at its towers' parameters: both, or, where they
 * are the same, one, whose kernel is that of both.
 *
 * Layers with one position are factors as they are made, B_l and H_{l−1}; those of a convolution are rows of the
 * Jacobian, C_l × Q·C_{l−1} for each point, made by the gradient's program: their kernel is a Gram matrix, at 2n² rather than 2n²P²
 * operations for each entry of (left, right). Source: THEORY-DEEP.md, section (c).
 */
export class DeepJacobian implements Jacobian {
  readonly X: Matrix;
  readonly activation: Activation;
  readonly geometry: TowerGeometry;
  /** One point of each tower. */
  readonly towers: readonly TowerPoint[];
  /** Of the first tower, first to last, then of the second. */
  readonly layers: readonly FactorShape[];

  /** @throws RangeError for points of another number of inputs. */
  constructor(
    X: Matrix,
    network: { activation: Activation; geometry: TowerGeometry },
    towers: readonly TowerPoint[],
  ) {
    requireMatrix('X', X);
    const { d } = network.geometry;
    if (X.cols !== d) {
      throw new RangeError(
        `A network on ${d} inputs does not take points of ${X.cols} inputs (${X.rows} × ${X.cols}).`,
      );
    }
    this.X = X;
    this.activation = network.activation;
    this.geometry = network.geometry;
    this.towers = towers;
    const shapes = jacobianShapes(network.geometry, towers.length === 2 ? 2 : 1);
    this.layers = towers.flatMap(() => shapes);
  }

  blockRowsOn(gpu: Gpu): number {
    return jacobianBlockRows(gpu, this.geometry, towerBlockRows(gpu, this.geometry));
  }

  /** @throws RangeError for features that are to be stored as halves: the layers above would read them so. */
  async factors(
    gpu: Gpu,
    layers: readonly number[],
    { blockRows: wanted = towerBlockRows(gpu, this.geometry), storage = 'f32' }: FactorOptions = {},
  ): Promise<JacobianFactors> {
    if (storage !== 'f32') {
      throw new RangeError(
        `The factors of a deep network are stored as f32, not ${storage}. Leave \`storage\` out.`,
      );
    }
    const { geometry } = this;
    const blockRows = jacobianBlockRows(gpu, geometry, wanted);
    const points = Math.min(blockRows, this.X.rows);
    const rowPrograms = parameterShapes(geometry, 1).map(async ({ patches, units, inputs }) => {
      if (!patches) return undefined;
      const tile = chosenTile(gpu, 'first-gradient', {
        rows: inputs,
        cols: units,
        inner: geometry.layers[0].positions,
      });
      return compileFirstGradient(gpu, fittedRows(fittedCols(tile, units), inputs), {
        patches,
        weighed: false,
      });
    });
    const [programs, rows, copy] = await Promise.all([
      compileTower(gpu, geometry, this.activation, points),
      Promise.all(rowPrograms),
      compileElementwise(gpu, 'sum'),
    ]);
    return gpu.allOrNothing(() => {
      // Behind factors that are rows of the Jacobian the features need not be kept: they pass.
      const passing = geometry.layers.some(({ patches }) => patches)
        ? new TowerFeatures(gpu, programs, points)
        : undefined;
      const room = (count: number): FactorRoom =>
        gpu.allOrNothing(() => new DeepRoom(gpu, this, layers, { programs, rows, copy, passing }, count));
      const chosen = layers.map((l) => this.layers[l]);
      return new HeldFactors({
        X: this.X,
        layers: chosen,
        blockRows,
        // Of a convolution the chosen rows alone; else features, of which each layer needs those of the next.
        rowBytes: passing
          ? chosen.reduce((sum, { inputs }) => sum + 4 * strideOf(inputs), 0)
          : this.towers.length * towerBytes(geometry),
        newRoom: room,
        ...(passing && { shared: passing }),
      });
    });
  }
}

interface RoomParts {
  programs: TowerPrograms;
  /** Of each layer of a tower, what makes its rows of the Jacobian; none where it has one position. */
  rows: readonly (FirstGradient | undefined)[];
  copy: Elementwise;
  /** Of a convolutional network: where towers take turns. */
  passing: TowerFeatures | undefined;
}

/** Room for the factors of some layers at one block: the features of its towers, or the rows of the Jacobian. */
class DeepRoom implements FactorRoom {
  readonly bytes: number;
  readonly #jacobian: DeepJacobian;
  readonly #chosen: readonly number[];
  readonly #parts: RoomParts;
  readonly #features: readonly TowerFeatures[];
  /** Of each chosen layer of a convolutional network. */
  readonly #kept: ReadonlyMap<number, HiddenBlock>;
  readonly #owned = new Resources();

  constructor(gpu: Gpu, jacobian: DeepJacobian, chosen: readonly number[], parts: RoomParts, points: number) {
    this.#jacobian = jacobian;
    this.#chosen = chosen;
    this.#parts = parts;
    this.#features = parts.passing
      ? []
      : jacobian.towers.map(() => this.#owned.own(new TowerFeatures(gpu, parts.programs, points)));
    this.#kept = new Map(
      parts.passing
        ? chosen.map((l) => [
            l,
            this.#owned.own(new HiddenBlock(gpu, `J of layer ${l + 1}`, points, jacobian.layers[l].inputs)),
          ])
        : [],
    );
    const sum = (sizes: { bytes: number }[]): number => sizes.reduce((all, { bytes }) => all + bytes, 0);
    this.bytes = sum([...this.#features]) + sum([...this.#kept.values()]);
  }

  *make(block: RowBlock): Generator<Dispatch> {
    const { towers } = this.#jacobian;
    for (const [t, point] of towers.entries()) {
      const features = this.#parts.passing ?? this.#features[t];
      yield* features.make(block, point, true);
      if (this.#parts.passing) yield* this.#keep(block, t, features);
    }
  }

  /** Rows of the Jacobian in one tower's parameters, from features that pass. */
  *#keep(block: RowBlock, tower: number, features: TowerFeatures): Generator<Dispatch> {
    const shapes = parameterShapes(this.#jacobian.geometry, 1);
    const pairs = features.pairs(block);
    for (const [l, shape] of shapes.entries()) {
      const into = this.#kept.get(tower * shapes.length + l);
      if (!into) continue;
      const { rows, copy } = this.#parts;
      const positions = shape.patches ? positionsOf(shape.patches) : 1;
      const onePoint = { count: block.rows, rows: positions };
      const target = { partials: into.of(block), sums: onePoint, accumulate: false };
      if (rows[l]) yield rows[l](block, pairs[l], shape, undefined, target);
      else {
        // The readout's rows are its features.
        const [x, out] = [pairs[l].right, into.of(block)];
        yield copy({ x, y: x, out }, block.rows * strideOf(shape.inputs), { a: 1, b: 0 });
      }
    }
  }

  pairs(block: RowBlock, part: RowBlock): FactorPair[] {
    if (this.#parts.passing) {
      return this.#chosen.map((l) => ({ right: this.#kept.get(l)!.of(block, part) }));
    }
    const all = this.#features.flatMap((features) => features.pairs(block, part));
    return this.#chosen.map((l) => all[l]);
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
