import type { ProductForm } from '../../shaders/matrix-product.wgsl.ts';
import { type Dense, dense, rowProducts } from '../math/dense.ts';

/** P Q ('NN'), P Qᵀ ('NT') or Pᵀ Q ('TN'). */
export function matrixProduct(form: ProductForm, P: Dense, Q: Dense): Dense {
  return rowProducts(form === 'TN' ? transpose(P) : P, form === 'NT' ? Q : transpose(Q));
}

function transpose({ rows, cols, data }: Dense): Dense {
  return dense(
    cols,
    rows,
    data.map((_, k) => data[(k % rows) * cols + Math.floor(k / rows)]),
  );
}
