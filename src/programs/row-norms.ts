import { rowNormsShader, rowNormsWorkgroup } from '../../shaders/row-norms.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';
import type { Vector } from '../gpu/vector.ts';

/** `inputs`: d. */
export type RowNorms = (X: RowBlock, inputs: number, norms: Vector) => Dispatch;

/** a_i = ‖x_i‖²/d for a block of rows. Source: THEORY.md, section 3. 2 · rows · d operations. */
export async function compileRowNorms(gpu: Gpu): Promise<RowNorms> {
  const program = await Program.compile(gpu, 'row-norms', rowNormsShader());
  return (X, inputs, norms) => ({
    call: program.bind({ X: X.binding, norms: norms.beside(X) }),
    parameters: { rows: X.rows, inputs4: strideOf(inputs) / 4, inverse_d: 1 / inputs },
    workgroups: spread(gpu, Math.ceil(X.rows / rowNormsWorkgroup)),
    work: 2 * X.rows * strideOf(inputs),
  });
}
