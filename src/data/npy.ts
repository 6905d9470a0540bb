import { BytePieces } from './byte-pieces.ts';
import { DataError } from './data-error.ts';
import { type NpyHeader, magic, parseHeader, tuple } from './npy-header.ts';

/** Entries that are converted at a time. */
const chunkEntries = 2 ** 20;

/** A one- or two-dimensional array of finite numbers, kept as the file has it and converted where it is read. */
export interface NpyArray {
  /** [n] or [n, d], all at least 1. */
  readonly shape: readonly number[];
  /** Entries of rows first … first + count − 1, row-major, exact but for int64 beyond 2⁵³. */
  rows: (first: number, count: number) => Float64Array<ArrayBuffer>;
}

/** The rows of an array in order, a megabyte or so at a time. */
export function* rowChunks(
  array: NpyArray,
): Generator<{ first: number; entries: Float64Array<ArrayBuffer> }> {
  const [n, d = 1] = array.shape;
  const count = Math.max(1, Math.floor(chunkEntries / d));
  for (let first = 0; first < n; first += count) {
    yield { first, entries: array.rows(first, Math.min(count, n - first)) };
  }
}

/**
 * Reads NumPy's .npy format, versions 1 to 3: floats of 2, 4 and 8 bytes, integers and booleans, of either byte order, in C
 * or Fortran order, finite numbers. Memory: the file itself and one chunk; in Fortran order twice the file, for a moment.
 * @param name what messages call the file
 * @throws DataError naming what was found and the NumPy call that mends it
 */
export async function readNpy(
  source: ArrayBuffer | AsyncIterable<Uint8Array>,
  name: string,
): Promise<NpyArray> {
  const { header, bytes, found } = await collect(source, name);
  if (!header) {
    throw new DataError(
      `${name} ends after ${found} bytes, inside its header; it was cut short. Write it again with np.save.`,
    );
  }
  const expected = endOf(header);
  if (found < expected) {
    throw new DataError(
      `${name} is cut short: an array of shape ${tuple(header.shape)} takes ${expected} bytes, the file has ${found}. Copy or write it again.`,
    );
  }
  const array = arrayOf(header, bytes, name);
  if (!header.type.whole) requireFinite(array, name);
  return array;
}

/** The header, and the file up to the end of its array: like NumPy, what follows is left alone. */
async function collect(
  source: ArrayBuffer | AsyncIterable<Uint8Array>,
  name: string,
): Promise<{ header: NpyHeader | undefined; bytes: BytePieces; found: number }> {
  if (source instanceof ArrayBuffer) {
    const header = parseHeader(new Uint8Array(source), name);
    return { header, bytes: BytePieces.of(source), found: source.byteLength };
  }
  const bytes = new BytePieces();
  let found = 0;
  let header: NpyHeader | undefined;
  for await (const chunk of source) {
    found += chunk.length;
    try {
      bytes.append(header ? chunk.subarray(0, Math.max(0, endOf(header) - bytes.length)) : chunk);
    } catch {
      throw new DataError(
        `${name} takes more memory than there is here: no more than ${bytes.length} bytes of it could be kept. Save fewer rows, or X.astype(np.float32) where it is float64.`,
      );
    }
    header ??= parseHeader(bytes.copy(0, Math.min(bytes.length, headBytes)), name);
  }
  return { header, bytes, found };
}

/** More than any header has. */
const headBytes = 2 ** 17;

const endOf = ({ start, shape, type }: NpyHeader): number =>
  start + type.bytes * shape.reduce((product, size) => product * size, 1);

function arrayOf(header: NpyHeader, bytes: BytePieces, name: string): NpyArray {
  const { shape, type, fortran } = header;
  const [stored, start] = fortran ? [rowMajor(header, bytes, name), 0] : [bytes, header.start];
  const rowBytes = (shape[1] ?? 1) * type.bytes;
  return {
    shape,
    rows: (first, count) =>
      type.decode(stored.copy(start + first * rowBytes, start + (first + count) * rowBytes)),
  };
}

/** An array that is stored column after column, row after row. */
function rowMajor({ start, shape: [n, d], type }: NpyHeader, bytes: BytePieces, name: string): BytePieces {
  const View = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array }[type.bytes];
  try {
    const columns = new View(bytes.copy(start, start + n * d * type.bytes).buffer);
    const rows = new View(n * d);
    transpose(columns as Uint32Array, rows as Uint32Array, n, d);
    return BytePieces.of(rows.buffer);
  } catch {
    throw new DataError(
      `${name} of shape ${tuple([n, d])} is in Fortran (column-major) order, and there is not memory enough here to turn it; save np.ascontiguousarray(X).`,
    );
  }
}

/** In squares that fit a cache. */
function transpose(columns: Uint32Array, rows: Uint32Array, n: number, d: number): void {
  const side = 64;
  for (let i0 = 0; i0 < n; i0 += side) {
    for (let j0 = 0; j0 < d; j0 += side) {
      const [i1, j1] = [Math.min(n, i0 + side), Math.min(d, j0 + side)];
      for (let i = i0; i < i1; i++) {
        for (let j = j0; j < j1; j++) rows[i * d + j] = columns[j * n + i];
      }
    }
  }
}

function requireFinite(array: NpyArray, name: string): void {
  const [, d] = array.shape as readonly (number | undefined)[];
  for (const { first, entries } of rowChunks(array)) {
    for (let k = 0; k < entries.length; k++) {
      if (Math.abs(entries[k]) < Infinity) continue;
      const at = first * (d ?? 1) + k;
      throw new DataError(
        `${name} has ${entries[k]} at index ${indexIn(array, at)}; every entry must be a finite number. Remove such rows, or replace the entries (np.nan_to_num).`,
      );
    }
  }
}

/** The entry of largest absolute value, and where it stands; of rows first … first + count − 1, or of all. */
export function largestEntry(
  array: NpyArray,
  first = 0,
  count = array.shape[0],
): { value: number; index: string } {
  const [n, d = 1] = array.shape;
  const rows = count === n ? rowChunks(array) : [{ first, entries: array.rows(first, count) }];
  let [value, at] = [0, first * d];
  for (const chunk of rows) {
    for (let k = 0; k < chunk.entries.length; k++) {
      if (Math.abs(chunk.entries[k]) > Math.abs(value)) {
        [value, at] = [chunk.entries[k], chunk.first * d + k];
      }
    }
  }
  return { value, index: indexIn(array, at) };
}

/** Where an entry stands, as NumPy writes it: [3] or [3, 4]. */
function indexIn({ shape }: NpyArray, at: number): string {
  const cols = shape[1] as number | undefined;
  return cols === undefined ? `[${at}]` : `[${Math.floor(at / cols)}, ${at % cols}]`;
}

/** The header of a .npy file (version 1) that float32 numbers of this shape follow, row-major. */
export function npyHeader(shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple(shape)}, }`;
  // The array starts at a multiple of 64, after a line feed, as NumPy has it.
  const length = Math.ceil((10 + description.length + 1) / 64) * 64;
  const header = new Uint8Array(length).fill(0x20);
  header.set(magic);
  header.set([1, 0, (length - 10) & 0xff, (length - 10) >> 8], 6);
  header.set(new TextEncoder().encode(description), 10);
  header[length - 1] = 0x0a;
  return header;
}

/**
 * The bytes of a .npy file, in chunks: the header, then each chunk of the array (row-major) as it comes.
 * @throws RangeError, at the end, where the chunks do not make up the shape
 */
export async function* npyBytes(
  shape: readonly number[],
  chunks: Iterable<Float32Array<ArrayBuffer>> | AsyncIterable<Float32Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield npyHeader(shape);
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  const expected = shape.reduce((product, size) => product * size, 1);
  if (length !== expected) {
    throw new RangeError(
      `An array of shape ${tuple(shape)} has ${expected} entries; ${length} were written.`,
    );
  }
}
