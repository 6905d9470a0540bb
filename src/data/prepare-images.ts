import { DataError } from './data-error.ts';
import { type Standardization, standardization, standardized } from './standardize.ts';
import { type StoredArray, largestEntry, rowChunks, rowSize } from './stored-array.ts';
import { principalDirections, whitening } from './whitening.ts';

/** What is done to inputs before they are learned. */
export type Preparing =
  /** The training mean is subtracted, and one scale gives Tr Σ̂ = d. */
  | { kind: 'centred' }
  /** Centred, then every row is stretched to ‖x‖ = √d, test rows by their own norms. */
  | { kind: 'sphere' }
  /** Centred, then the first principal directions are brought to variance 1: as inputs of their own, or as pixels (ZCA). */
  | { kind: 'whitened'; components: number | undefined; onto: 'principal' | 'pixels' }
  /** One scale only: mean ‖x‖² = d over the training set. */
  | { kind: 'raw' };

/** Inputs as they are learned; all that is estimated comes from the training set. */
export interface PreparedInputs extends Standardization {
  /** Inputs of a prepared row. */
  d: number;
  /** Rows that are centred together have inner products of a mean that is known, see estimateSpectrumMoment. */
  centred: boolean;
  /** Of whitening: how many directions are kept, and how many there are of variance more than 0. */
  whitened: { components: number; rank: number } | null;
  /**
   * Rows of the file (count × inputs) as the network is given them, in float32; `first` is the number of the first one.
   * @throws DataError where a row is the training mean, which no scale brings to the sphere
   */
  prepare: (entries: Float64Array, first: number, name: string) => Float32Array<ArrayBuffer>;
}

/** How many directions are kept where the user does not say. */
const usualComponents = 100;

/** How many inputs a row of `inputs` has once it is prepared, at most: what is known before anything is computed. */
export const preparedSize = (inputs: number, preparing: Preparing): number =>
  preparing.kind === 'whitened' && preparing.onto === 'principal'
    ? Math.min(inputs, preparing.components ?? usualComponents)
    : inputs;

/**
 * Estimates, from the training rows alone, what training and test rows are prepared by. Sums in float64, of rows in
 * chunks: memory O(d), or O(d²) to whiten.
 * @param name what messages call the training data
 * @throws DataError where the rows do not vary, or are asked for more directions than they vary in
 */
export function preparation(train: StoredArray, preparing: Preparing, name: string): PreparedInputs {
  const d = rowSize(train);
  if (preparing.kind === 'raw') {
    const map = { mean: new Float64Array(d), scale: rawScale(train, name) };
    return { ...map, d, centred: false, whitened: null, prepare: (entries) => standardized(entries, map) };
  }
  const map = standardization(train, name);
  if (preparing.kind === 'centred') {
    return { ...map, d, centred: true, whitened: null, prepare: (entries) => standardized(entries, map) };
  }
  if (preparing.kind === 'sphere') {
    const prepare: PreparedInputs['prepare'] = (entries, first, of) => onSphere(entries, map, first, of);
    return { ...map, d, centred: false, whitened: null, prepare };
  }
  const directions = principalDirections(train, map, name);
  const { rank } = directions;
  const components = preparing.components ?? Math.min(usualComponents, rank);
  if (components > rank) {
    throw new DataError(
      `data.components is ${components}, but the ${train.shape[0]} training rows of ${name}, of ${d} inputs, vary in ${rank} directions only; take at most ${rank}.`,
    );
  }
  const matrix = whitening(directions, components, preparing.onto);
  return {
    ...map,
    d: matrix.length / d,
    centred: true,
    whitened: { components, rank },
    prepare: (entries) => transformed(entries, map, matrix),
  };
}

/** The scale that makes the mean of ‖x‖² over the rows d. */
function rawScale(train: StoredArray, name: string): number {
  const [n, d] = [train.shape[0], rowSize(train)];
  let sum = 0;
  for (const { entries } of rowChunks(train)) for (const value of entries) sum += (value * value) / d;
  const scale = Math.sqrt(n / sum);
  if (scale > 0 && scale < Infinity) return scale;
  const { value, index } = largestEntry(train);
  throw new DataError(
    `${name} cannot be rescaled to a mean of ‖x‖² of d: its largest entry is ${value}, at index ${index}. Give data that float64 can square, and that is not all 0.`,
  );
}

/** (x − mean)√d/‖x − mean‖ */
function onSphere(
  entries: Float64Array,
  { mean, scale }: Standardization,
  first: number,
  name: string,
): Float32Array<ArrayBuffer> {
  const d = mean.length;
  const result = new Float32Array(entries.length);
  for (let start = 0; start < entries.length; start += d) {
    let square = 0;
    for (let j = 0; j < d; j++) square += ((entries[start + j] - mean[j]) * scale) ** 2;
    if (!(square > 2 ** -80)) {
      throw new DataError(
        `Row ${first + start / d} of ${name} is the mean of the training rows, which nothing stretches to ‖x‖ = √d; remove it, or take data.prepare = "centred".`,
      );
    }
    const stretch = scale * Math.sqrt(d / square);
    for (let j = 0; j < d; j++) result[start + j] = (entries[start + j] - mean[j]) * stretch;
  }
  return result;
}

/** A(x − mean)·scale of every row, A row-major. */
function transformed(
  entries: Float64Array,
  { mean, scale }: Standardization,
  matrix: Float64Array,
): Float32Array<ArrayBuffer> {
  const d = mean.length;
  const size = matrix.length / d;
  const rows = entries.length / d;
  const result = new Float32Array(rows * size);
  const x = new Float64Array(d);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < d; j++) x[j] = (entries[i * d + j] - mean[j]) * scale;
    for (let k = 0; k < size; k++) {
      let sum = 0;
      for (let j = 0, at = k * d; j < d; j++, at++) sum += matrix[at] * x[j];
      result[i * size + k] = sum;
    }
  }
  return result;
}

/** What decides whether the theory's approximation holds for some inputs, measured as they pass. */
export class InputFacts {
  readonly #sum: Float64Array;
  #n = 0;
  #squares = 0;
  #fourths = 0;

  constructor(d: number) {
    this.#sum = new Float64Array(d);
  }

  /** Rows as the network is given them. */
  add(rows: Float32Array): void {
    const sum = this.#sum;
    const d = sum.length;
    for (let start = 0; start < rows.length; start += d) {
      let square = 0;
      for (let j = 0; j < d; j++) {
        const value = rows[start + j];
        sum[j] += value;
        square += value * value;
      }
      this.#n++;
      this.#squares += square / d;
      this.#fourths += (square / d) ** 2;
    }
  }

  /** The mean of ⟨x_i, x_j⟩/d over pairs i ≠ j: (‖Σx_i‖² − Σ‖x_i‖²)/(n(n − 1)d); 0 for one row. */
  get meanInnerProduct(): number {
    if (this.#n < 2) return 0;
    const d = this.#sum.length;
    const square = this.#sum.reduce((total, value) => total + value * value, 0) / d;
    return (square - this.#squares) / (this.#n * (this.#n - 1));
  }

  /** The standard deviation of ‖x‖²/d. */
  get normSpread(): number {
    const mean = this.#squares / this.#n;
    return Math.sqrt(Math.max(0, this.#fourths / this.#n - mean * mean));
  }
}
