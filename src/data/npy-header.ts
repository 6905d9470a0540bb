import { DataError } from './data-error.ts';
import { type NpyType, npyType } from './npy-type.ts';
import { tuple } from './stored-array.ts';

/** What the header at the start of a .npy file says. */
export interface NpyHeader {
  /** Where the array starts, in bytes. */
  start: number;
  /** [n], [n, d], [n, height, width] or [n, height, width, channels], all at least 1. */
  shape: readonly number[];
  type: NpyType;
  /** The first index runs fastest. */
  fortran: boolean;
}

export const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/** A header says three things; NumPy itself reads none of more than 10,000 bytes. */
const mostBytes = 2 ** 16;

/** Text of a file in a message: quoted, with what no screen shows escaped, and not too much of it. */
export const quoted = (text: string): string =>
  JSON.stringify(text.slice(0, 80)).replaceAll(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/**
 * The header at the start of a file; undefined where more bytes are needed.
 * @param name what messages call the file
 * @throws DataError
 */
export function parseHeader(head: Uint8Array<ArrayBuffer>, name: string): NpyHeader | undefined {
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
  if (length > mostBytes) {
    throw new DataError(
      `${name} has a header of ${length} bytes, so it is damaged; write it again with np.save.`,
    );
  }
  const start = from + length;
  if (head.length < start) return undefined;
  return { start, ...parseDescription(new TextDecoder().decode(head.subarray(from, start)), name) };
}

/** Where a key of the dictionary stands. */
const keyOf = (key: string): RegExp => new RegExp(`[{,]\\s*u?(["'])${key}\\1\\s*:`, 'g');

/**
 * The Python dictionary {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, its texts in either kind of quotes
 * and its entries in any order.
 */
function parseDescription(text: string, name: string): Omit<NpyHeader, 'start'> {
  const valueOf = (key: string, value: string): string[] | null =>
    new RegExp(`[{,]\\s*u?(["'])${key}\\1\\s*:\\s*${value}\\s*[,}]`).exec(text)?.slice(2) ?? null;
  const type = valueOf('descr', `u?(?:'([^']*)'|"([^"]*)")`);
  const order = valueOf('fortran_order', '(True|False)');
  const sizes = valueOf('shape', '\\(([\\d\\s,L]*)\\)');
  const twice = ['descr', 'fortran_order', 'shape'].find((key) => [...text.matchAll(keyOf(key))].length > 1);
  if (twice !== undefined) {
    throw new DataError(`${name} gives ${twice} twice in its header; write it again with np.save.`);
  }
  if (/["']descr["']\s*:\s*[[(]/.test(text)) {
    throw new DataError(`${name} holds records of several fields; save one array of numbers, dtype float32.`);
  }
  if (!type || !order || !sizes) {
    throw new DataError(
      `${name} has a header that names no dtype, order and shape (${quoted(text.trim())}); write it again with np.save.`,
    );
  }
  const shape = [...sizes[0].matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const known = requireType(type.find(Boolean) ?? '', name);
  requireShape(shape, name);
  return { shape, type: known, fortran: order[0] === 'True' && shape.length > 1 };
}

function requireShape(shape: readonly number[], name: string): void {
  if (shape.length === 0 || shape.length > 4) {
    throw new DataError(
      `${name} has ${shape.length} dimensions, shape ${tuple(shape)}; one (a vector), two (samples × inputs), three or four (images) are needed. ${
        shape.length === 0 ? 'Save an array, not a number.' : 'Save X.reshape(len(X), -1).'
      }`,
    );
  }
  if (shape[0] === 0) {
    throw new DataError(
      `${name} has no rows, shape ${tuple(shape)}; save an array with at least one sample.`,
    );
  }
  if (shape.includes(0)) {
    throw new DataError(
      `${name} has no columns, shape ${tuple(shape)}; save an array with at least one input.`,
    );
  }
}

function requireType(descr: string, name: string): NpyType {
  const type = npyType(descr);
  if (type) return type;
  if (/^[<>=|]?(f\d+|g|longdouble)$/.test(descr)) {
    throw new DataError(
      `${name} holds floating-point numbers of another size (dtype ${quoted(descr)}); float16, float32 or float64 is needed. Save X.astype(np.float32).`,
    );
  }
  throw new DataError(
    `${name} has dtype ${quoted(descr)}, which is not a real number; float32 or float64 is needed. Save X.real.astype(np.float32), or what X holds as numbers.`,
  );
}
