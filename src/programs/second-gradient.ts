import type { FeatureStorage } from '../../shaders/parts/features.wgsl.ts';
import { secondGradientShader, secondGradientWorkgroup } from '../../shaders/second-gradient.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import { type GradientTarget, sliceBySlice, sliceCount, sliceRows } from './partial-sums.ts';

/** `stride`: floats from row to row of A, where it has more units than these first ones. */
export type SecondGradient = (
  block: RowBlock,
  A: GPUBufferBinding,
  units: number,
  e: Vector,
  target: GradientTarget,
  stride?: number,
) => Dispatch;

/** What an Aᵀe that is summed slice by slice, by sum-slices, goes to; a block begins it anew. */
export const slicesOf = ({ rows }: RowBlock, slices: GPUBufferBinding): GradientTarget => ({
  partials: slices,
  sums: sliceBySlice(rows),
  accumulate: false,
});

/** Floats that the slices of `rows` rows take. */
export const secondGradientSlices = (rows: number, units: number): number =>
  sliceCount(rows) * strideOf(units);

/**
 * Partial sums of Aᵀe for a block of rows, which descend adds up: ∇_v L = Aᵀe/(n√m) but for 1/(n√m). Source: THEORY.md,
 * section 1. 2 · rows · units operations. `storage`: of A.
 */
export async function compileSecondGradient(
  gpu: Gpu,
  storage: FeatureStorage = 'f32',
): Promise<SecondGradient> {
  const program = await Program.compile(gpu, 'second-gradient', secondGradientShader(storage));
  return (block, A, units, e, { partials, sums, accumulate }, stride = strideOf(units)) => ({
    call: program.bind({ A, e: e.beside(block), feature_partials: partials }),
    parameters: {
      rows: block.rows,
      slice_rows: sliceRows,
      partial_rows: sums.rows,
      units4: strideOf(units) / 4,
      stride4: stride / 4,
      accumulate: Number(accumulate),
    },
    workgroups: [Math.ceil(strideOf(units) / 4 / secondGradientWorkgroup), sums.count],
    work: 4 * block.rows * strideOf(units),
  });
}
