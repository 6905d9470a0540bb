import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Vector } from '../gpu/vector.ts';
import type { Activation } from '../math/activation-names.ts';
import { hiddenBlockRows } from '../network/hidden-block.ts';
import { TangentFeatures, type TangentSide, unitFactors } from '../network/tangent-features.ts';
import { compileNtk } from '../programs/ntk.ts';
import { pairBlockSide } from './pair-blocks.ts';

/** Θ = first · Θ₁ + second · Θ₂; both 1 for the kernel of both layers, the rates for the one that drives them. */
export interface KernelWeights {
  first: number;
  second: number;
}

/**
 * The neural tangent kernel between two sides (the same one twice: on its points), stored: rows.X.rows × cols.X.rows
 * floats. Source: THEORY.md, section 3.
 *
 * The hidden layer is held for one block of rows and one of columns at a time; each block of the kernel is one
 * dispatch with no n × n intermediate, small enough to leave the GPU to others in between. The caller disposes of the
 * matrix. Aborting throws the signal's reason.
 */
export async function denseNtk(
  gpu: Gpu,
  activation: Activation,
  rows: TangentSide,
  cols: TangentSide,
  weights: KernelWeights,
  signal?: AbortSignal,
): Promise<Matrix> {
  const [width, d] = [rows.at.W.rows, rows.X.cols];
  const side = blockSide(gpu, width, d, weights);
  const layers = { first: weights.first !== 0, second: weights.second !== 0 };
  const ntk = await compileNtk(gpu, layers);

  const kernel = new Matrix(gpu, 'neural tangent kernel', rows.X.rows, cols.X.rows);
  using stream = new CommandStream(gpu);
  using vv = new Vector(gpu, 'v ṽ', width);
  vv.write(await unitFactors(rows, cols));
  using hidden = await TangentFeatures.create(gpu, rows, activation, layers, side);
  using otherHidden = await TangentFeatures.create(gpu, cols, activation, layers, side);
  try {
    for (const [X, block] of Matrix.blocksTogether([rows.X, kernel], side)) {
      for (const dispatch of hidden.fill(X)) stream.run(dispatch);
      for (const other of cols.X.blocks(side)) {
        for (const dispatch of otherHidden.fill(other)) stream.run(dispatch);
        const sizes = { inputs: d, units: width, stride: kernel.stride, column: other.firstRow };
        const [points, otherPoints] = [
          { X, ...hidden.of(X) },
          { X: other, ...otherHidden.of(other) },
        ];
        stream.run(ntk(points, otherPoints, vv.binding, block.binding, sizes, weights));
        signal?.throwIfAborted();
        await stream.pace();
      }
    }
    await stream.finish();
    return kernel;
  } catch (error) {
    kernel[Symbol.dispose]();
    throw error;
  }
}

/** Rows and columns of one block, whose hidden layer has to have room, too. */
function blockSide(gpu: Gpu, width: number, d: number, { first, second }: KernelWeights): number {
  const products = 2 * ((first !== 0 ? width + d : 0) + (second !== 0 ? width : 0));
  return Math.min(hiddenBlockRows(gpu, width, d), pairBlockSide(products));
}
