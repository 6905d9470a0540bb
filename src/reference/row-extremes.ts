import type { Dense } from '../math/dense.ts';

/**
 * max over j ≠ i of |⟨x_i, x_j⟩|/d for every i (THEORY.md, section 5, claim 1); 0 for a single point.
 * @param X n × d
 * @returns n
 */
export function rowExtremes(X: Dense): Float64Array {
  const [n, d] = [X.rows, X.cols];
  const largest = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      let sum = 0;
      for (let k = 0; k < d; k++) sum += X.data[i * d + k] * X.data[j * d + k];
      largest[i] = Math.max(largest[i], Math.abs(sum) / d);
    }
  }
  return largest;
}
