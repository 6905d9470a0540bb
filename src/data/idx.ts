import type { BytePieces } from './byte-pieces.ts';
import { DataError } from './data-error.ts';
import { type NpyType, npyType } from './npy-type.ts';
import { type StoredArray, requireFinite, rowSize, tuple } from './stored-array.ts';

/** What the header at the start of an IDX file says. */
export interface IdxHeader {
  /** Where the array starts, in bytes. */
  start: number;
  /** One to four sizes, all at least 1. */
  shape: readonly number[];
  type: NpyType;
}

/** What the third byte of an IDX file says of its numbers, which are big-endian. */
const types: ReadonlyMap<number, NpyType> = new Map(
  Object.entries({ 0x08: 'u1', 0x09: 'i1', 0x0b: '>i2', 0x0c: '>i4', 0x0d: '>f4', 0x0e: '>f8' }).map(
    ([code, type]) => [Number(code), npyType(type)!],
  ),
);

/** Whether a file begins as IDX files do: two zeros, a type of numbers, and how many dimensions follow. */
export const looksLikeIdx = (head: Uint8Array): boolean =>
  head[0] === 0 && head[1] === 0 && types.has(head[2]) && head[3] >= 1 && head[3] <= 4;

/**
 * The header at the start of an IDX file; undefined where more bytes are needed. Nothing is allocated of what it claims.
 * @param name what messages call the file
 * @throws DataError where its first bytes are not those of an IDX file, or a size is 0
 */
export function parseIdxHeader(head: Uint8Array<ArrayBuffer>, name: string): IdxHeader | undefined {
  if (head.length < 4) return undefined;
  if (!looksLikeIdx(head)) {
    const bytes = [...head.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new DataError(
      `${name} is not an IDX file: it starts with the bytes ${bytes}, not with 00 00, a type (08 for pixels) and 1 to 4 dimensions. Is it another file, or damaged?`,
    );
  }
  const [type, dimensions] = [types.get(head[2])!, head[3]];
  const start = 4 + 4 * dimensions;
  if (head.length < start) return undefined;
  const view = new DataView(head.buffer, head.byteOffset);
  const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k));
  if (shape.includes(0)) {
    throw new DataError(
      `${name} has shape ${tuple(shape)} by its header, so that there is nothing in it; give a file with at least one sample.`,
    );
  }
  return { start, shape, type };
}

/** How many bytes the file takes by its header. */
export const idxLength = ({ start, shape, type }: IdxHeader): number =>
  start + type.bytes * shape.reduce((product, size) => product * size, 1);

/**
 * Reads the IDX format of MNIST and Fashion-MNIST: numbers of every type that it knows, of one to four dimensions. Memory:
 * the file itself, which `bytes` is.
 *
 * Source: http://yann.lecun.com/exdb/mnist (THE IDX FILE FORMAT).
 * @param name what messages call the file
 * @throws DataError naming the file, what its header says and what is there
 */
export function readIdx(bytes: BytePieces, name: string): StoredArray {
  const header = parseIdxHeader(bytes.copy(0, Math.min(bytes.length, 20)), name);
  if (!header) {
    throw new DataError(
      `${name} ends after ${bytes.length} bytes, inside its header; it was cut short. Copy or download it again.`,
    );
  }
  const { start, shape, type } = header;
  const expected = idxLength(header);
  if (bytes.length !== expected) {
    throw new DataError(
      `${name} is ${bytes.length < expected ? 'cut short' : 'longer than its header says'}: an IDX array of shape ${tuple(shape)} takes ${expected} bytes, there are ${bytes.length}. Copy or download it again.`,
    );
  }
  const rowBytes = rowSize({ shape }) * type.bytes;
  const array: StoredArray = {
    shape,
    unit: type.pixels ? 255 : 1,
    rows: (first, count) =>
      type.decode(bytes.copy(start + first * rowBytes, start + (first + count) * rowBytes)),
  };
  if (!type.whole) requireFinite(array, name);
  return array;
}
