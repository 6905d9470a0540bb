import { type FirstGradientOptions, firstGradientShader } from '../../shaders/first-gradient.wgsl.ts';
import { positionsOf } from '../../shaders/parts/patches.wgsl.ts';
import type { Tile } from '../../shaders/parts/tile.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import type { FactorPair } from './factors.ts';
import { type GradientTarget, sliceRows } from './partial-sums.ts';
import { tileWorkgroups } from './tile-choice.ts';

/** The layer above, whose gradient Aᵀe is made beside; with the option second. */
export interface SecondTarget {
  A: GPUBufferBinding;
  partials: GPUBufferBinding;
}

/** `e`: an entry for each point; undefined where rows are not weighed. */
export type FirstGradient = (
  block: RowBlock,
  { left, right }: FactorPair,
  shape: { units: number; inputs: number },
  e: Vector | undefined,
  target: GradientTarget,
  second?: SecondTarget,
) => Dispatch;

/** Floats of a partial sum of units × inputs, both padded to multiples of 4. */
export const firstGradientFloats = (units: number, inputs: number): number =>
  strideOf(units) * strideOf(inputs);

/**
 * Partial sums of leftᵀ diag(e) right (units × inputs) for a block of rows, which descend adds up: with left = B =
 * φ′(Z) diag(v) and right = X, they make ∇_W L but for 1/(n√(md)). With patches, `block` is of points, of which left has a row
 * for each position, and e an entry for each point. Not weighed, a partial sum is what belongs to one point: its row of the
 * Jacobian, and `sums` are one for each point.
 * With `second`, Aᵀe beside: ∇_v L but for 1/(n√m).
 * Source: THEORY.md, section 1; THEORY-DEEP.md, sections (b) and (c). 2 · rows · units · inputs operations.
 */
export async function compileFirstGradient(
  gpu: Gpu,
  tile: Tile,
  options: FirstGradientOptions = {},
): Promise<FirstGradient> {
  const program = await Program.compile(gpu, 'first-gradient', firstGradientShader(tile, options));
  const { patches, weighed = true, second: both = false } = options;
  const positions = patches ? positionsOf(patches) : 1;
  return (block, { left, right }, { units, inputs }, e, { partials, sums, accumulate }, second) => {
    const [vectorUnits, vectorInputs] = [strideOf(units) / 4, strideOf(inputs) / 4];
    const rows = block.rows * positions;
    const [across, down] = tileWorkgroups(tile, inputs, units);
    return {
      call: program.bind({
        B: left,
        X: right,
        e: weighed ? e?.beside(block) : undefined,
        partials,
        ...(both && { A: second?.A, feature_partials: second?.partials }),
      }),
      parameters: {
        rows,
        slice_rows: Math.min(sliceRows, sums.rows),
        partial_rows: sums.rows,
        units4: vectorUnits,
        inputs4: vectorInputs,
        accumulate: Number(accumulate),
      },
      workgroups: [across, down + Number(both), sums.count],
      work: 2 * rows * strideOf(units) * (strideOf(inputs) + Number(both)),
    };
  };
}
