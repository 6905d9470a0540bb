import { DataError } from './data-error.ts';

/** Entries that are converted at a time. */
const chunkEntries = 2 ** 20;

/** An array of finite numbers with one row a point, kept as its file has it and converted where it is read. */
export interface StoredArray {
  /** [n, …], all at least 1: of vectors [n, d], of images [n, height, width] or [n, height, width, channels]. */
  readonly shape: readonly number[];
  /** What 1 is stored as: 255 where a number is one byte without a sign, as pixels are, else 1. */
  readonly unit: 1 | 255;
  /** Entries of rows first … first + count − 1, row-major, exact but for int64 beyond 2⁵³. */
  rows: (first: number, count: number) => Float64Array<ArrayBuffer>;
}

/** How many numbers a row has; 1 where the array is a vector. */
export const rowSize = ({ shape }: Pick<StoredArray, 'shape'>): number =>
  shape.slice(1).reduce((product, size) => product * size, 1);

/** The rows of an array in order, a megabyte or so at a time. */
export function* rowChunks(
  array: StoredArray,
): Generator<{ first: number; entries: Float64Array<ArrayBuffer> }> {
  const [n] = array.shape;
  const count = Math.max(1, Math.floor(chunkEntries / rowSize(array)));
  for (let first = 0; first < n; first += count) {
    yield { first, entries: array.rows(first, Math.min(count, n - first)) };
  }
}

/** A shape as Python writes it. */
export const tuple = (shape: readonly number[]): string =>
  shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;

/** @throws DataError naming the first entry that is not finite, and where it stands */
export function requireFinite(array: StoredArray, name: string): void {
  const size = rowSize(array);
  for (const { first, entries } of rowChunks(array)) {
    for (let k = 0; k < entries.length; k++) {
      if (Math.abs(entries[k]) < Infinity) continue;
      throw new DataError(
        `${name} has ${entries[k]} at index ${indexIn(array, first * size + k)}; every entry must be a finite number. Remove such rows, or replace the entries (np.nan_to_num).`,
      );
    }
  }
}

/** The entry of largest absolute value, and where it stands; of rows first … first + count − 1, or of all. */
export function largestEntry(
  array: StoredArray,
  first = 0,
  count = array.shape[0],
): { value: number; index: string } {
  const [n] = array.shape;
  const size = rowSize(array);
  const rows = count === n ? rowChunks(array) : [{ first, entries: array.rows(first, count) }];
  let [value, at] = [0, first * size];
  for (const chunk of rows) {
    for (let k = 0; k < chunk.entries.length; k++) {
      if (Math.abs(chunk.entries[k]) > Math.abs(value)) {
        [value, at] = [chunk.entries[k], chunk.first * size + k];
      }
    }
  }
  return { value, index: indexIn(array, at) };
}

/** Where an entry stands, as NumPy writes it: [3] or [3, 4]. */
function indexIn({ shape }: StoredArray, at: number): string {
  const index: number[] = [];
  for (const size of shape.slice(1).reverse()) {
    index.unshift(at % size);
    at = Math.floor(at / size);
  }
  return `[${[at, ...index].join(', ')}]`;
}

/** The rows of several arrays of one shape, one array after the other. */
export function concatenated(arrays: readonly StoredArray[]): StoredArray {
  if (arrays.length === 1) return arrays[0];
  const [, ...row] = arrays[0].shape;
  const size = rowSize(arrays[0]);
  const total = arrays.reduce((sum, { shape }) => sum + shape[0], 0);
  return {
    shape: [total, ...row],
    unit: arrays[0].unit,
    rows: (first, count) => {
      const all = new Float64Array(count * size);
      let start = 0;
      for (const array of arrays) {
        const end = start + array.shape[0];
        const [from, to] = [Math.max(first, start), Math.min(first + count, end)];
        if (from < to) all.set(array.rows(from - start, to - from), (from - first) * size);
        start = end;
      }
      return all;
    },
  };
}

/** Rows of an array by their numbers, which ascend: neighbours are read together. */
export function selectedRows(array: StoredArray, numbers: Uint32Array): StoredArray {
  const size = rowSize(array);
  return {
    shape: [numbers.length, ...array.shape.slice(1)],
    unit: array.unit,
    rows: (first, count) => {
      const all = new Float64Array(count * size);
      for (let k = 0; k < count;) {
        const from = numbers[first + k];
        let run = 1;
        while (k + run < count && numbers[first + k + run] === from + run) run++;
        all.set(array.rows(from, run), k * size);
        k += run;
      }
      return all;
    },
  };
}
