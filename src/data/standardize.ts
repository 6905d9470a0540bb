import { DataError } from './data-error.ts';

/** Numbers as a file holds them, row-major. */
type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

export interface Standardized {
  /** (x − mean) · scale, rows × d. */
  train: Float32Array<ArrayBuffer>;
  test: Float32Array<ArrayBuffer> | null;
  /** Mean of the training rows. */
  mean: Float64Array;
  scale: number;
}

/**
 * Centres by the training mean and rescales so that the training set has Tr Σ̂ = d, Σ̂ = XᵀX/n after centring; the test
 * set gets the same shift and scale. Sums in float64. float32 arrays are overwritten, to need no second copy.
 * @throws DataError where the training rows do not vary
 */
export function standardize(train: Numbers, test: Numbers | null, d: number): Standardized {
  const mean = columnMeans(train, d);
  const variance = totalVariance(train, mean);
  const n = train.length / d;
  if (!Number.isFinite(variance)) {
    throw new DataError(
      'The training data is so large that its variance overflows; divide it by its largest entry before saving it.',
    );
  }
  // Below this, what varies is the rounding of the mean.
  const roundoff = mean.reduce((sum, value) => sum + (value * 2 ** -45) ** 2, 0);
  if (!(variance > roundoff)) {
    throw new DataError(
      n === 1
        ? 'The training data is one row, which has no variance, so that it cannot be rescaled; give at least two rows.'
        : `The ${n} rows of the training data are all the same, so that they cannot be rescaled to Tr Σ = d; give data that varies.`,
    );
  }
  const scale = Math.sqrt(d / variance);
  return {
    train: rescale(train, mean, scale),
    test: test && rescale(test, mean, scale),
    mean,
    scale,
  };
}

function columnMeans(X: Numbers, d: number): Float64Array {
  const mean = new Float64Array(d);
  const n = X.length / d;
  // Twice: the second pass removes the rounding error that n sums of the first leave.
  for (let pass = 0; pass < 2; pass++) {
    const rest = new Float64Array(d);
    for (let start = 0; start < X.length; start += d) {
      for (let j = 0; j < d; j++) rest[j] += X[start + j] - mean[j];
    }
    for (let j = 0; j < d; j++) mean[j] += rest[j] / n;
  }
  return mean;
}

/** Tr Σ̂ */
function totalVariance(X: Numbers, mean: Float64Array): number {
  const d = mean.length;
  let sum = 0;
  for (let start = 0; start < X.length; start += d) {
    let row = 0;
    for (let j = 0; j < d; j++) row += (X[start + j] - mean[j]) ** 2;
    sum += row;
  }
  return (sum / X.length) * d;
}

function rescale(X: Numbers, mean: Float64Array, scale: number): Float32Array<ArrayBuffer> {
  const d = mean.length;
  const result = X instanceof Float32Array ? X : new Float32Array(X.length);
  for (let start = 0; start < X.length; start += d) {
    for (let j = 0; j < d; j++) result[start + j] = (X[start + j] - mean[j]) * scale;
  }
  return result;
}

/** Multiply-adds that estimateSpectrumMoment may take: a few seconds. */
const estimateBudget = 2e9;

/**
 * Tr[Σ²]/d of centred data X (n × d, row-major), without the bias of Σ̂: the mean of ⟨x_i, x_j⟩²/d over pairs i ≠ j,
 *
 *     (‖XᵀX‖_F² − Σ_i ‖x_i‖⁴)/(n(n − 1)d)
 *
 * and ‖x‖⁴/d for n = 1. (Centring by the sample's own mean leaves a bias of relative order 1/n.) Takes n·d·min(n, d)
 * multiply-adds; where that passes the budget, evenly spaced rows, as many as fit, stand for all.
 */
export function estimateSpectrumMoment(X: Float32Array, d: number, budget = estimateBudget): number {
  const n = X.length / d;
  const fitting = Math.max(2, Math.min(d, Math.floor(Math.sqrt(budget / d))), Math.floor(budget / (d * d)));
  const count = Math.min(n, fitting);
  const rows = Array.from({ length: count }, (_, k) => {
    const i = Math.floor((k * n) / count);
    return X.subarray(i * d, (i + 1) * d);
  });
  if (count === 1) return inner(rows[0], rows[0]) ** 2 / d;
  const pairs = count <= d ? pairsByGram(rows) : pairsByCovariance(rows, d);
  return pairs / (count * (count - 1) * d);
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
