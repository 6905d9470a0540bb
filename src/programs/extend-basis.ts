import { extendBasisShader, extendBasisWorkgroup } from '../../shaders/extend-basis.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';
import type { Vector } from '../gpu/vector.ts';

/** A block of rows of the basis Q and the column to fill. */
export interface BasisColumn {
  block: RowBlock;
  columns: number;
  column: number;
}

export type ExtendBasis = (Q: BasisColumn, w: Vector, squares: Vector, slot: number, q: Vector) => Dispatch;

/** q = w/√(squares[slot]) into a vector and into a column of Q, for a block of rows: ‖w‖² never leaves the device. */
export async function compileExtendBasis(gpu: Gpu): Promise<ExtendBasis> {
  const program = await Program.compile(gpu, 'extend-basis', extendBasisShader());
  return ({ block, columns, column }, w, squares, slot, q) => ({
    call: program.bind({
      w: w.beside(block),
      squares: squares.binding,
      q: q.beside(block),
      Q: block.binding,
    }),
    parameters: { rows: block.rows, stride: strideOf(columns), column, slot },
    workgroups: spread(gpu, Math.ceil(block.rows / extendBasisWorkgroup)),
    work: 8 * block.rows,
  });
}
