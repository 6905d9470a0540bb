import type { FeatureStorage } from '../../shaders/parts/features.wgsl.ts';
import { secondGradientShader, secondGradientWorkgroup } from '../../shaders/second-gradient.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import { sliceCount, sliceRows } from './sum-slices.ts';

export type SecondGradient = (
  block: RowBlock,
  A: GPUBufferBinding,
  units: number,
  e: Vector,
  slices: GPUBufferBinding,
) => Dispatch;

/** Floats that the slices of `rows` rows take. */
export const secondGradientSlices = (rows: number, units: number): number =>
  sliceCount(rows) * strideOf(units);

/**
 * Partial sums over slices of rows of Aᵀe; with sum-slices after it, ∇_v L = Aᵀe/(n√m) but for 1/(n√m), which
 * descend applies. Source: THEORY.md, section 1. 2 · rows · units operations. `storage`: of A.
 */
export async function compileSecondGradient(
  gpu: Gpu,
  storage: FeatureStorage = 'f32',
): Promise<SecondGradient> {
  const program = await Program.compile(gpu, 'second-gradient', secondGradientShader(storage));
  return (block, A, units, e, slices) => ({
    call: program.bind({ A, e: e.beside(block), slices }),
    parameters: { rows: block.rows, slice_rows: sliceRows, units4: strideOf(units) / 4 },
    workgroups: [Math.ceil(strideOf(units) / 4 / secondGradientWorkgroup), sliceCount(block.rows)],
    work: 4 * block.rows * strideOf(units),
  });
}
