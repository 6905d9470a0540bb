import {
  type MatrixVectorOptions,
  matrixVectorRows,
  matrixVectorShader,
} from '../../shaders/matrix-vector.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';
import type { Vector } from '../gpu/vector.ts';

/**
 * `c` holds `cols` numbers padded with zeros to a multiple of 4. `stride`: floats from row to row of M, where it has more
 * columns than these first ones.
 */
export type MatrixVector = (
  M: RowBlock,
  cols: number,
  c: GPUBufferBinding,
  out: Vector,
  scale: number,
  stride?: number,
) => Dispatch;

/**
 * A GPU reads what neighbours want together: a row of M, which only it wants, by a whole subgroup. A processor has no such
 * neighbours.
 */
const usualLanes = ({ adapter }: Gpu): number => (adapter.software ? 1 : 32);

/** out = (out +) scale · M c for a block of rows of a stored matrix. 2 · rows · cols operations. */
export async function compileMatrixVector(
  gpu: Gpu,
  { accumulate }: Pick<MatrixVectorOptions, 'accumulate'>,
  lanes = usualLanes(gpu),
): Promise<MatrixVector> {
  const program = await Program.compile(gpu, 'matrix-vector', matrixVectorShader({ accumulate, lanes }));
  return (M, cols, c, out, scale, stride = strideOf(cols)) => ({
    call: program.bind({ M: M.binding, c, out: out.beside(M) }),
    parameters: { rows: M.rows, cols4: strideOf(cols) / 4, stride4: stride / 4, scale },
    workgroups: spread(gpu, Math.ceil(M.rows / matrixVectorRows({ lanes }))),
    work: 4 * M.rows * strideOf(cols),
  });
}
