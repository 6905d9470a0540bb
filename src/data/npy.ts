import { DataError } from './data-error.ts';

/** A one- or two-dimensional array of floating-point numbers, row-major. */
export interface NpyArray {
  /** [n] or [n, d], all at least 1. */
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/**
 * Reads NumPy's .npy format, versions 1 to 3: float32, float64 or integers (which become float64), little-endian, C
 * order, finite numbers. Memory: the array itself and one chunk. (The machine is taken to be little-endian, as all that run WebGPU are.)
 * @param name what messages call the file
 * @throws DataError naming what was found and the NumPy call that mends it
 */
export async function readNpy(
  source: ArrayBuffer | AsyncIterable<Uint8Array>,
  name: string,
): Promise<NpyArray> {
  let head = new Uint8Array(0);
  let array: { shape: number[]; data: Numbers; bytes: Uint8Array; start: number } | undefined;
  /** Bytes of the file seen so far. */
  let found = 0;
  for await (const chunk of source instanceof ArrayBuffer ? [new Uint8Array(source)] : source) {
    if (array) {
      // Like NumPy, what follows the array is left alone.
      const room = array.bytes.length - (found - array.start);
      if (room > 0) array.bytes.set(chunk.subarray(0, room), found - array.start);
      found += chunk.length;
      continue;
    }
    head = concatenate(head, chunk);
    found = head.length;
    const header = parseHeader(head, name);
    if (!header) continue;
    const { start, shape, Type } = header;
    const data = allocate(Type, shape, name);
    const bytes = new Uint8Array(data.buffer);
    bytes.set(head.subarray(start, start + bytes.length));
    array = { shape, data, bytes, start };
  }
  if (!array) {
    throw new DataError(
      `${name} ends after ${found} bytes, inside its header; it was cut short. Write it again with np.save.`,
    );
  }
  const expected = array.start + array.bytes.length;
  if (found < expected) {
    throw new DataError(
      `${name} is cut short: an array of shape ${tuple(array.shape)} takes ${expected} bytes, the file has ${found}. Copy or write it again.`,
    );
  }
  const read = { shape: array.shape, data: toFloats(array.data) };
  requireFinite(read, name);
  return read;
}

/** Floating-point numbers as they are; integers and booleans as float64. */
function toFloats(data: Numbers): NpyArray['data'] {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** What each dtype is read as; integers and booleans become float64. */
const numberTypes = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '|b1': Uint8Array,
  '|u1': Uint8Array,
  '|i1': Int8Array,
  '<u2': Uint16Array,
  '<i2': Int16Array,
  '<u4': Uint32Array,
  '<i4': Int32Array,
  '<u8': BigUint64Array,
  '<i8': BigInt64Array,
} as const;

type NumberType = (typeof numberTypes)[keyof typeof numberTypes];
type Numbers = InstanceType<NumberType>;

interface Header {
  /** Where the array starts, in bytes. */
  start: number;
  shape: number[];
  Type: NumberType;
}

/** The header at the start of a file; undefined where more bytes are needed. */
function parseHeader(head: Uint8Array<ArrayBuffer>, name: string): Header | undefined {
  if (!magic.slice(0, head.length).every((byte, k) => head[k] === byte)) {
    const bytes = [...head.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new DataError(
      `${name} is not a .npy file (it starts with the bytes ${bytes}); write one array with np.save("X.npy", X), not np.savez or np.savetxt.`,
    );
  }
  if (head.length < 12) return undefined;
  const view = new DataView(head.buffer);
  const version = view.getUint8(6);
  if (version < 1 || version > 3) {
    throw new DataError(
      `${name} is a .npy file of version ${version}; versions 1 to 3 are read. Write it with np.save.`,
    );
  }
  const [from, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > 2 ** 20) {
    throw new DataError(
      `${name} has a header of ${length} bytes, so it is damaged; write it again with np.save.`,
    );
  }
  const start = from + length;
  if (head.length < start) return undefined;
  const text = new TextDecoder().decode(head.subarray(from, start));
  return { start, ...parseDescription(text, name) };
}

/** The Python dictionary {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. */
function parseDescription(text: string, name: string): Omit<Header, 'start'> {
  const type = /'descr'\s*:\s*('([^']*)'|\[)/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const sizes = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (!type || !order || !sizes) {
    throw new DataError(
      `${name} has a header that names no dtype, order and shape (${JSON.stringify(text.trim().slice(0, 80))}); write it again with np.save.`,
    );
  }
  const shape = [...sizes[1].matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const Type = numberType(type[2], name);
  if (shape.length === 0 || shape.length > 2) {
    throw new DataError(
      `${name} has ${shape.length} dimensions, shape ${tuple(shape)}; one (a vector) or two (samples × inputs) are needed. ${
        shape.length === 0 ? 'Save an array, not a number.' : 'Save X.reshape(len(X), -1).'
      }`,
    );
  }
  if (shape[0] === 0) {
    throw new DataError(
      `${name} has no rows, shape ${tuple(shape)}; save an array with at least one sample.`,
    );
  }
  if (shape[1] === 0) {
    throw new DataError(
      `${name} has no columns, shape ${tuple(shape)}; save an array with at least one input.`,
    );
  }
  if (order[1] === 'True' && shape.length === 2) {
    throw new DataError(
      `${name} is in Fortran (column-major) order, shape ${tuple(shape)}; save np.ascontiguousarray(X).`,
    );
  }
  return { shape, Type };
}

function numberType(descr: string | undefined, name: string): NumberType {
  if (descr === undefined) {
    throw new DataError(`${name} holds records of several fields; save one array of numbers, dtype float32.`);
  }
  const known = (numberTypes as Record<string, NumberType | undefined>)[descr];
  if (known) return known;
  if (/^>[fiu]\d$/.test(descr)) {
    throw new DataError(
      `${name} is big-endian (dtype '${descr}'); save X.astype('<${descr.slice(1)}'), which is little-endian.`,
    );
  }
  if (descr.charAt(1) === 'f') {
    throw new DataError(
      `${name} holds floating-point numbers of another size (dtype '${descr}'); float32 or float64 is needed. Save X.astype(np.float32).`,
    );
  }
  throw new DataError(
    `${name} has dtype '${descr}', which is not a real number; float32 or float64 is needed. Save X.real.astype(np.float32), or what X holds as numbers.`,
  );
}

function allocate(Type: NumberType, shape: readonly number[], name: string): Numbers {
  const length = shape.reduce((product, size) => product * size, 1);
  try {
    return new Type(length);
  } catch {
    throw new DataError(
      `${name} of shape ${tuple(shape)} takes ${length * Type.BYTES_PER_ELEMENT} bytes, more than can be allocated here in one piece; save fewer rows${
        Type === Float64Array ? ', or X.astype(np.float32), half as large' : ''
      }.`,
    );
  }
}

function requireFinite({ shape, data }: NpyArray, name: string): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const cols = shape[1] as number | undefined;
  const index = cols === undefined ? `[${at}]` : `[${Math.floor(at / cols)}, ${at % cols}]`;
  throw new DataError(
    `${name} has ${data[at]} at index ${index}; every entry must be a finite number. Remove such rows, or replace the entries (np.nan_to_num).`,
  );
}

const tuple = (shape: readonly number[]): string =>
  shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;

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
