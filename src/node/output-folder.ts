import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { RunResult, StepRecord } from '../experiment/result.ts';
import type { Spec } from '../experiment/spec.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { jsonText } from '../experiment/json-text.ts';
import { sealedJsonPieces } from './sealed-json.ts';
import { csvHeader, csvRow } from '../experiment/records-csv.ts';
import type { FilePiece } from './serve.ts';

/** Why a point of a sweep has no result, as written to failure.json. */
export interface RunFailure {
  format: 'first-light/failure';
  version: 1;
  spec: Spec;
  error: { name: string; message: string };
}

/**
 * The folder a command writes to. Nothing is created or replaced before the first records are there. Records are
 * appended as they come, so whatever happens later keeps them; every other file appears whole, under its name, or
 * not at all.
 */
export class OutputFolder {
  readonly #wanted: string;
  readonly #explicit: boolean;
  #path: string | undefined;
  /** Folders of runs from which an earlier run's files are gone. */
  readonly #cleared = new Set<string>();
  /** Those whose records.csv has its header. */
  readonly #started = new Set<string>();
  readonly #pieces = new Map<string, number>();

  /** @param explicit Write into `wanted` even if it exists; otherwise add -2, -3, … until the name is free. */
  constructor(wanted: string, explicit: boolean) {
    this.#wanted = resolve(wanted);
    this.#explicit = explicit;
  }

  /** The folder, once there is something in it. */
  get path(): string | undefined {
    return this.#path;
  }

  /** @throws CommandError where the folder cannot be written to, found before anything is computed. */
  check(): void {
    let ancestor = this.#wanted;
    while (!existsSync(ancestor)) ancestor = dirname(ancestor);
    if (ancestor === this.#wanted && !this.#explicit) ancestor = dirname(ancestor);
    try {
      if (!statSync(ancestor).isDirectory()) throw new Error(`${ancestor} is a file`);
      rmdirSync(mkdtempSync(join(ancestor, '.first-light-')));
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  /** Appends records of the run whose files are in `folder` ('' is this folder itself). */
  appendRecords(folder: string, records: readonly StepRecord[]): void {
    if (records.length === 0) return;
    this.#writing(() => {
      const file = join(this.#open(), folder, 'records.csv');
      if (!this.#started.has(folder)) {
        this.#clear(folder);
        makeFolder(dirname(file));
        writeFileSync(file, `${csvHeader(records[0])}\n`);
        this.#started.add(folder);
      }
      appendFileSync(file, records.map((record) => `${csvRow(record)}\n`).join(''));
    });
  }

  /** Writes result.json of the run whose files are in `folder`. */
  writeResult(folder: string, result: RunResult): void {
    this.write(join(folder, 'result.json'), sealedJsonPieces(result));
  }

  /** Writes failure.json in place of what an earlier run left there. */
  writeFailure(folder: string, failure: RunFailure): void {
    this.#writing(() => this.#clear(folder));
    this.write(join(folder, 'failure.json'), jsonText(failure));
  }

  /** Writes a file whole; its text may come in pieces. */
  write(name: string, text: string | Iterable<string>): void {
    this.#writing(() => {
      const file = join(this.#open(), name);
      const partial = `${file}.${process.pid}.part`;
      makeFolder(dirname(file));
      try {
        writePieces(partial, typeof text === 'string' ? [text] : text);
        renameSync(partial, file);
      } catch (error) {
        rmSync(partial, { force: true });
        throw error;
      }
    });
  }

  /** Removes files of this folder, and the figures, that an earlier command wrote. */
  removeEarlier(names: readonly string[]): void {
    this.#writing(() => {
      const path = this.#open();
      for (const name of names) rmSync(join(path, name), { force: true });
      removeFiles(join(path, 'figures'), figureFiles);
    });
  }

  /** Takes a piece of a file from the page; after the last one the file appears under its name. */
  async receive(path: string, { offset, last, bytes }: FilePiece): Promise<void> {
    const file = inside(this.#open(), path);
    const partial = `${file}.${process.pid}.part`;
    if (offset !== (this.#pieces.get(file) ?? 0)) {
      throw new Error(`A piece of ${path} came out of order (at byte ${offset}).`);
    }
    // Arrays may come before the first records.
    const ofRun = /^(?:(.+)\/)?arrays\//.exec(path);
    try {
      if (ofRun) this.#clear(ofRun.at(1) ?? '');
      makeFolder(dirname(file));
      const handle = await open(partial, offset === 0 ? 'w' : 'a');
      let size = offset;
      try {
        for await (const chunk of bytes) {
          await handle.appendFile(chunk);
          size += chunk.byteLength;
        }
      } finally {
        await handle.close();
      }
      this.#pieces.set(file, size);
      if (last) {
        renameSync(partial, file);
        this.#pieces.delete(file);
      }
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  /** Removes files that never became whole. */
  dropPartial(): void {
    for (const file of this.#pieces.keys()) rmSync(`${file}.${process.pid}.part`, { force: true });
    this.#pieces.clear();
  }

  #open(): string {
    if (this.#path !== undefined) return this.#path;
    return this.#writing(() => {
      if (this.#explicit) {
        makeFolder(this.#wanted);
        return (this.#path = this.#wanted);
      }
      makeFolder(dirname(this.#wanted));
      for (let i = 1; ; i++) {
        const path = i === 1 ? this.#wanted : `${this.#wanted}-${i}`;
        try {
          mkdirSync(path);
          return (this.#path = path);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
      }
    });
  }

  /** Removes, once, what an earlier run left in a run's folder. */
  #clear(folder: string): void {
    if (this.#cleared.has(folder)) return;
    this.#cleared.add(folder);
    const path = join(this.#open(), folder);
    if (existsSync(path)) removeEarlierRun(path);
  }

  #writing<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw error instanceof CommandError ? error : this.#unwritable(error);
    }
  }

  #unwritable(error: unknown): CommandError {
    return new CommandError(
      exitCode.output,
      `The results cannot be written to ${this.#path ?? this.#wanted}: ${messageOf(error)}. Choose another folder with --out, or make room and allow writing there.`,
      { cause: error },
    );
  }
}

/** Characters that are written at once: pieces may be short. */
const writtenAtOnce = 2 ** 20;

function writePieces(file: string, pieces: Iterable<string>): void {
  const handle = openSync(file, 'w');
  try {
    let waiting = '';
    for (const piece of pieces) {
      waiting += piece;
      if (waiting.length < writtenAtOnce) continue;
      writeFileSync(handle, waiting);
      waiting = '';
    }
    writeFileSync(handle, waiting);
  } finally {
    closeSync(handle);
  }
}

/** Makes a folder and those above it. (Node's recursive mkdir never returns where a parent takes no folders.) */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The place of a file that the page names, which must lie inside the folder. */
export function inside(folder: string, path: string): string {
  const plain = path.split('/').every((name) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name));
  if (!plain) throw new Error(`The page may not write to ${JSON.stringify(path)}.`);
  return join(folder, path);
}

/** A folder name for what a user called an experiment. */
export const folderName = (name: string): string =>
  name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '') || 'experiment';

/** A path as the user would type it from here. */
export function shown(path: string): string {
  const here = relative(process.cwd(), path);
  return here === '' ? '.' : here.startsWith('..') ? path : here;
}

/** Removes what an earlier run wrote: under the same names it would pass for the new one's. Other files stay. */
function removeEarlierRun(folder: string): void {
  for (const name of ['result.json', 'report.html', 'failure.json']) {
    rmSync(join(folder, name), { force: true });
  }
  removeFiles(join(folder, 'arrays'), /\.npy$/);
  removeFiles(join(folder, 'figures'), figureFiles);
}

const figureFiles = /\.(svg|png)$/;

function removeFiles(folder: string, pattern: RegExp): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (pattern.test(name)) rmSync(join(folder, name), { force: true });
  }
}
