import { type ProductForm, matrixProductShader } from '../../shaders/matrix-product.wgsl.ts';
import type { Tile } from '../../shaders/parts/tile.ts';
import { refuse, requireInstance, shown } from '../gpu/arguments.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { tileWorkgroups } from './tile-choice.ts';

/** The dispatch that writes a product of P and Q into C; see compileMatrixProduct. */
export type MatrixProduct = (P: Matrix, Q: Matrix, C: Matrix) => Dispatch;

/**
 * C = P Q ('NN'), P Qᵀ ('NT') or Pᵀ Q ('TN'), each in one dispatch. 2 · rows · cols · inner operations, every sum in
 * the order of its terms; no memory beyond C. The product throws TypeError where an operand is no Matrix, RangeError where the
 * shapes do not fit each other, C is P or Q or one is another device's, and TooLargeError where one does not fit one binding.
 * @throws TypeError where the tile is none, but its name; RangeError where there is no such form; what Program.compile throws.
 */
export async function compileMatrixProduct(gpu: Gpu, form: ProductForm, tile: Tile): Promise<MatrixProduct> {
  if (!['NN', 'NT', 'TN'].includes(form)) {
    throw new RangeError(`The form of a product is ${shown(form)}; it must be NN, NT or TN.`);
  }
  if (!(Object(tile) as Partial<Tile>).rows) refuse('tile', 'what chosenTile(…) gives', tile);
  const program = await Program.compile(gpu, 'matrix-product', matrixProductShader(form, tile));
  return (P, Q, C) =>
    productDispatch(program, form, { P, Q, C }, (rows, cols) => tileWorkgroups(tile, rows, cols));
}

/**
 * The dispatch of any program with the buffers and parameters of matrix-product.
 * @throws TypeError where an operand is no Matrix; RangeError where the shapes do not fit each other, or C is P or Q;
 * TooLargeError where a matrix does not fit one binding.
 */
export function productDispatch(
  program: Program,
  form: ProductForm,
  { P, Q, C }: Record<'P' | 'Q' | 'C', Matrix>,
  workgroups: (rows: number, cols: number) => [x: number, y: number],
): Dispatch {
  for (const [name, operand] of Object.entries({ P, Q, C })) requireInstance(Matrix, name, operand);
  if (C === P || C === Q) {
    throw new RangeError('A product cannot be written over its own factor; give C a matrix of its own.');
  }
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
    workgroups: workgroups(rows, cols),
    work: 2 * rows * cols * inner,
  };
}
