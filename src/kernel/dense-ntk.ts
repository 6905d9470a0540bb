import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, type RowBlock, strideOf } from '../gpu/matrix.ts';
import type { Activation } from '../math/activation-names.ts';
import { heldBytes, hiddenBlockRows } from '../network/hidden-block.ts';
import { TangentFeatures, type TangentSide } from '../network/tangent-features.ts';
import { type KernelPoints, type Mirror, compileNtk } from '../programs/ntk.ts';
import { chosenTile } from '../programs/tile-choice.ts';
import { blockWorkOf, pairBlockSide } from './pair-blocks.ts';

/** Θ = first · Θ₁ + second · Θ₂; both 1 for the kernel of both layers, the rates for the one that drives them. */
export interface KernelWeights {
  first: number;
  second: number;
}

/** A part of the rows of a block, with its features and the rows of the kernel that belong to it. */
interface Part {
  points: KernelPoints;
  kernel: RowBlock;
}

/**
 * The neural tangent kernel between two sides (the same one twice: on its points), stored: rows.X.rows × cols.X.rows
 * floats. Source: THEORY.md, section 3.
 *
 * The hidden layer is held for one block of rows and one of columns at a time, or whole where it takes no more than
 * `held` bytes; each block of the kernel is one dispatch with no n × n intermediate, small enough to leave the GPU to others
 * in between. The caller disposes of the matrix. Of a symmetric kernel (`rows` = `cols`) half is computed. Aborting
 * throws the signal's reason.
 */
export async function denseNtk(
  gpu: Gpu,
  activation: Activation,
  rows: TangentSide,
  cols: TangentSide,
  weights: KernelWeights,
  { signal, held = heldBytes }: { signal?: AbortSignal | undefined; held?: number } = {},
): Promise<Matrix> {
  const [width, d] = [rows.at.W.rows, rows.X.cols];
  const symmetric = rows === cols;
  const layers = { first: weights.first !== 0, second: weights.second !== 0 };
  const most = hiddenBlockRows(gpu, width, d);
  const shape = { rows: Math.min(most, rows.X.rows), cols: Math.min(most, cols.X.rows), inner: width };
  const tile = chosenTile(gpu, 'ntk', shape);
  const compile = (mirror: Mirror) => compileNtk(gpu, { ...layers, mirror }, tile);
  const operations = 2 * ((layers.first ? width + d : 0) + (layers.second ? width : 0));
  /** Rows and columns of one dispatch, as fast as the device is known to be by now. */
  const sideNow = () => {
    const work = blockWorkOf(gpu);
    // A kernel that is made whole is made by half.
    const whole = symmetric && (rows.X.rows ** 2 * operations) / 2 <= work;
    return whole ? rows.X.rows : pairBlockSide(operations, work);
  };

  using stream = new CommandStream(gpu);
  using hidden = await TangentFeatures.create(gpu, rows, activation, layers, most);
  const blocks = hidden.blocks();
  const bytes = 4 * rows.X.rows * strideOf(width) * (Number(layers.first) + Number(layers.second));
  const together = symmetric && (blocks.length === 1 || bytes <= held);
  if (together) hidden.hold(stream);
  using otherHidden = together
    ? undefined
    : await TangentFeatures.create(gpu, cols, activation, layers, most);
  const others = otherHidden ?? hidden;

  const kernel = new Matrix(gpu, 'neural tangent kernel', rows.X.rows, cols.X.rows);
  const partsOf = (features: TangentFeatures, block: RowBlock, side: number, rowsOf = kernel): Part[] =>
    Matrix.blocksTogether([features.side.X, rowsOf], side, block).map(([X, part]) => ({
      points: { X, ...features.of(block, X) },
      kernel: part,
    }));
  const run = async (mirror: Mirror, part: Part, other: Part) => {
    const ntk = await compile(mirror);
    const sizes = { inputs: d, units: width, stride: kernel.stride, column: other.points.X.firstRow };
    const transpose = mirror === 'other' ? other.kernel : undefined;
    stream.run(ntk(part.points, other.points, { kernel: part.kernel, transpose }, sizes, weights));
    signal?.throwIfAborted();
    await stream.pace();
  };
  try {
    const several = sideNow() < rows.X.rows;
    const mirrors: Mirror[] = symmetric ? ['itself', ...(several ? (['other'] as const) : [])] : ['none'];
    // Here, so that they compile together.
    await Promise.all(mirrors.map(compile));
    for (const [index, block] of blocks.entries()) {
      for (const dispatch of hidden.fill(block)) stream.run(dispatch);
      // How fast the device is shows in these; where there is much to do, that is waited for.
      if (index === 0 && several) await stream.finish();
      if (symmetric) {
        const parts = partsOf(hidden, block, sideNow());
        for (const [p, part] of parts.entries()) {
          await run('itself', part, part);
          for (const other of parts.slice(p + 1)) await run('other', part, other);
        }
      }
      for (const otherBlock of symmetric ? blocks.slice(index + 1) : others.blocks()) {
        for (const dispatch of others.fill(otherBlock)) stream.run(dispatch);
        const side = sideNow();
        const otherParts = partsOf(others, otherBlock, side, symmetric ? kernel : others.side.X);
        for (const part of partsOf(hidden, block, side)) {
          for (const other of otherParts) await run(symmetric ? 'other' : 'none', part, other);
        }
      }
    }
    await stream.finish();
    return kernel;
  } catch (error) {
    kernel[Symbol.dispose]();
    throw error;
  }
}
