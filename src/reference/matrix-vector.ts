import type { Dense } from '../math/dense.ts';

/** M c. */
export function matrixVector(M: Dense, c: Float64Array): Float64Array {
  const out = new Float64Array(M.rows);
  for (let i = 0; i < M.rows; i++) {
    for (let k = 0; k < M.cols; k++) out[i] += M.data[i * M.cols + k] * c[k];
  }
  return out;
}
