import { shown } from '../gpu/arguments.ts';
import { BytePieces } from './byte-pieces.ts';
import { isCifarLength, looksLikeCifar, readCifar } from './cifar.ts';
import { type Columns, type CsvTable, looksLikeTable, readCsv } from './csv.ts';
import { DataError } from './data-error.ts';
import { idxLength, looksLikeIdx, parseIdxHeader, readIdx } from './idx.ts';
import { inflate } from './inflate.ts';
import { splitMember } from './member.ts';
import { magic } from './npy-header.ts';
import { npyFromBytes, npyLength } from './npy.ts';
import { looksLikeZip, readNpz } from './npz.ts';
import type { StoredArray } from './stored-array.ts';
import { hasUtf16Mark } from './utf16.ts';

/** The formats of data that are read. */
export type Format = 'npy' | 'npz' | 'idx' | 'cifar-10' | 'csv';

/** What a file holds. */
export interface DataFile {
  format: Format;
  array: StoredArray;
  /** The labels that lie beside the inputs, in a file of CIFAR-10 and where a column of a table is named; else null. */
  labels: StoredArray | null;
  /** What is known of a table beside its numbers; absent of all other formats. */
  table?: Pick<CsvTable, 'names' | 'wordAt'>;
}

/** A file's bytes, at once or as they come. */
export type ByteSource = ArrayBuffer | AsyncIterable<Uint8Array>;

const looksLikeNpy = (head: Uint8Array): boolean => magic.every((byte, k) => head[k] === byte);
const looksLikeGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/**
 * Reads a file of data, whose format is found by its content, not by its name: .npy, .npz, IDX, CIFAR-10's binary
 * version, tables in CSV; .npy and IDX also packed by gzip. Memory: the file, unpacked; of a table, its numbers.
 * @param columns what is to be made of the columns of a table
 * @param path what messages call the file; of a .npz file with several arrays, it ends on "#" and the name of one
 * @throws DataError naming the file, what was found and what to do
 */
export async function readDataFile(
  source: ByteSource,
  path: string,
  columns: Columns = {},
): Promise<DataFile> {
  requireSource(source);
  const { file, member } = splitMember(path);
  const { start, rest } = await opened(source);
  if (member === undefined && looksLikeTable(start)) {
    const { array, labels, ...table } = await readCsv(rest, file, columns);
    return { format: 'csv', array, labels, table };
  }
  const bytes = await wholeFile(source instanceof ArrayBuffer ? source : rest, file);
  const head = bytes.copy(0, Math.min(bytes.length, headBytes));
  if (member !== undefined && !looksLikeZip(head)) {
    throw new DataError(
      `${path} names an array of a .npz file, but ${file} is none: it starts with ${firstBytes(head)}. Leave out "#${member}", or write it with np.savez.`,
    );
  }
  if (looksLikeNpy(head)) return { format: 'npy', array: npyFromBytes(bytes, file), labels: null };
  if (looksLikeZip(head)) return { format: 'npz', array: await readNpz(bytes, file, member), labels: null };
  if (looksLikeIdx(head) && !isRatherCifar(bytes, head, file)) {
    return { format: 'idx', array: readIdx(bytes, file), labels: null };
  }
  if (isCifarLength(bytes.length)) {
    const { images, labels } = readCifar(bytes, file);
    return { format: 'cifar-10', array: images, labels };
  }
  throw unknown(file, head, `of ${bytes.length} bytes`);
}

/** What a header takes here at most: that of an IDX file, and where a tar archive says that it is one. */
const headBytes = 512;

/** An image of CIFAR-10 may begin as IDX files do, but then its sizes, which are pixels, are not those of the file. */
const isRatherCifar = (bytes: BytePieces, head: Uint8Array<ArrayBuffer>, name: string): boolean => {
  if (!isCifarLength(bytes.length)) return false;
  const view = new DataView(head.buffer, 4, 4 * head[3]);
  const empty = Array.from({ length: head[3] }, (_, k) => view.getUint32(4 * k)).includes(0);
  const header = empty ? undefined : parseIdxHeader(head, name);
  return (!header || idxLength(header) !== bytes.length) && looksLikeCifar(bytes);
};

/** Enough of a file to know a table by. */
const startBytes = 4096;

/** The first bytes of a file, and all of it once more. */
async function opened(source: ByteSource): Promise<{ start: Uint8Array; rest: AsyncIterable<Uint8Array> }> {
  if (source instanceof ArrayBuffer) {
    const start = new Uint8Array(source, 0, Math.min(startBytes, source.byteLength));
    return { start, rest: piecesOf(source) };
  }
  const bytes = new BytePieces();
  const iterator = source[Symbol.asyncIterator]();
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => iterator };
  while (bytes.length < startBytes) {
    const next = await iterator.next();
    if (next.done) break;
    bytes.append(next.value);
  }
  const start = bytes.copy(0, bytes.length);
  return { start: start.subarray(0, startBytes), rest: joined(start, rest) };
}

/** A megabyte at a time: text is decoded piece by piece. */
async function* piecesOf(buffer: ArrayBuffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < buffer.byteLength; at += 2 ** 20) {
    yield await Promise.resolve(new Uint8Array(buffer, at, Math.min(2 ** 20, buffer.byteLength - at)));
  }
}

/** All bytes of a file, unpacked. */
async function wholeFile(source: ByteSource, name: string): Promise<BytePieces> {
  if (source instanceof ArrayBuffer) {
    if (!looksLikeGzip(new Uint8Array(source, 0, Math.min(2, source.byteLength)))) {
      return BytePieces.of(source);
    }
    return await gunzip(oneChunk(source), name);
  }
  const bytes = new BytePieces();
  const iterator = source[Symbol.asyncIterator]();
  while (bytes.length < 2) {
    const next = await iterator.next();
    if (next.done) return bytes;
    bytes.append(next.value);
  }
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => iterator };
  if (looksLikeGzip(bytes.copy(0, 2))) return await gunzip(joined(bytes.copy(0, bytes.length), rest), name);
  for await (const chunk of rest) {
    try {
      bytes.append(chunk);
    } catch {
      throw new DataError(
        `${name} takes more memory than there is here: no more than ${bytes.length} bytes of it could be kept. Give a part of it.`,
      );
    }
  }
  return bytes;
}

/** @throws TypeError where the value is no source: a path, for one, or bytes that are no ArrayBuffer. */
function requireSource(source: ByteSource): void {
  if (source instanceof ArrayBuffer || Symbol.asyncIterator in (Object(source) as object)) return;
  throw new TypeError(
    `source must be an ArrayBuffer or an async iterable of Uint8Arrays, such as a stream of a file; it is ${shown(source)}. Of a Blob, await blob.arrayBuffer(); of a path in Node, createReadStream(path).`,
  );
}

async function* oneChunk(buffer: ArrayBuffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(buffer));
}

async function* joined(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/** Only what says by its header how long it is can be unpacked within bounds. */
const gunzip = (chunks: AsyncIterable<Uint8Array>, name: string): Promise<BytePieces> =>
  inflate(chunks, {
    format: 'gzip',
    name,
    lengthOf: (head) => {
      if (looksLikeNpy(head)) return npyLength(head, name);
      if (looksLikeIdx(head)) {
        const header = parseIdxHeader(head, name);
        return header && idxLength(header);
      }
      if (head.length < headBytes) return undefined;
      throw unknown(name, head, 'packed by gzip');
    },
  });

const firstBytes = (head: Uint8Array): string =>
  head.length === 0
    ? 'nothing'
    : `the bytes ${[...head.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;

function unknown(name: string, head: Uint8Array, what: string): DataError {
  if (head.length === 0) return new DataError(`${name} is empty.`);
  if (hasUtf16Mark(head)) {
    return new DataError(`${name} is text in UTF-16, as spreadsheets save it. Save it as CSV in UTF-8.`);
  }
  const tar = new TextDecoder('latin1').decode(head.subarray(257, 262)) === 'ustar';
  if (tar) {
    return new DataError(
      `${name} is a tar archive, which is not read; unpack it (tar xf) and name the files in it, such as data_batch_1.bin.`,
    );
  }
  return new DataError(
    `${name}, ${what}, is in none of the formats that are read: it starts with ${firstBytes(head)}. Read are .npy, .npz, IDX (these and .npy also as .gz), CIFAR-10's binary version, whose files have 3073 bytes an image, and CSV in UTF-8.`,
  );
}
