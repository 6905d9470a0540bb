import { type ProductForm, matrixProductShader } from '../../shaders/matrix-product.wgsl.ts';
import type { Tile } from '../../shaders/parts/tile.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Matrix } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { tileWorkgroups } from './tile-choice.ts';

export type MatrixProduct = (P: Matrix, Q: Matrix, C: Matrix) => Dispatch;

/**
 * C = P Q ('NN'), P Qᵀ ('NT') or Pᵀ Q ('TN'), each in one dispatch. 2 · rows · cols · inner operations, every sum in
 * the order of its terms; no memory beyond C. The product throws RangeError where the shapes do not fit each other, and
 * TooLargeError where a matrix does not fit one binding.
 */
export async function compileMatrixProduct(gpu: Gpu, form: ProductForm, tile: Tile): Promise<MatrixProduct> {
  const program = await Program.compile(gpu, 'matrix-product', matrixProductShader(form, tile));
  return (P, Q, C) => productDispatch(program, form, { P, Q, C }, tileWorkgroups(tile, C.rows, C.cols));
}

/**
 * The dispatch of any program with the buffers and parameters of matrix-product.
 * @throws RangeError where the shapes do not fit each other; TooLargeError where a matrix does not fit one binding.
 */
export function productDispatch(
  program: Program,
  form: ProductForm,
  { P, Q, C }: Record<'P' | 'Q' | 'C', Matrix>,
  workgroups: [x: number, y: number],
): Dispatch {
  const [rows, inner] = form === 'TN' ? [P.cols, P.rows] : [P.rows, P.cols];
  const [other, cols] = form === 'NT' ? [Q.cols, Q.rows] : [Q.rows, Q.cols];
  if (inner !== other || C.rows !== rows || C.cols !== cols) {
    throw new RangeError(
      `A product ${form} of ${P.rows} × ${P.cols} and ${Q.rows} × ${Q.cols} matrices does not make one of ${C.rows} × ${C.cols}.`,
    );
  }
  return {
    call: program.bind({ P: P.whole().binding, Q: Q.whole().binding, C: C.whole().binding }),
    parameters: { rows, cols, inner, p4: P.stride / 4, q4: Q.stride / 4, c4: C.stride / 4 },
    workgroups,
    work: 2 * rows * cols * inner,
  };
}
