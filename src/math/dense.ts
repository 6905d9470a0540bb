/** A dense float64 matrix, row-major and without padding: the form every reference computation works on. */
export interface Dense {
  readonly rows: number;
  readonly cols: number;
  /** Entry (i, j) is data[i · cols + j]; length rows · cols. */
  readonly data: Float64Array;
}

/** A rows × cols matrix; zero unless `data` (row-major, length rows · cols) is given. */
export function dense(rows: number, cols: number, data?: ArrayLike<number>): Dense {
  if (data && data.length !== rows * cols) {
    throw new RangeError(`A ${rows} × ${cols} matrix has ${rows * cols} entries; ${data.length} were given.`);
  }
  return { rows, cols, data: data ? Float64Array.from(data) : new Float64Array(rows * cols) };
}

/** Rows of P against rows of Q, its own where none are given: PQᵀ. */
export function rowProducts(P: Dense, Q: Dense = P): Dense {
  const G = dense(P.rows, Q.rows);
  for (let i = 0; i < P.rows; i++) {
    for (let j = 0; j < Q.rows; j++) {
      let sum = 0;
      for (let k = 0; k < P.cols; k++) sum += P.data[i * P.cols + k] * Q.data[j * Q.cols + k];
      G.data[i * Q.rows + j] = sum;
    }
  }
  return G;
}
