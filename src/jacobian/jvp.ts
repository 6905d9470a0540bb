import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Vector } from '../gpu/vector.ts';
import type { FactorPair, FactorShape } from '../programs/factors.ts';
import type { FeatureStorage } from '../programs/forward.ts';
import { type SumSlices, compileSumSlices } from '../programs/sum-slices.ts';
import {
  type Tangent,
  type TangentSums,
  type TangentTerm,
  compileTangent,
  tangentSums,
} from '../programs/tangent.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import { type LayerGroup, groupsOf, sizesOf } from './factors.ts';

/** A direction in the space of one layer's parameters (units × inputs), and what its image is multiplied by. */
export type LayerDirection = Pick<TangentTerm, 'direction' | 'scale'>;

/** A group of layers that one program takes, and in how many partial sums. */
interface Group extends LayerGroup {
  units: number;
  program: Tangent;
  sums: TangentSums;
}

/**
 * u_i = Σ_l scale_l ⟨Δ_l, left_i ⊗ right_i⟩ = Σ_l scale_l Σ_r left_ir ⟨(Δ_l)_r, right_i⟩; with the scales 1/√divisor it is
 * JΔ. One dispatch for each group of layers (see groupsOf), 2 · rows · units · (inputs + 2) operations each, and where the
 * sum over units is made in parts (tangentSums) one to add these up. Memory: a few numbers a row then, none else.
 */
export class Jvp implements Disposable {
  readonly #groups: readonly Group[];
  /** Where the partial sums of one group after the other go, and what adds them; where any group has several. */
  readonly #split: { partials: Vector; sum: SumSlices } | undefined;

  private constructor(groups: readonly Group[], split?: { partials: Vector; sum: SumSlices }) {
    this.#groups = groups;
    this.#split = split;
  }

  /** `blockRows`: points of a block, as most are. `storage`: of the factors that `apply` is given. */
  static async create(
    gpu: Gpu,
    layers: readonly FactorShape[],
    blockRows: number,
    storage: FeatureStorage = 'f32',
  ): Promise<Jvp> {
    const groups = await Promise.all(
      groupsOf(layers).map(async (group): Promise<Group> => {
        const sizes = { rows: blockRows, ...sizesOf(layers, group) };
        const { units, inputs } = sizes;
        const tile = chosenTile(gpu, 'tangent', { rows: blockRows, cols: units, inner: inputs });
        const options = { first: group.outer !== undefined, second: group.plain !== undefined, storage };
        const sums = tangentSums(gpu, options, tile, sizes);
        return { ...group, units, sums, program: await compileTangent(gpu, options, tile, sizes) };
      }),
    );
    const most = groups.reduce((count, { sums }) => Math.max(count, sums.count), 1);
    if (most === 1) return new Jvp(groups);
    const sum = await compileSumSlices(gpu);
    const partials = new Vector(gpu, 'JΔ in partial sums', most * strideOf(blockRows));
    return new Jvp(groups, { partials, sum });
  }

  /** The dispatches that make JΔ on a block of points, given its factors and a direction for each layer. */
  *apply(
    block: RowBlock,
    pairs: readonly FactorPair[],
    directions: readonly LayerDirection[],
    u: Vector,
  ): Generator<Dispatch> {
    const term = (l: number | undefined): TangentTerm | undefined =>
      l === undefined ? undefined : { pair: pairs[l], ...directions[l] };
    const [split, stride] = [this.#split, strideOf(block.rows)];
    for (const [index, { outer, plain, units, sums, program }] of this.#groups.entries()) {
      const terms = { units, outer: term(outer), plain: term(plain) };
      const [whole, accumulate] = [u.beside(block), index > 0];
      // A larger block, which the room was not made for, has the more workgroups.
      if (split && sums.count > 1 && sums.count * stride <= split.partials.length) {
        const { partials, sum } = split;
        yield* program(block, terms, { u: partials.binding, sums });
        yield sum(partials.binding, whole, stride, sums.count, accumulate);
      } else yield* program(block, terms, { u: whole, accumulate });
    }
  }

  [Symbol.dispose](): void {
    this.#split?.partials[Symbol.dispose]();
  }
}
