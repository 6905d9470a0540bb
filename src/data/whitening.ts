import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { DataError } from './data-error.ts';
import { type StoredArray, rowChunks, rowSize } from './stored-array.ts';
import type { Standardization } from './standardize.ts';

/** The most inputs whose principal directions are computed: d³ operations, at this limit of half a minute. */
export const mostWhitened = 1024;

/** Eigenvectors of the covariance of a training set. */
export interface PrincipalDirections {
  d: number;
  /** λ_1 ≥ … ≥ λ_d ≥ 0; they add up to d. */
  variances: Float64Array;
  /** How many of them are more than float64's rounding of the largest. */
  rank: number;
  /** d × d, row-major: row k belongs to λ_k. */
  directions: Float64Array;
}

/**
 * The principal directions of a standardized training set, the eigenvectors of Σ̂ = XᵀX/n. Time n·d²/2 + O(d³), memory
 * O(d²), whatever n is.
 * @param name what messages call the training data
 * @throws DataError where d is too large
 */
export function principalDirections(
  train: StoredArray,
  { mean, scale }: Standardization,
  name: string,
): PrincipalDirections {
  const d = rowSize(train);
  if (d > mostWhitened) {
    throw new DataError(
      `${name} has ${d} inputs; whitening finds the principal directions of at most ${mostWhitened}. Average the images to a smaller side first (data.average).`,
    );
  }
  const S = lowerCovariance(train, mean, scale);
  const covariance = new Matrix(d, d);
  for (let j = 0; j < d; j++) {
    for (let k = 0; k <= j; k++) {
      covariance.set(j, k, S[j * d + k]);
      covariance.set(k, j, S[j * d + k]);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const variances = Float64Array.from(order, (k) => Math.max(0, realEigenvalues[k]));
  const directions = new Float64Array(d * d);
  order.forEach((column, k) => {
    for (let j = 0; j < d; j++) directions[k * d + j] = eigenvectorMatrix.get(j, column);
  });
  // What a sum of n products and d³ operations leave of a variance of 0.
  const roundoff = Math.max(train.shape[0], d) * 2 ** -52 * variances[0];
  const rank = variances.filter((variance) => variance > roundoff).length;
  return { d, variances, rank, directions };
}

/** The lower triangle of XᵀX/n. */
function lowerCovariance(train: StoredArray, mean: Float64Array, scale: number): Float64Array {
  const [n, d] = [train.shape[0], rowSize(train)];
  const S = new Float64Array(d * d);
  const x = new Float64Array(d);
  for (const { entries } of rowChunks(train)) {
    for (let start = 0; start < entries.length; start += d) {
      for (let j = 0; j < d; j++) x[j] = (entries[start + j] - mean[j]) * scale;
      for (let j = 0; j < d; j++) {
        const value = x[j];
        for (let k = 0, at = j * d; k <= j; k++, at++) S[at] += value * x[k];
      }
    }
  }
  return S.map((sum) => sum / n);
}

/**
 * What brings the first k principal directions to variance 1 and drops the rest, row-major:
 *
 *     'principal'   Λ_k^{−1/2} U_kᵀ            k × d: the coordinates along them are the new inputs
 *     'pixels'      √(d/k) U_k Λ_k^{−1/2} U_kᵀ  d × d (ZCA): pixels stay pixels, and Tr Σ̂ = d
 *
 * @throws RangeError where k is more than the rank
 */
export function whitening(
  { d, variances, rank, directions }: PrincipalDirections,
  k: number,
  onto: 'principal' | 'pixels',
): Float64Array {
  if (!(k >= 1 && k <= rank)) {
    throw new RangeError(
      `There are ${rank} directions of variance more than 0; ${k} cannot be brought to 1.`,
    );
  }
  const scaled = new Float64Array(k * d);
  for (let i = 0; i < k; i++) {
    const factor = 1 / Math.sqrt(variances[i]);
    for (let j = 0; j < d; j++) scaled[i * d + j] = directions[i * d + j] * factor;
  }
  if (onto === 'principal') return scaled;
  const all = new Float64Array(d * d);
  const stretch = Math.sqrt(d / k);
  for (let i = 0; i < k; i++) {
    for (let row = 0; row < d; row++) {
      const value = directions[i * d + row] * stretch;
      for (let col = 0; col < d; col++) all[row * d + col] += value * scaled[i * d + col];
    }
  }
  return all;
}
