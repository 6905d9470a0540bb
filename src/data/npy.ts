import { BytePieces } from './byte-pieces.ts';
import { DataError } from './data-error.ts';
import { type NpyHeader, magic, parseHeader } from './npy-header.ts';
import { type StoredArray, requireFinite, rowSize, tuple } from './stored-array.ts';

/**
 * Reads NumPy's .npy format, versions 1 to 3: floats of 2, 4 and 8 bytes, integers and booleans, of either byte order, in C
 * or Fortran order, finite numbers, of one to four dimensions. Memory: the file itself and one chunk; in Fortran order twice the file, for a moment.
 * @param name what messages call the file
 * @throws DataError naming what was found and the NumPy call that mends it
 */
export async function readNpy(
  source: ArrayBuffer | AsyncIterable<Uint8Array>,
  name: string,
): Promise<StoredArray> {
  const { header, bytes, found } = await collect(source, name);
  return npyArray(header, bytes, found, name);
}

/**
 * The array of a file of which all that is there lies in memory.
 * @throws DataError
 */
export function npyFromBytes(bytes: BytePieces, name: string): StoredArray {
  const header = parseHeader(bytes.copy(0, Math.min(bytes.length, headBytes)), name);
  return npyArray(header, bytes, bytes.length, name);
}

/** How many bytes the file takes up to the end of its array, by its header; undefined where more of that is needed. */
export function npyLength(head: Uint8Array<ArrayBuffer>, name: string): number | undefined {
  const header = parseHeader(head, name);
  return header && endOf(header);
}

function npyArray(
  header: NpyHeader | undefined,
  bytes: BytePieces,
  found: number,
  name: string,
): StoredArray {
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

function arrayOf(header: NpyHeader, bytes: BytePieces, name: string): StoredArray {
  const { shape, type, fortran } = header;
  const [stored, start] = fortran ? [rowMajor(header, bytes, name), 0] : [bytes, header.start];
  const rowBytes = rowSize(header) * type.bytes;
  return {
    shape,
    unit: type.pixels ? 255 : 1,
    rows: (first, count) =>
      type.decode(stored.copy(start + first * rowBytes, start + (first + count) * rowBytes)),
  };
}

/** An array that is stored with its first index running fastest, row after row. */
function rowMajor({ start, shape, type }: NpyHeader, bytes: BytePieces, name: string): BytePieces {
  const View = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array }[type.bytes];
  const [n, d] = [shape[0], rowSize({ shape })];
  try {
    const columns = new View(bytes.copy(start, start + n * d * type.bytes).buffer);
    const rows = new View(n * d);
    transpose(columns as Uint32Array, rows as Uint32Array, n, placesOfColumns(shape.slice(1)));
    return BytePieces.of(rows.buffer);
  } catch {
    throw new DataError(
      `${name} of shape ${tuple(shape)} is in Fortran (column-major) order, and there is not memory enough here to turn it; save np.ascontiguousarray(X).`,
    );
  }
}

/** Where each number of a row stands in C order, by its place in Fortran order. */
function placesOfColumns(row: readonly number[]): Uint32Array {
  const places = new Uint32Array(row.reduce((product, size) => product * size, 1));
  for (let place = 0; place < places.length; place++) {
    let [rest, column, stride] = [place, 0, places.length];
    for (const size of row) {
      stride /= size;
      column += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    places[place] = column;
  }
  return places;
}

/** In squares that fit a cache. */
function transpose(columns: Uint32Array, rows: Uint32Array, n: number, places: Uint32Array): void {
  const side = 64;
  const d = places.length;
  for (let i0 = 0; i0 < n; i0 += side) {
    for (let j0 = 0; j0 < d; j0 += side) {
      const [i1, j1] = [Math.min(n, i0 + side), Math.min(d, j0 + side)];
      for (let i = i0; i < i1; i++) {
        for (let j = j0; j < j1; j++) rows[i * d + places[j]] = columns[j * n + i];
      }
    }
  }
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
