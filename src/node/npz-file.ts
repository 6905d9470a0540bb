import { closeSync, openSync, readSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { CommandError, exitCode } from './command-error.ts';
import { thisOwner } from './owner.ts';

/** Sizes and places are of 32 bits in a zip archive without extensions. */
const most = 2 ** 32 - 1;
const atOnce = 2 ** 20;

/** What a header of an archive says of a file in it. */
interface Entry {
  name: string;
  crc: number;
  size: number;
  at: number;
}

/**
 * Writes the .npy files of a folder as one .npz file, as np.savez does: a zip archive in which they are stored, not packed. It
 * appears whole, under its name, or not at all. Memory: a megabyte, however large they are.
 *
 * Source: PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16.
 * @throws CommandError where it would be of 4 GiB or more
 */
export function writeNpz(folder: string, file: string): void {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.npy'))
    .sort();
  const size = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  if (size + names.length * 1024 > most) {
    throw new CommandError(
      exitCode.output,
      `${basename(file)} would be of ${(size / 2 ** 30).toFixed(1)} GiB, and a zip archive holds less than 4; the arrays are in ${folder}, one by one.`,
    );
  }
  const partial = `${file}.${thisOwner.id}.part`;
  try {
    const out = openSync(partial, 'wx');
    try {
      writeArchive(out, folder, names);
    } finally {
      closeSync(out);
    }
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function writeArchive(out: number, folder: string, names: readonly string[]): void {
  let at = 0;
  const write = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length;) done += writeSync(out, bytes, done);
    at += bytes.length;
  };
  const entries = names.map((name): Entry => {
    const path = join(folder, name);
    const entry = { name, ...checked(path), at };
    write(localHeader(entry));
    for (const piece of piecesOf(path)) write(piece);
    return entry;
  });
  const start = at;
  for (const entry of entries) write(directoryHeader(entry));
  write(endOf(entries.length, start, at - start));
}

/** The checksum stands before what it is of, so that a file is read twice. */
function checked(path: string): { crc: number; size: number } {
  let [crc, size] = [0, 0];
  for (const piece of piecesOf(path)) {
    crc = crc32(piece, crc);
    size += piece.length;
  }
  return { crc, size };
}

/** A file, a megabyte at a time; each piece holds until the next is asked for. */
function* piecesOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  const buffer = new Uint8Array(atOnce);
  try {
    for (;;) {
      const read = readSync(file, buffer);
      if (read === 0) return;
      yield buffer.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}

/** Version 2.0 of the format, names in UTF-8, stored, 1 January 1980. */
const common = [20, 0x0800, 0, 0, 0x0021];

const localHeader = ({ name, crc, size }: Entry): Uint8Array =>
  record([[0x04034b50], common, [crc, size, size], [Buffer.byteLength(name), 0]], name);

const directoryHeader = ({ name, crc, size, at }: Entry): Uint8Array =>
  record(
    [[0x02014b50], [20, ...common], [crc, size, size], [Buffer.byteLength(name), 0, 0, 0, 0], [0, at]],
    name,
  );

const endOf = (count: number, start: number, size: number): Uint8Array =>
  record([[0x06054b50], [0, 0, count, count], [size, start], [0]], '');

/** Numbers of 32 bits and of 16, in turns, and a name. */
function record(numbers: readonly (readonly number[])[], name: string): Uint8Array {
  const parts = numbers.map((group, k) => {
    const wide = k % 2 === 0;
    const part = Buffer.alloc(group.length * (wide ? 4 : 2));
    for (const [i, value] of group.entries()) {
      if (wide) part.writeUInt32LE(value, 4 * i);
      else part.writeUInt16LE(value, 2 * i);
    }
    return part;
  });
  return Buffer.concat([...parts, Buffer.from(name)]);
}
