import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, type RowBlock } from '../gpu/matrix.ts';
import type { Activation } from '../math/activation-names.ts';
import type { TrainedLayers } from '../network/gradient.ts';
import { hiddenBlockRows } from '../network/hidden-block.ts';
import { TangentFeatures, type TangentSide } from '../network/tangent-features.ts';
import { type KernelBlocks, type KernelPoints, type Ntk, compileNtk } from '../programs/ntk.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import { oneBlock, pairBlockSide } from './pair-blocks.ts';

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
 * matrix. Of a symmetric kernel (`rows` = `cols`) half is computed. Aborting throws the signal's reason.
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
  const symmetric = rows === cols;
  const layers = { first: weights.first !== 0, second: weights.second !== 0 };
  const side = ntkBlockSide(gpu, { n: rows.X.rows, d, m: width }, layers, symmetric);
  const shape = { rows: Math.min(side, rows.X.rows), cols: Math.min(side, cols.X.rows), inner: width };
  const tile = chosenTile(gpu, 'ntk', shape);
  const kernel = new Matrix(gpu, 'neural tangent kernel', rows.X.rows, cols.X.rows);
  using stream = new CommandStream(gpu);
  const blocks = Matrix.blocksTogether([rows.X, kernel], side);
  const oneForAll = symmetric && blocks.length === 1;
  using hidden = await TangentFeatures.create(gpu, rows, activation, layers, side);
  using otherHidden = oneForAll
    ? undefined
    : await TangentFeatures.create(gpu, cols, activation, layers, side);
  const run = async (points: KernelPoints, others: KernelPoints, ntk: Ntk, blocks: KernelBlocks) => {
    const sizes = { inputs: d, units: width, stride: kernel.stride, column: others.X.firstRow };
    stream.run(ntk(points, others, blocks, sizes, weights));
    signal?.throwIfAborted();
    await stream.pace();
  };
  try {
    const compile = (mirror: 'none' | 'itself' | 'other') => compileNtk(gpu, { ...layers, mirror }, tile);
    const [onDiagonal, elsewhere] = await Promise.all([
      symmetric ? compile('itself') : undefined,
      oneForAll ? undefined : compile(symmetric ? 'other' : 'none'),
    ]);
    /** The blocks that one of rows meets besides itself, each with the block of rows of its transpose to fill. */
    const othersOf = (index: number): { X: RowBlock; transpose?: RowBlock }[] => {
      if (!symmetric) return cols.X.blocks(side).map((X) => ({ X }));
      return blocks.slice(index + 1).map(([X, transpose]) => ({ X, transpose }));
    };
    for (const [index, [X, block]] of blocks.entries()) {
      for (const dispatch of hidden.fill(X)) stream.run(dispatch);
      const points = { X, ...hidden.of(X) };
      if (onDiagonal) await run(points, points, onDiagonal, { kernel: block });
      if (!otherHidden || !elsewhere) continue;
      for (const { X: other, transpose } of othersOf(index)) {
        for (const dispatch of otherHidden.fill(other)) stream.run(dispatch);
        const otherPoints = { X: other, ...otherHidden.of(other) };
        await run(points, otherPoints, elsewhere, { kernel: block, transpose });
      }
    }
    await stream.finish();
    return kernel;
  } catch (error) {
    kernel[Symbol.dispose]();
    throw error;
  }
}

/** Rows and columns of one block of the kernel of n points, whose hidden layer has to have room, too. */
export function ntkBlockSide(
  gpu: Gpu,
  { n, d, m }: { n: number; d: number; m: number },
  { first, second }: TrainedLayers,
  symmetric: boolean,
): number {
  const products = 2 * ((first ? m + d : 0) + (second ? m : 0));
  const most = hiddenBlockRows(gpu, m, d);
  return symmetric && n <= most && oneBlock(n, products) ? most : Math.min(most, pairBlockSide(products));
}
