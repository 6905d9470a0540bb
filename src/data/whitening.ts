import { dense } from '../math/dense.ts';
import { symmetricEigen } from '../math/symmetric-eigen.ts';
import { DataError } from './data-error.ts';
import { type StoredArray, rowChunks, rowSize } from './stored-array.ts';
import type { Standardization } from './standardize.ts';

/**
 * The most inputs, or training rows where these are fewer, that an eigenvalue problem is solved of: its cube in operations, at this limit
 * half a minute. And the most inputs where rows are fewer: they are kept together, rows² · d operations.
 */
export const mostWhitened = { solved: 1024, inputs: 4096 };

/** Eigenvectors of the covariance of a training set. */
export interface PrincipalDirections {
  d: number;
  /** λ_1 ≥ λ_2 ≥ … ≥ 0, as many as there are inputs, or rows where these are fewer; they add up to d. */
  variances: Float64Array;
  /** How many of them are more than float64's rounding of the largest. */
  rank: number;
  /** One of d entries for each variance, row by row; those beyond the rank mean nothing. */
  directions: Float64Array;
}

/**
 * The principal directions of a standardized training set of n rows, the eigenvectors of Σ̂ = XᵀX/n: of that matrix, time n·d²/2 + O(d³)
 * and memory O(d²); or, where n < d, as Xᵀu of the eigenvectors u of XXᵀ/n, time n²·d + O(n³) and memory O(nd).
 * @param name what messages call the training data
 * @throws DataError where both n and d are too large, or d is
 */
export function principalDirections(
  train: StoredArray,
  map: Standardization,
  name: string,
): PrincipalDirections {
  const [n, d] = [train.shape[0], rowSize(train)];
  if (Math.min(n, d) > mostWhitened.solved || d > mostWhitened.inputs) {
    const averaging = 'Average the images to a smaller side first (data.average)';
    throw new DataError(
      d > mostWhitened.inputs
        ? `${name} has ${d} inputs; whitening takes at most ${mostWhitened.inputs}. ${averaging}.`
        : `${name} has ${n} rows of ${d} inputs; whitening finds the principal directions of at most ${mostWhitened.solved} inputs, or of as many rows of more inputs. ${averaging}, or take at most ${mostWhitened.solved} rows (data.n).`,
    );
  }
  // What a sum of n products and an eigenvalue problem leave of a variance of 0.
  const roundoff = Math.max(n, d) * 2 ** -52;
  if (n >= d) {
    const { values, vectors } = eigenvectors(d, lowerCovariance(train, map));
    return { d, variances: values, rank: rankOf(values, roundoff), directions: vectors };
  }
  const X = standardizedRows(train, map);
  const { values, vectors } = eigenvectors(n, lowerGram(X, n, d));
  const directions = new Float64Array(n * d);
  for (let k = 0; k < n; k++) {
    const direction = directions.subarray(k * d, (k + 1) * d);
    for (let i = 0; i < n; i++) {
      const weight = vectors[k * n + i];
      for (let j = 0, at = i * d; j < d; j++, at++) direction[j] += weight * X[at];
    }
    const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let j = 0; j < d; j++) direction[j] /= length;
  }
  return { d, variances: values, rank: rankOf(values, roundoff), directions };
}

const rankOf = (variances: Float64Array, roundoff: number): number =>
  variances.filter((variance) => variance > roundoff * variances[0]).length;

/** Of a covariance, by its lower triangle: eigenvalues, largest first and none below 0, and eigenvectors, row by row. */
function eigenvectors(size: number, lower: Float64Array): { values: Float64Array; vectors: Float64Array } {
  const { values, vectors } = symmetricEigen(dense(size, size, lower));
  return { values: values.map((value) => Math.max(0, value)), vectors: vectors.data };
}

/** The lower triangle of XᵀX/n. */
function lowerCovariance(train: StoredArray, { mean, scale }: Standardization): Float64Array {
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

/** X, n × d. */
function standardizedRows(train: StoredArray, { mean, scale }: Standardization): Float64Array {
  const d = rowSize(train);
  const X = new Float64Array(train.shape[0] * d);
  let at = 0;
  for (const { entries } of rowChunks(train)) {
    for (let k = 0; k < entries.length; k++) X[at++] = (entries[k] - mean[k % d]) * scale;
  }
  return X;
}

/** The lower triangle of XXᵀ/n. */
function lowerGram(X: Float64Array, n: number, d: number): Float64Array {
  const G = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k <= i; k++) {
      let sum = 0;
      for (let j = 0, a = i * d, b = k * d; j < d; j++, a++, b++) sum += X[a] * X[b];
      G[i * n + k] = sum / n;
    }
  }
  return G;
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
