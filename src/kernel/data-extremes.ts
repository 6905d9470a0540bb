import { greatestOf } from '../math/statistics.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type Matrix, requireMatrix } from '../gpu/matrix.ts';
import { together } from '../gpu/together.ts';
import { Vector } from '../gpu/vector.ts';
import { compileRowExtremes } from '../programs/row-extremes.ts';
import { compileRowNorms } from '../programs/row-norms.ts';
import { pairBlockSide } from '../programs/pair-blocks.ts';

/** How far the points are from a sphere and from being orthogonal (THEORY.md, claim 1). */
export interface DataExtremes {
  /** max_i |‖x_i‖²/d − 1| */
  normDeviation: number;
  /** max_{i≠j} |⟨x_i, x_j⟩|/d; 0 for one point. */
  innerProduct: number;
}

/** max_i ‖x_i‖²/d */
export async function largestSquare(gpu: Gpu, X: Matrix): Promise<number> {
  const rowNorms = await compileRowNorms(gpu);
  using stream = new CommandStream(gpu);
  using norms = new Vector(gpu, 'squared norms of the points', X.rows);
  for (const block of X.blocks()) stream.run(rowNorms(block, X.cols, norms));
  stream.flush();
  return greatestOf(await norms.read());
}

/** Over all pairs of rows of X: 2n²d operations and O(n) memory. */
export async function dataExtremes(gpu: Gpu, X: Matrix, signal?: AbortSignal): Promise<DataExtremes> {
  requireMatrix('X', X);
  const [rowNorms, rowExtremes] = await Promise.all([compileRowNorms(gpu), compileRowExtremes(gpu)]);
  using stream = new CommandStream(gpu);
  using norms = new Vector(gpu, 'squared norms of the points', X.rows);
  using largest = new Vector(gpu, 'largest inner products', X.rows);
  for (const block of X.blocks()) stream.run(rowNorms(block, X.cols, norms));
  const blocks = X.blocks(pairBlockSide(gpu, 2 * X.cols));
  for (const rows of blocks) {
    for (const [index, cols] of blocks.entries()) {
      stream.run(rowExtremes(rows, cols, X.cols, largest, index > 0));
      signal?.throwIfAborted();
      await stream.pace();
    }
  }
  stream.flush();
  const [a, products] = await together([norms.read(), largest.read()]);
  return {
    normDeviation: a.reduce((most, value) => Math.max(most, Math.abs(value - 1)), 0),
    innerProduct: products.reduce((most, value) => Math.max(most, value), 0),
  };
}
