import { rowWalk } from '../../shaders/parts/gram.ts';
import { rowExtremesShader } from '../../shaders/row-extremes.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';

/** Rows against columns of one set X of `inputs` = d; `accumulate`: not the first block of columns for these rows. */
export type RowExtremes = (
  rows: RowBlock,
  cols: RowBlock,
  inputs: number,
  largest: Vector,
  accumulate: boolean,
) => Dispatch;

/**
 * largest_i = max over j ≠ i of |⟨x_i, x_j⟩|/d, block by block of columns. Source: THEORY.md, section 5, claim 1.
 * 2 · rows · cols · d operations; no memory beyond the maxima's own.
 */
export async function compileRowExtremes(gpu: Gpu): Promise<RowExtremes> {
  const program = await Program.compile(gpu, 'row-extremes', rowExtremesShader());
  return (rows, cols, inputs, largest, accumulate) => ({
    call: program.bind({ X: rows.binding, X_other: cols.binding, largest: largest.beside(rows) }),
    parameters: {
      rows: rows.rows,
      cols: cols.rows,
      inputs4: strideOf(inputs) / 4,
      first_row: rows.firstRow,
      first_col: cols.firstRow,
      accumulate: Number(accumulate),
      inverse_d: 1 / inputs,
    },
    workgroups: [Math.ceil(rows.rows / rowWalk.rows)],
    work: 2 * rows.rows * cols.rows * strideOf(inputs),
  });
}
