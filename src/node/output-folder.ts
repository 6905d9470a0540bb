import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { stateFile, stateFiles } from '../experiment/stopped-state.ts';
import { documentOf } from '../experiment/result-document.ts';
import type { RunResult, StepRecord } from '../experiment/result.ts';
import type { Spec } from '../experiment/spec.ts';
import { clause } from '../gpu/errors.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { jsonText } from '../experiment/json-text.ts';
import { sha256Of } from './file-sum.ts';
import { type FolderLease, type Waiting, takeFolder } from './folder-lease.ts';
import { thisOwner } from './owner.ts';
import { writeNpz } from './npz-file.ts';
import { type Plan, hashOf, isOf, planFile } from './plan.ts';
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

/** What result.json says beside the result: the SHA-256 of files that belong to it. */
export interface FileSums {
  /** Of the files of its data as they were read, by the field that names them; absent where it names none. */
  inputs?: Record<string, string>;
  /** Of what training had learned; absent where nothing was kept. */
  state?: string;
}

/** How a command takes its folder. */
export interface Reservation extends Waiting {
  /** Named by the user, it is written into even if it exists; otherwise -2, -3, … are tried until a name is free. */
  explicit: boolean;
  /** What the folder is of, where it holds points: commands with the same plan share it. Without one, one is alone. */
  plan?: Plan;
}

/**
 * The folder a command writes to, which is its own from the start to the end. Nothing in it is replaced before the first
 * records are there, and it goes again where nothing comes. Records are appended as they come, so whatever happens later
 * keeps them; every other file appears whole, under its name, or not at all.
 */
export class OutputFolder {
  readonly path: string;
  readonly #lease: FolderLease;
  readonly #made: readonly string[];
  #written = false;
  /** Folders of runs from which an earlier run's files are gone. */
  readonly #cleared = new Set<string>();
  /** records.csv of each run, open for what comes. */
  readonly #records = new Map<string, number>();
  readonly #pieces = new Map<string, number>();

  /**
   * Takes a folder before anything is computed.
   * @throws CommandError where it cannot be written to, or another command is at work in it.
   */
  static async reserve(wanted: string, { explicit, plan, ...waiting }: Reservation): Promise<OutputFolder> {
    const path = resolve(wanted);
    const shared = plan && hashOf(plan);
    try {
      checkLength(path);
      if (explicit) {
        const made = makeFolder(path);
        return new OutputFolder(path, await takeFolder(path, shared, waiting), made);
      }
      for (let k = 1; ; k++) {
        const name = k === 1 ? path : `${path}-${k}`;
        const taken = await takeName(name, plan, waiting);
        if (taken) return new OutputFolder(name, taken.lease, taken.made);
      }
    } catch (error) {
      throw error instanceof CommandError ? error : unwritable(path, error);
    }
  }

  /** @param made The folders that were made for it, innermost last. */
  private constructor(path: string, lease: FolderLease, made: readonly string[]) {
    this.path = path;
    this.#lease = lease;
    this.#made = made;
    if (open.size === 0) process.once('exit', closeAll);
    open.add(this);
  }

  /** Gives the folder back, as happens by itself when the process ends. */
  close(): void {
    this.dropPartial();
    this.#lease.release();
    if (!this.#written) removeFolders(this.#made);
    open.delete(this);
    if (open.size === 0) process.off('exit', closeAll);
  }

  /** Leaves what an earlier part of a run wrote in a folder until what takes its place is there. */
  keepEarlier(folder: string): void {
    this.#cleared.add(folder);
  }

  /** Removes the states of earlier stops but for that of this one, where there was one. */
  dropStates(stopped?: number): void {
    for (const name of readdirSync(this.path)) {
      if (!stateFiles.test(name) || (stopped !== undefined && name === stateFile(stopped))) continue;
      this.#writing(() => rmSync(join(this.path, name), { force: true }));
    }
  }

  /** Whether anything was written. */
  get written(): boolean {
    return this.#written;
  }

  /** Appends records of the run whose files are in `folder` ('' is this folder itself). */
  appendRecords(folder: string, records: readonly StepRecord[]): void {
    if (records.length === 0) return;
    this.#writing(() => {
      let file = this.#records.get(folder);
      if (file === undefined) {
        this.#clear(folder);
        const path = join(this.path, folder, 'records.csv');
        makeFolder(dirname(path));
        // A new file: what lies there may be a link to somewhere else.
        rmSync(path, { force: true });
        file = openSync(path, 'ax');
        this.#records.set(folder, file);
        writeWhole(file, `${csvHeader(records[0])}\n`);
      }
      writeWhole(file, records.map((record) => `${csvRow(record)}\n`).join(''));
    });
  }

  /** Writes result.json of the run whose files are in `folder`, with the SHA-256 of the files that it read, and of its state. */
  writeResult(folder: string, result: RunResult, inputs: FileSums['inputs'] = {}): void {
    this.#endRecords(folder);
    const { status } = result;
    const state = status.kind === 'stopped' && join(this.path, folder, stateFile(status.step));
    const sums: FileSums = {
      ...(Object.keys(inputs).length > 0 && { inputs }),
      ...(state && existsSync(state) && { state: sha256Of(state) }),
    };
    this.write(join(folder, 'result.json'), sealedJsonPieces({ ...documentOf(result), ...sums }));
  }

  /** Writes failure.json in place of what an earlier run left there. */
  writeFailure(folder: string, failure: RunFailure): void {
    this.#endRecords(folder);
    this.#writing(() => this.#clear(folder));
    this.write(join(folder, 'failure.json'), jsonText(failure));
  }

  /** Writes a file whole; its text may come in pieces. */
  write(name: string, text: string | Iterable<string>): void {
    this.#writing(() => {
      const file = join(this.path, name);
      const partial = partOf(file);
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

  /** Writes the arrays of its run as one file, too. @returns whether there are any; a run that was stopped early has none */
  packArrays(): boolean {
    const arrays = join(this.path, 'arrays');
    if (!existsSync(arrays)) return false;
    this.#writing(() => writeNpz(arrays, join(this.path, npzName)));
    return true;
  }

  /** Removes files of this folder, and the figures, that an earlier command wrote. */
  removeEarlier(names: readonly string[]): void {
    this.#writing(() => {
      for (const name of names) rmSync(join(this.path, name), { force: true });
      removeFiles(join(this.path, 'figures'), figureFiles);
    });
  }

  /** Takes a piece of a file from the page; after the last one the file appears under its name. */
  async receive(path: string, { offset, last, bytes }: FilePiece): Promise<void> {
    const file = inside(this.path, path);
    const partial = partOf(file);
    if (offset !== (this.#pieces.get(file) ?? 0)) {
      throw new Error(`A piece of ${path} came out of order (at byte ${offset}).`);
    }
    // Arrays may come before the first records.
    const ofRun = /^(?:(.+)\/)?arrays\//.exec(path);
    try {
      if (ofRun) this.#clear(ofRun.at(1) ?? '');
      makeFolder(dirname(file));
      const handle = await openFile(partial, offset === 0 ? 'wx' : 'a');
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
    for (const file of this.#pieces.keys()) rmSync(partOf(file), { force: true });
    this.#pieces.clear();
    for (const folder of [...this.#records.keys()]) this.#endRecords(folder);
  }

  #endRecords(folder: string): void {
    const file = this.#records.get(folder);
    if (file !== undefined) closeSync(file);
    this.#records.delete(folder);
  }

  /** Removes, once, what an earlier run left in a run's folder. */
  #clear(folder: string): void {
    if (this.#cleared.has(folder)) return;
    this.#cleared.add(folder);
    const path = join(this.path, folder);
    if (existsSync(path)) removeEarlierRun(path);
  }

  #writing<T>(write: () => T): T {
    try {
      this.#lease.check();
      this.#written = true;
      return write();
    } catch (error) {
      throw error instanceof CommandError ? error : this.#unwritable(error);
    }
  }

  #unwritable(error: unknown): CommandError {
    return unwritable(this.path, error);
  }
}

/** Characters that are written at once: pieces may be short. */
const writtenAtOnce = 2 ** 20;

function writePieces(file: string, pieces: Iterable<string>): void {
  const handle = openSync(file, 'wx');
  try {
    let waiting = '';
    for (const piece of pieces) {
      waiting += piece;
      if (waiting.length < writtenAtOnce) continue;
      writeWhole(handle, waiting);
      waiting = '';
    }
    writeWhole(handle, waiting);
  } finally {
    closeSync(handle);
  }
}

/** Those of this process. */
const open = new Set<OutputFolder>();
const closeAll = (): void => {
  for (const folder of open) folder.close();
};

/** Why nothing can be written to a folder, and what to do. */
export const unwritable = (path: string, error: unknown): CommandError =>
  new CommandError(
    exitCode.output,
    `The results cannot be written to ${path}: ${clause(reasonOf(path, error))}. Choose another folder with --out, or make room and allow writing there.`,
    { cause: error },
  );

function reasonOf(path: string, error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'ENAMETOOLONG') {
    return `a name in this path is too long for the file system, or all of it is (${Buffer.byteLength(path)} bytes)`;
  }
  return messageOf(error);
}

/** A system may take a part of what it is given at a time. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** Of two commands that write the same file, each has a part of its own. */
const partOf = (file: string): string => `${file}.${thisOwner.id}.part`;
const parts = /\.[0-9a-f]{12}\.part$/;

/** The longest name below a run's folder, and more: with it, no path there passes the system's limit. */
const longestBelow = join('figures', 'f'.repeat(120));

/** @throws the system's error where paths in this folder would be too long for it. */
export function checkLength(path: string): void {
  try {
    lstatSync(join(path, longestBelow));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENAMETOOLONG') throw error;
  }
}

/** Takes a name that the user has not chosen, where it is free or has the points of this plan. */
async function takeName(
  path: string,
  plan: Plan | undefined,
  waiting: Waiting,
): Promise<{ lease: FolderLease; made: string[] } | undefined> {
  const above = makeFolder(dirname(path));
  let made: string[] = [];
  try {
    if (plan ? makeWith(path, plan) : makeAlone(path)) made = [...above, path];
  } catch (error) {
    removeFolders(above);
    throw error;
  }
  if (made.length === 0 && !(plan && isOf(path, plan))) return undefined;
  return { lease: await takeFolder(path, plan && hashOf(plan), waiting), made };
}

function makeAlone(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Makes a folder with a plan in it, aside: for others it is there with the plan or not at all. */
function makeWith(path: string, plan: Plan): boolean {
  if (existsSync(path)) return false;
  const aside = mkdtempSync(join(dirname(path), '.first-light-'));
  try {
    writeFileSync(join(aside, planFile), jsonText(plan));
    return renamed(aside, path);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** false where the name is taken. */
function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return false;
    }
    throw error;
  }
}

/**
 * Makes a folder and those above it; returns those that it made. (Node's recursive mkdir never returns where a parent
 * takes no folders.)
 */
function makeFolder(path: string): string[] {
  // What lies above it comes first: below a file there is nothing to be asked about.
  const above = dirname(path) === path ? [] : makeFolder(dirname(path));
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return above;
  if (found) throw new Error(`${path} is a file`);
  if (lstatSync(path, { throwIfNoEntry: false })) {
    throw new Error(`${path} is a symbolic link to ${readlinkSync(path)}, which is not there`);
  }
  try {
    mkdirSync(path);
    return [...above, path];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return above;
    removeFolders(above);
    throw error;
  }
}

/** Removes folders that were made, innermost first, as far as they are empty but for the plan of points that never came. */
function removeFolders(made: readonly string[]): void {
  for (const path of made.toReversed()) {
    try {
      if (readdirSync(path).every((name) => name === planFile)) rmSync(join(path, planFile), { force: true });
      rmdirSync(path);
    } catch {
      return; // somebody uses it
    }
  }
}

/** The place of a file that the page names, which must lie inside the folder. */
export function inside(folder: string, path: string): string {
  const plain = path.split('/').every((name) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name));
  if (!plain) throw new Error(`The page may not write to ${JSON.stringify(path)}.`);
  return join(folder, path);
}

/**
 * A folder name for what a user called an experiment. Of a long name it is the beginning: file systems take 255 bytes, of which
 * others, such as the number of a folder that is taken, need some.
 */
export function folderName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '');
  let start = '';
  let bytes = 0;
  for (const character of plain) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostNameBytes) break;
    start += character;
  }
  return start.replace(/[.-]+$/, '') || 'experiment';
}

const mostNameBytes = 200;

/** A path as the user would type it from here. */
export function shown(path: string): string {
  const here = relative(process.cwd(), path);
  return here === '' ? '.' : here.startsWith('..') ? path : here;
}

/** Removes what an earlier run wrote: under the same names it would pass for the new one's. Other files stay. */
function removeEarlierRun(folder: string): void {
  for (const name of ['result.json', 'report.html', 'failure.json', npzName]) {
    rmSync(join(folder, name), { force: true });
  }
  removeFiles(folder, parts);
  removeFiles(folder, stateFiles);
  removeFiles(join(folder, 'arrays'), /\.npy$|\.part$/);
  removeFiles(join(folder, 'figures'), figureFiles);
}

/** The arrays of a run in one file. */
export const npzName = 'arrays.npz';

const figureFiles = /\.(svg|png|pdf|part)$/;

function removeFiles(folder: string, pattern: RegExp): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (pattern.test(name)) rmSync(join(folder, name), { force: true });
  }
}
