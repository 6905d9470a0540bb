import { BytePieces } from './byte-pieces.ts';
import { crc32 } from './crc32.ts';
import { DataError } from './data-error.ts';
import { inflate } from './inflate.ts';
import { npyFromBytes, npyLength } from './npy.ts';
import type { StoredArray } from './stored-array.ts';

/** A file in a zip archive, by the archive's directory. */
interface Entry {
  name: string;
  method: number;
  /** CRC-32 of the file, unpacked. */
  checksum: number;
  /** Bytes as they lie. */
  packed: number;
  /** Where its own header is. */
  at: number;
}

const signature = { local: 0x04034b50, directory: 0x02014b50, end: 0x06054b50 } as const;
/** Sizes of the fixed parts of these headers. */
const fixed = { local: 30, directory: 46, end: 22 } as const;
/** What stands for a number that needs the 64-bit extension. */
const beyond = 0xffffffff;

/** Whether a file begins as zip archives do. */
export const looksLikeZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);

/**
 * Reads one array of a .npz file (np.savez, np.savez_compressed): a zip archive of .npy files, stored or deflated, of less
 * than 4 GiB. Memory: the file, which `bytes` is, and the array.
 *
 * Source: PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16.
 * @param name what messages call the file
 * @param wanted the name of the array; may be left out where there is one only
 * @throws DataError
 */
export async function readNpz(bytes: BytePieces, name: string, wanted?: string): Promise<StoredArray> {
  const arrays = directory(bytes, name).filter((entry) => entry.name.endsWith('.npy'));
  const nameOf = (entry: Entry): string => entry.name.slice(0, -'.npy'.length);
  const names = arrays.slice(0, 20).map(nameOf);
  const shown = `${names.join(', ')}${arrays.length > names.length ? ', …' : ''}`;
  if (arrays.length === 0) {
    throw new DataError(`${name} is a zip archive without a .npy file in it; write it with np.savez.`);
  }
  if (wanted === undefined && arrays.length > 1) {
    throw new DataError(
      `${name} holds ${arrays.length} arrays (${shown}); say which is meant, as "${name}#${names[0]}".`,
    );
  }
  const found = wanted === undefined ? arrays[0] : arrays.find((entry) => nameOf(entry) === wanted);
  if (!found) throw new DataError(`${name} holds no array "${wanted}"; it has ${shown}.`);
  const label = `${name}#${nameOf(found)}`;
  const array = await unpacked(bytes, found, label);
  if (crc32(array) !== found.checksum) {
    throw new DataError(
      `${label} is damaged: its checksum is not the one that the archive has of it. Copy or write it again.`,
    );
  }
  return npyFromBytes(array, label);
}

async function unpacked(bytes: BytePieces, entry: Entry, name: string): Promise<BytePieces> {
  const damaged = new DataError(
    `${name} is not where the directory of its archive says; it is damaged. Copy or write it again.`,
  );
  if (entry.at + fixed.local > bytes.length) throw damaged;
  const header = viewOf(bytes, entry.at, fixed.local);
  if (header.getUint32(0, true) !== signature.local) throw damaged;
  const from = entry.at + fixed.local + header.getUint16(26, true) + header.getUint16(28, true);
  const to = from + entry.packed;
  if (to > bytes.length) throw damaged;
  if (entry.method === 0) return BytePieces.of(bytes.copy(from, to).buffer);
  if (entry.method !== 8) {
    throw new DataError(
      `${name} is packed by method ${entry.method} of zip; np.savez and np.savez_compressed write 0 and 8. Write it with one of them.`,
    );
  }
  return await inflate(pieces(bytes, from, to), {
    format: 'deflate-raw',
    name,
    lengthOf: (head) => npyLength(head, name),
  });
}

/** Bytes from … to − 1, a megabyte at a time. */
async function* pieces(bytes: BytePieces, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += 2 ** 20) {
    yield await Promise.resolve(bytes.copy(at, Math.min(to, at + 2 ** 20)));
  }
}

const viewOf = (bytes: BytePieces, from: number, length: number): DataView =>
  new DataView(bytes.copy(from, from + length).buffer);

/** The files of an archive, by the directory at its end. */
function directory(bytes: BytePieces, name: string): Entry[] {
  const tail = Math.min(bytes.length, fixed.end + 0xffff);
  const view = viewOf(bytes, bytes.length - tail, tail);
  let end = tail - fixed.end;
  while (end >= 0 && view.getUint32(end, true) !== signature.end) end--;
  if (end < 0) {
    throw new DataError(
      `${name} is a zip archive (.npz) without the directory at its end; it was cut short. Copy or write it again.`,
    );
  }
  const [count, size, start] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (start === beyond || size === beyond) {
    throw new DataError(
      `${name} is a zip archive of more than 4 GiB, which is not read; save the array with np.save.`,
    );
  }
  if (start + size > bytes.length) throw damagedDirectory(name);
  return [...entriesOf(viewOf(bytes, start, size), count, name)];
}

const damagedDirectory = (name: string): DataError =>
  new DataError(`${name} is a zip archive (.npz) whose directory is damaged. Copy or write it again.`);

function* entriesOf(view: DataView, count: number, name: string): Generator<Entry> {
  let at = 0;
  for (let k = 0; k < count; k++) {
    if (at + fixed.directory > view.byteLength || view.getUint32(at, true) !== signature.directory) {
      throw damagedDirectory(name);
    }
    const nameLength = view.getUint16(at + 28, true);
    const next =
      at + fixed.directory + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > view.byteLength) throw damagedDirectory(name);
    const text = new Uint8Array(view.buffer, view.byteOffset + at + fixed.directory, nameLength);
    yield {
      name: new TextDecoder().decode(text),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    };
    at = next;
  }
}
