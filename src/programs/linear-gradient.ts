import { linearGradientShader, linearGradientWorkgroup } from '../../shaders/linear-gradient.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import type { LinearFeatures } from '../math/linear-features.ts';
import { betaLength } from './linear-output.ts';
import { sliceCount, sliceRows } from './partial-sums.ts';

export type LinearGradient = (
  X: RowBlock,
  features: LinearFeatures,
  points: { q: Vector; e: Vector },
  slices: GPUBufferBinding,
) => Dispatch;

/** Rows that the linear model's programs take at a time; bounds the slices of its gradient. */
export const linearBlockRows = 2 ** 16;

/** Floats that the slices of `rows` rows take. */
export const linearGradientSlices = (rows: number, d: number): number => sliceCount(rows) * betaLength(d);

/**
 * Partial sums over slices of rows of Ψᵀe; with sum-slices after it, the gradient Ψᵀ(Ψβ − y)/n of the linear model's
 * loss but for 1/n, which descend applies. Source: THEORY.md, section 4. 2 · rows · d operations.
 */
export async function compileLinearGradient(gpu: Gpu): Promise<LinearGradient> {
  const program = await Program.compile(gpu, 'linear-gradient', linearGradientShader());
  return (X, features, { q, e }, slices) => ({
    call: program.bind({ X: X.binding, q: q.beside(X), e: e.beside(X), slices }),
    parameters: {
      rows: X.rows,
      slice_rows: sliceRows,
      inputs4: strideOf(features.d) / 4,
      scale: features.scale,
      bias: features.bias,
      norm_scale: features.normScale,
    },
    workgroups: [Math.ceil(betaLength(features.d) / 4 / linearGradientWorkgroup), sliceCount(X.rows)],
    work: 4 * X.rows * betaLength(features.d),
  });
}
