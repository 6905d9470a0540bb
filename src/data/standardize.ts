import { DataError } from './data-error.ts';
import { type StoredArray, largestEntry, rowChunks, rowSize } from './stored-array.ts';

/** x ↦ (x − mean) · scale */
export interface Standardization {
  /** Mean of the training rows. */
  mean: Float64Array;
  scale: number;
}

/**
 * Centres by the training mean and rescales so that the training set has Tr Σ̂ = d, Σ̂ = XᵀX/n after centring. Sums in
 * float64, of `train` (n × d) in chunks.
 * @param name what messages call the training data
 * @throws DataError where its rows do not vary, or so much that float64 cannot tell
 */
export function standardization(train: StoredArray, name: string): Standardization {
  const [n, d] = [train.shape[0], rowSize(train)];
  const mean = columnMeans(train);
  let unit = 1;
  let variance = totalVariance(train, mean, unit);
  if (variance < smallestVariance) {
    // The squares of what varies by less than 1e-140 would be lost.
    unit = largestDeviation(train, mean) || 1;
    variance = totalVariance(train, mean, unit);
  }
  if (!Number.isFinite(variance)) {
    const { value, index } = largestEntry(train);
    throw new DataError(
      `${name} is so large that its variance overflows: it has ${value} at index ${index}. Divide it by its largest entry before saving it, or remove such rows.`,
    );
  }
  // Below this, what varies is the rounding of the mean.
  const roundoff = mean.reduce((sum, value) => sum + ((value * 2 ** -45) / unit) ** 2, 0);
  if (!(variance > roundoff)) {
    throw new DataError(
      n === 1
        ? `${name} is one row, which has no variance, so that it cannot be rescaled; give at least two rows.`
        : `The ${n} rows of ${name} are all the same, so that they cannot be rescaled to Tr Σ = d; give data that varies.`,
    );
  }
  const scale = Math.sqrt(d / variance) / unit;
  if (scale === Infinity) {
    const { value, index } = largestEntry(train);
    throw new DataError(
      `${name} varies so little that float64 cannot rescale it: its largest entry is ${value}, at index ${index}. Multiply it by 1e300 before saving it.`,
    );
  }
  return { mean, scale };
}

/** Rows of the user's, standardized, in float32. */
export function standardized(
  entries: Float64Array,
  { mean, scale }: Standardization,
): Float32Array<ArrayBuffer> {
  const d = mean.length;
  const result = new Float32Array(entries.length);
  for (let start = 0; start < entries.length; start += d) {
    for (let j = 0; j < d; j++) result[start + j] = (entries[start + j] - mean[j]) * scale;
  }
  return result;
}

function columnMeans(X: StoredArray): Float64Array {
  const [n, d] = [X.shape[0], rowSize(X)];
  const mean = new Float64Array(d);
  // Twice: the second pass removes the rounding error that n sums of the first leave.
  for (let pass = 0; pass < 2; pass++) {
    const rest = new Float64Array(d);
    for (const { entries } of rowChunks(X)) {
      for (let start = 0; start < entries.length; start += d) {
        for (let j = 0; j < d; j++) rest[j] += entries[start + j] - mean[j];
      }
    }
    for (let j = 0; j < d; j++) mean[j] += rest[j] / n;
  }
  return mean;
}

const smallestVariance = 1e-280;

/** Tr Σ̂ in units of unit². */
function totalVariance(X: StoredArray, mean: Float64Array, unit: number): number {
  const [n, d] = [X.shape[0], rowSize(X)];
  let sum = 0;
  for (const { entries } of rowChunks(X)) {
    for (let start = 0; start < entries.length; start += d) {
      let row = 0;
      for (let j = 0; j < d; j++) row += ((entries[start + j] - mean[j]) / unit) ** 2;
      sum += row;
    }
  }
  return (sum / (n * d)) * d;
}

function largestDeviation(X: StoredArray, mean: Float64Array): number {
  const d = mean.length;
  let largest = 0;
  for (const { entries } of rowChunks(X)) {
    for (let k = 0; k < entries.length; k++) {
      largest = Math.max(largest, Math.abs(entries[k] - mean[k % d]));
    }
  }
  return largest;
}

/** Multiply-adds that estimateSpectrumMoment may take: a few seconds. */
const estimateBudget = 2e9;

/**
 * Tr[Σ²]/d of standardized data X (n × d, row-major), without the bias of Σ̂: the mean of ⟨x_i, x_j⟩²/d over pairs i ≠ j, less
 * what centring by the sample's own mean puts there, since Σ_{j≠i} ⟨x_i, x_j⟩ = −‖x_i‖², which is d in the mean,
 *
 *     (‖XᵀX‖_F² − Σ_i ‖x_i‖⁴)/(n(n − 1)d) − d/(n − 1)²
 *
 * and ‖x‖⁴/d for n = 1. (Unsubtracted, d/(n − 1)² is more than Tr[Σ²]/d itself where there are fewer points than inputs, as
 * of 50 images of 3,072 pixels. What remains is a bias of relative order 1/n, from rescaling by the sample's own Tr Σ̂, and the
 * spread of the estimate, about 2/n of Tr[Σ²]/d and √(2/d) · d/n² for Σ = I.) Takes n·d·min(n, d)
 * multiply-adds; where that passes the budget, evenly spaced rows, as many as fit, stand for all.
 *
 * @param n the rows that were centred together, where X is a sample of them; ∞ where they were not centred
 */
export function estimateSpectrumMoment(
  X: Float32Array,
  d: number,
  n = X.length / d,
  budget = estimateBudget,
): number {
  const rows = sampledRows(X.length / d, d, budget).map((i) => X.subarray(i * d, (i + 1) * d));
  const count = rows.length;
  if (count === 1) return inner(rows[0], rows[0]) ** 2 / d;
  const pairs = count <= d ? pairsByGram(rows) : pairsByCovariance(rows, d);
  return Math.max(0, pairs / (count * (count - 1) * d) - d / (n - 1) ** 2);
}

/** The rows of an array that stand for all in estimateSpectrumMoment, prepared for the network: d numbers each. */
export function preparedSample(
  X: StoredArray,
  d: number,
  prepare: (entries: Float64Array, first: number) => Float32Array,
): Float32Array<ArrayBuffer> {
  const [n, size] = [X.shape[0], rowSize(X)];
  const wanted = sampledRows(n, d, estimateBudget);
  const sample = new Float32Array(wanted.length * d);
  let next = 0;
  for (const { first, entries } of rowChunks(X)) {
    for (; next < wanted.length && (wanted[next] - first) * size < entries.length; next++) {
      const start = (wanted[next] - first) * size;
      sample.set(prepare(entries.subarray(start, start + size), wanted[next]), next * d);
    }
  }
  return sample;
}

/** Evenly spaced ones of n rows, as many as the budget of multiply-adds allows. */
function sampledRows(n: number, d: number, budget: number): number[] {
  const fitting = Math.max(2, Math.min(d, Math.floor(Math.sqrt(budget / d))), Math.floor(budget / (d * d)));
  const count = Math.min(n, fitting);
  return Array.from({ length: count }, (_, k) => Math.floor((k * n) / count));
}

function inner(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** Σ_{i≠j} ⟨x_i, x_j⟩² */
function pairsByGram(rows: readonly Float32Array[]): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++) sum += 2 * inner(rows[i], rows[j]) ** 2;
  }
  return sum;
}

/** The same as ‖XᵀX‖_F² − Σ_i ‖x_i‖⁴: cheaper where there are more rows than columns. */
function pairsByCovariance(rows: readonly Float32Array[], d: number): number {
  const S = new Float64Array(d * d); // the lower triangle of XᵀX
  let fourth = 0;
  for (const x of rows) {
    for (let j = 0; j < d; j++) {
      const value = x[j];
      for (let k = 0; k <= j; k++) S[j * d + k] += value * x[k];
    }
    fourth += inner(x, x) ** 2;
  }
  let square = 0;
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < j; k++) square += 2 * S[j * d + k] ** 2;
    square += S[j * d + j] ** 2;
  }
  return square - fourth;
}
