import { type RowFactor, scaleRowsShader, scaleRowsWorkgroup } from '../../shaders/scale-rows.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { seedKey } from '../math/philox.ts';
import type { RandomSource } from './random.ts';
import { spread } from '../gpu/spread.ts';

export type ScaleRows = (block: RowBlock, cols: number, source: RandomSource) => Dispatch;

/**
 * Multiplies each row of a block, in place: by √d/‖x_i‖ ("sphere": the uniform distribution on the sphere of radius √d
 * if the rows are N(0, I)), or by 1/√χ²₃ with a χ²₃ drawn for the row from the source ("student-t": Student's t with 3
 * degrees of freedom, rescaled to covariance I). The sphere draws nothing.
 */
export async function compileScaleRows(gpu: Gpu, factor: RowFactor): Promise<ScaleRows> {
  const program = await Program.compile(gpu, `scale-rows ${factor}`, scaleRowsShader(factor));
  return (block, cols, { seed, stream }) => {
    const [key_low, key_high] = seedKey(seed);
    const draw = { first_row: block.firstRow, stream, key_low, key_high };
    return {
      call: program.bind({ X: block.binding }),
      parameters: { rows: block.rows, cols, ...(factor === 'sphere' ? {} : draw) },
      workgroups: spread(gpu, Math.ceil(block.rows / scaleRowsWorkgroup)),
      work: 6 * block.rows * strideOf(cols),
    };
  };
}
