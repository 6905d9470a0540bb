import { type FirstGradientOptions, firstGradientShader } from '../../shaders/first-gradient.wgsl.ts';
import { positionsOf } from '../../shaders/parts/patches.wgsl.ts';
import type { Tile } from '../../shaders/parts/tile.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import type { FactorPair } from './factors.ts';
import { sliceCount, sliceRows } from './sum-slices.ts';
import { tileWorkgroups } from './tile-choice.ts';

export type FirstGradient = (
  block: RowBlock,
  { left, right }: FactorPair,
  shape: { units: number; inputs: number },
  e: Vector | undefined,
  slices: GPUBufferBinding,
) => Dispatch;

/** Floats that the slices of `rows` rows take: one units × inputs matrix each, both padded to multiples of 4. */
export const firstGradientSlices = (rows: number, units: number, inputs: number): number =>
  sliceCount(rows) * strideOf(units) * strideOf(inputs);

/**
 * Partial sums over slices of rows of leftᵀ diag(e) right (units × inputs) for a block of rows. With sum-slices after it,
 * left = B = φ′(Z) diag(v) and right = X, it is ∇_W L but for 1/(n√(md)), which descend applies. With patches, `block` is of
 * points, of which left has a row for each position, and e an entry for each point. Not weighed, a slice is what belongs to
 * one point: its row of the Jacobian, strideOf(units) × strideOf(inputs).
 * Source: THEORY.md, section 1; THEORY-DEEP.md, sections (b) and (c). 2 · rows · units · inputs operations.
 */
export async function compileFirstGradient(
  gpu: Gpu,
  tile: Tile,
  options: FirstGradientOptions = {},
): Promise<FirstGradient> {
  const program = await Program.compile(gpu, 'first-gradient', firstGradientShader(tile, options));
  const { patches, weighed = true } = options;
  const positions = patches ? positionsOf(patches) : 1;
  const sliceLength = weighed ? sliceRows : positions;
  return (block, { left, right }, { units, inputs }, e, slices) => {
    const [vectorUnits, vectorInputs] = [strideOf(units) / 4, strideOf(inputs) / 4];
    const rows = block.rows * positions;
    return {
      call: program.bind({ B: left, X: right, e: weighed ? e?.beside(block) : undefined, slices }),
      parameters: { rows, slice_rows: sliceLength, units4: vectorUnits, inputs4: vectorInputs },
      workgroups: [...tileWorkgroups(tile, inputs, units), Math.ceil(rows / sliceLength)],
      work: 2 * rows * strideOf(units) * strideOf(inputs),
    };
  };
}
