import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import type { Vector } from '../gpu/vector.ts';
import { type FactorPair, type FactorShape, positionsOf } from '../programs/factors.ts';
import {
  type FirstGradient,
  type Residuals,
  compileFirstGradient,
  firstGradientFloats,
  makesResiduals,
} from '../programs/first-gradient.ts';
import type { FeatureStorage } from '../programs/forward.ts';
import {
  type Gradient,
  type GradientTarget,
  type PartialSums,
  gradientPartials,
  sliceCount,
  sliceRows,
} from '../programs/partial-sums.ts';
import { type SecondGradient, compileSecondGradient } from '../programs/second-gradient.ts';
import { type SumSlices, compileSumSlices } from '../programs/sum-slices.ts';
import { chosenTile, fittedCols, fittedRows } from '../programs/tile-choice.ts';
import { type LayerGroup, groupsOf } from './factors.ts';

/** A group of layers that one program takes, and in how many partial sums. */
type Group = { sums: PartialSums } & (
  | { outer: number; plain?: number; program: FirstGradient }
  | { outer?: undefined; plain: number; program: SecondGradient }
);

export interface VjpOptions {
  /** Of the factors that `add` is given; 'f32' unless given. */
  storage?: FeatureStorage | undefined;
  /** In how many parts the outputs are made of which u is the residual: see makesResiduals. */
  outputParts?: number;
}

/** Rows of a layer's factors at so many points. */
const rowsOf = ({ patches }: FactorShape, points: number): number =>
  patches ? points * positionsOf(patches) : points;

/** Rows of the matrix of a layer, with room for the program's last vec4. */
const paddedUnits = ({ left, units }: FactorShape): number => (left ? strideOf(units) : 1);

/** Floats of that matrix. */
const floatsOf = ({ left, units, inputs }: FactorShape): number =>
  left ? firstGradientFloats(units, inputs) : strideOf(inputs);

/**
 * As groupsOf, but that a plain layer goes on its own above a convolution, whose rows are not points, and on a processor, which
 * pays for a branch with both of its sides.
 */
const gradientGroups = ({ adapter }: Gpu, layers: readonly FactorShape[]): LayerGroup[] =>
  groupsOf(layers).flatMap(({ outer, plain }): LayerGroup[] => {
    if (outer === undefined) return plain === undefined ? [] : [{ plain }];
    if (plain === undefined) return [{ outer }];
    return adapter.software || layers[outer].patches ? [{ outer }, { plain }] : [{ outer, plain }];
  });

/** The partial sums of a group over blocks of so many points. */
function partialsOf(
  gpu: Gpu,
  layers: readonly FactorShape[],
  { outer, plain }: LayerGroup,
  blockRows: number,
): PartialSums {
  const shape = layers[(outer ?? plain)!];
  return gradientPartials(gpu, rowsOf(shape, blockRows), floatsOf(shape));
}

/** Bytes that a Vjp takes. */
export function vjpBytes(gpu: Gpu, layers: readonly FactorShape[], blockRows: number): number {
  let floats = 0;
  for (const group of gradientGroups(gpu, layers)) {
    const { count } = partialsOf(gpu, layers, group, blockRows);
    for (const l of [group.outer, group.plain]) {
      if (l === undefined) continue;
      floats += floatsOf(layers[l]) * (count + Number(count > 1));
    }
  }
  return 4 * floats;
}

/**
 * Jᵀu of each layer, summed over blocks of points:
 *
 *     Σ_i u_i left_i ⊗ right_i = leftᵀ diag(u) right (units × inputs),
 *
 * but for the layer's 1/√divisor. With a residual e for u, it is n times the gradient of the loss. Memory: vjpBytes; of
 * each layer its partial sums, which are few (gradientPartials), and their sum.
 */
export class Vjp implements Disposable {
  /** Of each layer, what was added so far, in partial sums: descend adds them up. */
  readonly gradients: readonly Gradient[];
  /** The same as matrices, units × inputs, once `total` has run; rows past its units are room for the program's last vec4. */
  readonly sums: readonly Matrix[];
  /** Whether `add` makes u itself, the residual, of outputs in parts. */
  readonly makesResiduals: boolean;
  readonly #layers: readonly FactorShape[];
  readonly #groups: readonly Group[];
  readonly #blockRows: number;
  readonly #sum: SumSlices;
  readonly #owned: Resources;

  private constructor(
    gpu: Gpu,
    layers: readonly FactorShape[],
    {
      groups,
      makesResiduals,
      blockRows,
      sum,
    }: { groups: readonly Group[]; makesResiduals: boolean; blockRows: number; sum: SumSlices },
  ) {
    using owned = new Resources();
    const matrix = (label: string, shape: FactorShape, count = 1): Matrix =>
      owned.own(new Matrix(gpu, label, count * paddedUnits(shape), shape.inputs));
    const partials = layers.map((shape, l) => {
      const { count } = groups.find(({ outer, plain }) => outer === l || plain === l)!.sums;
      return { count, matrix: matrix('Jᵀu of a layer in partial sums', shape, count) };
    });
    this.gradients = partials.map(({ count, matrix: all }) => ({
      binding: all.whole().binding,
      count,
      floats: (all.rows / count) * all.stride,
    }));
    this.sums = partials.map((own, l) =>
      own.count === 1 ? own.matrix : matrix('Jᵀu of a layer', layers[l]),
    );
    this.makesResiduals = makesResiduals;
    this.#layers = layers;
    this.#groups = groups;
    this.#blockRows = blockRows;
    this.#sum = sum;
    this.#owned = owned.move();
  }

  /** `blockRows`: points of a block at most. */
  static async create(
    gpu: Gpu,
    layers: readonly FactorShape[],
    blockRows: number,
    { storage = 'f32', outputParts }: VjpOptions = {},
  ): Promise<Vjp> {
    const all = gradientGroups(gpu, layers);
    const [first] = all;
    const made =
      outputParts !== undefined &&
      all.length === 1 &&
      first.outer !== undefined &&
      layers[first.outer].patches === undefined &&
      makesResiduals(gpu, outputParts, partialsOf(gpu, layers, first, blockRows), first.plain !== undefined);
    const groupOf = async (group: LayerGroup): Promise<Group> => {
      const sums = partialsOf(gpu, layers, group, blockRows);
      const { outer, plain } = group;
      if (outer === undefined) {
        return { sums, plain: plain!, program: await compileSecondGradient(gpu, storage) };
      }
      const { units, inputs, patches } = layers[outer];
      const tile = chosenTile(gpu, 'first-gradient', { rows: inputs, cols: units, inner: sliceRows });
      const residuals = made ? sliceRows : undefined;
      const options = { storage, patches, second: plain !== undefined, residuals };
      const program = await compileFirstGradient(gpu, fittedRows(fittedCols(tile, units), inputs), options);
      return { sums, outer, ...(plain !== undefined && { plain }), program };
    };
    const [groups, sum] = await Promise.all([Promise.all(all.map(groupOf)), compileSumSlices(gpu)]);
    return gpu.allOrNothing(() => new Vjp(gpu, layers, { groups, makesResiduals: made, blockRows, sum }));
  }

  /**
   * The dispatches that add one block of points, given its factors; a set's first block starts anew. Where it makes
   * residuals, u is made of these and stored.
   * @throws RangeError for a block of more points than it was made for.
   */
  *add(block: RowBlock, pairs: readonly FactorPair[], u: Vector, residuals?: Residuals): Generator<Dispatch> {
    if (sliceCount(block.rows) > sliceCount(this.#blockRows)) {
      throw new RangeError(
        `A gradient made for ${this.#blockRows} points at a time does not take a block of ${block.rows}: create it, or the model whose it is, with the size of the largest set that trains it (maxPoints).`,
      );
    }
    const accumulate = block.firstRow > 0;
    for (const { sums, ...group } of this.#groups) {
      const target = (l: number): GradientTarget => ({
        partials: this.gradients[l].binding,
        sums,
        accumulate,
      });
      if (group.outer === undefined) {
        const { plain } = group;
        yield group.program(block, pairs[plain].right, this.#layers[plain].inputs, u, target(plain));
      } else {
        const { outer, plain } = group;
        const second =
          plain === undefined ? undefined : { A: pairs[plain].right, partials: target(plain).partials };
        yield group.program(block, pairs[outer], this.#layers[outer], u, target(outer), {
          second,
          residuals,
        });
      }
    }
  }

  /** The dispatches that make `sums` of what was added; none where it is one partial sum. */
  *total(): Generator<Dispatch> {
    for (const [l, { binding, count, floats }] of this.gradients.entries()) {
      if (count > 1) yield this.#sum(binding, this.sums[l].whole().binding, floats, count, false);
    }
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
