import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Matrix, RowBlock } from '../gpu/matrix.ts';
import type { FactorPair, FactorShape } from '../programs/factors.ts';
import type { FeatureStorage } from '../programs/forward.ts';

/**
 * The Jacobian of a network's output in its parameters, at one place θ of them, on a set of points. With a scalar output the
 * part of each layer is a sum of outer products (see FactorShape),
 *
 *     ∂f_i/∂θ_l = (1/√divisor_l) left_i ⊗ right_i,
 *
 * and this is all that gradients, products with J and Jᵀ and kernels need: how a network makes its factors is its own
 * affair. The two-layer network has (B, X) for W and (1, A) for v.
 *
 * Kernels compare Jacobians by identity: one Jacobian on both sides makes a symmetric kernel.
 */
export interface Jacobian {
  /** The points, n × d. */
  readonly X: Matrix;
  /** The parameters' layers, first to last, whether they train or not. */
  readonly layers: readonly FactorShape[];
  /** Points that its factors are made of at a time on a device, where nothing else is asked for. */
  blockRowsOn: (gpu: Gpu) => number;
  /** What makes the factors of the layers with these indices. Neither X nor θ may change while they are held. */
  factors: (gpu: Gpu, layers: readonly number[], options?: FactorOptions) => Promise<JacobianFactors>;
}

/**
 * How factors are made and kept. `blockRows`: points at a time, a multiple of 256; chosen from the device's limits unless
 * given. `storage` of what is made: 'f32' unless given. `once`: whether they are made a single time (see chosenTile).
 */
export interface FactorOptions {
  blockRows?: number | undefined;
  storage?: FeatureStorage | undefined;
  once?: boolean | undefined;
}

/**
 * The factors of a Jacobian, one block of points at a time. What is not held is made anew for every use, so that memory is
 * bounded: O(blockRows · width), and with `hold` as many bytes more as it is given.
 */
export interface JacobianFactors extends Disposable {
  readonly X: Matrix;
  /** Those asked for, in that order. */
  readonly layers: readonly FactorShape[];
  readonly blockRows: number;
  /** Bytes of what is made of one point. */
  readonly rowBytes: number;
  /** The points in order, in blocks of at most blockRows that each lie in one panel of X. */
  blocks: () => RowBlock[];
  /**
   * Makes factors now and keeps them: of as many blocks as `most` bytes hold, beside the room for one that passes. Once
   * more, it makes the same ones anew, where they are.
   */
  hold: (stream: CommandStream, most?: number) => void;
  /** Frees what is held: from then on it is made anew. */
  release: () => void;
  /** The dispatches that make the factors of a block; none where they are held. */
  fill: (block: RowBlock) => Iterable<Dispatch>;
  /** Where the factors of a block, or of `part` of its rows, are, once made; a pair for each of `layers`. */
  of: (block: RowBlock, part?: RowBlock) => FactorPair[];
}

/** A weight for each of a Jacobian's layers, of those for the network's. */
export const weightsFor = ({ layers }: Pick<Jacobian, 'layers'>, weights: readonly number[]): number[] =>
  layers.map(({ layer }, l) => weights[layer ?? l]);

/** Indices into a list of layers: one whose left is a matrix, and one whose left is 1, that a program takes together. */
export interface LayerGroup {
  outer?: number;
  plain?: number;
}

/**
 * Layers as the programs take them: at most one of each kind, a plain one beside an outer one where its features are as
 * many as that one's units, as those of a readout and of the layer below it are.
 */
export function groupsOf(layers: readonly FactorShape[]): LayerGroup[] {
  const groups: LayerGroup[] = [];
  for (const [l, { left }] of layers.entries()) if (left) groups.push({ outer: l });
  for (const [l, { left, inputs }] of layers.entries()) {
    if (left) continue;
    const beside = groups.find(
      ({ outer, plain }) => outer !== undefined && plain === undefined && layers[outer].units === inputs,
    );
    if (beside) beside.plain = l;
    else groups.push({ plain: l });
  }
  return groups;
}

/** What the programs call a group's sizes: `units` columns of left, which a plain layer has in its right; `inputs` of right. */
export const sizesOf = (
  layers: readonly FactorShape[],
  { outer, plain }: LayerGroup,
): { units: number; inputs: number } => ({
  units: outer === undefined ? layers[plain!].inputs : layers[outer].units,
  inputs: layers[(outer ?? plain)!].inputs,
});
