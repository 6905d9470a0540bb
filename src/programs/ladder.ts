import type { Rung } from '../../shaders/ladder/ladder.ts';
import type { Gpu } from '../gpu/device.ts';
import { strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { type MatrixProduct, productDispatch } from './matrix-product.ts';

/**
 * C = P Q by a rung of the ladder: to learn from and to compare with, for work there is matrix-product. Every sum is in the
 * order of its terms. The product throws as that of matrix-product does.
 */
export async function compileRung(gpu: Gpu, { name, code, rows, columns }: Rung): Promise<MatrixProduct> {
  const program = await Program.compile(gpu, `ladder: ${name}`, code);
  return (P, Q, C) =>
    productDispatch(program, 'NN', { P, Q, C }, (height, width) => [
      Math.ceil(strideOf(width) / columns),
      Math.ceil(height / rows),
    ]);
}
