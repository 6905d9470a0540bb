import {
  stripRows,
  symmetricMatrixVectorShader,
  symmetricWorkgroup,
} from '../../shaders/symmetric-matrix-vector.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';

/** `n`: rows and columns of M. `slices`: stripCount(block.rows) of strideOf(n) floats, of which sum-slices makes Mc. */
export type SymmetricMatrixVector = (
  block: RowBlock,
  n: number,
  c: GPUBufferBinding,
  slices: GPUBufferBinding,
) => Dispatch;

/** Slices of a block of so many rows. */
export const stripCount = (rows: number): number => Math.ceil(rows / stripRows);

/**
 * What a block of rows of a symmetric M adds to Mc, in slices: of its entries up to the diagonal, each read once. About 2 · n²
 * operations for n² / 2 entries. Its twin in float64 is that of matrix-vector.
 */
export async function compileSymmetricMatrixVector(gpu: Gpu): Promise<SymmetricMatrixVector> {
  const program = await Program.compile(gpu, 'symmetric-matrix-vector', symmetricMatrixVectorShader());
  return ({ binding, firstRow, rows }, n, c, slices) => ({
    call: program.bind({ M: binding, c, slices }),
    parameters: { rows, first4: firstRow / 4, stride4: strideOf(n) / 4 },
    workgroups: spread(gpu, Math.ceil(stripCount(rows) / symmetricWorkgroup)),
    work: 4 * rows * (firstRow + rows / 2),
  });
}
