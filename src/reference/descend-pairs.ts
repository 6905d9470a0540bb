import { type Dense, dense } from '../math/dense.ts';

/**
 * Of a matrix whose rows r and r + m/2 belong together: rows 2p and 2p + 1 are half the sum and half the difference of
 * rows p and p + m/2.
 */
export function inPairs({ rows, cols, data }: Dense): Dense {
  const half = (rows / 2) * cols;
  const pairs = dense(rows, cols);
  for (let p = 0; p < rows / 2; p++) {
    for (let k = 0; k < cols; k++) {
      const [one, other] = [data[p * cols + k], data[half + p * cols + k]];
      pairs.data[2 * p * cols + k] = (one + other) / 2;
      pairs.data[(2 * p + 1) * cols + k] = (one - other) / 2;
    }
  }
  return pairs;
}

/** The rows p and p + m/2 of what lies interleaved as 2p and 2p + 1. */
export function unpaired({ rows, cols, data }: Dense): Dense {
  const half = (rows / 2) * cols;
  const apart = dense(rows, cols);
  for (let p = 0; p < rows / 2; p++) {
    for (let k = 0; k < cols; k++) {
      apart.data[p * cols + k] = data[2 * p * cols + k];
      apart.data[half + p * cols + k] = data[(2 * p + 1) * cols + k];
    }
  }
  return apart;
}
