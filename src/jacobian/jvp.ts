import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { RowBlock } from '../gpu/matrix.ts';
import type { Vector } from '../gpu/vector.ts';
import type { FactorPair, FactorShape } from '../programs/factors.ts';
import type { FeatureStorage } from '../programs/forward.ts';
import { type TangentTerm, compileTangent } from '../programs/tangent.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import { groupsOf, sizesOf } from './factors.ts';

/** A direction in the space of one layer's parameters (units × inputs), and what its image is multiplied by. */
export type LayerDirection = Pick<TangentTerm, 'direction' | 'scale'>;

/** The dispatches that make JΔ on a block of points, given its factors and a direction for each layer. */
export type Jvp = (
  block: RowBlock,
  pairs: readonly FactorPair[],
  directions: readonly LayerDirection[],
  u: Vector,
) => Generator<Dispatch>;

/**
 * u_i = Σ_l scale_l ⟨Δ_l, left_i ⊗ right_i⟩ = Σ_l scale_l Σ_r left_ir ⟨(Δ_l)_r, right_i⟩; with the scales 1/√divisor it is
 * JΔ. One dispatch for each group of layers (see groupsOf), 2 · rows · units · (inputs + 2) operations each; no memory.
 */
export async function compileJvp(
  gpu: Gpu,
  layers: readonly FactorShape[],
  blockRows: number,
  storage: FeatureStorage = 'f32',
): Promise<Jvp> {
  const groups = await Promise.all(
    groupsOf(layers).map(async (group, index) => {
      const { units, inputs } = sizesOf(layers, group);
      const options = {
        first: group.outer !== undefined,
        second: group.plain !== undefined,
        storage,
        accumulate: index > 0,
      };
      const tile = chosenTile(gpu, 'tangent', { rows: blockRows, cols: units, inner: inputs });
      return { ...group, units, program: await compileTangent(gpu, options, tile, inputs) };
    }),
  );
  return function* (block, pairs, directions, u) {
    const term = (l: number | undefined): TangentTerm | undefined =>
      l === undefined ? undefined : { pair: pairs[l], ...directions[l] };
    for (const { outer, plain, units, program } of groups) {
      yield program(block, { units, outer: term(outer), plain: term(plain) }, u);
    }
  };
}
