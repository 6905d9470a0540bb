import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { version } from '../../package.json';
import { csvHeader, csvRow } from '../experiment/records-csv.ts';
import { disagreement } from '../experiment/result-agreement.ts';
import { isTwoLayer } from '../experiment/network-facts.ts';
import {
  type DeepDocument,
  type ResultDocument,
  documentVersions,
  resultOf,
} from '../experiment/result-document.ts';
import type { RunResult } from '../experiment/result.ts';
import type { Spec } from '../experiment/spec.ts';
import { filesOf } from '../experiment/spec-facts.ts';
import { CommandError, exitCode, messageOf } from './command-error.ts';
import { sha256Of } from './file-sum.ts';
import { withNumbers } from '../experiment/json-text.ts';
import { isSealed } from './sealed-json.ts';
import { type FileSums, type RunFailure, shown } from './output-folder.ts';
import { oneLine } from './text.ts';

/** What result.json holds. */
type SavedDocument = (ResultDocument | DeepDocument) & FileSums;

/**
 * What an earlier start left of a run: its result, nothing, or something to be run again, and why in a few words. `another`: it
 * may well be whole, but is of another spec or of other data. `stopped`: the result of one that was stopped, whole up to there,
 * and the SHA-256 of what it had learned.
 */
export type Saved =
  | { kind: 'result'; result: RunResult }
  | { kind: 'none' }
  | {
      kind: 'unusable';
      why: string;
      another?: true;
      stopped?: { result: RunResult; state: string | undefined };
    };

/**
 * Looks for a run's whole result in its folder; one that diverged is whole.
 * @param inputFile the file that this field of the spec's data names; without it, files may have changed since
 * @throws CommandError where such a file cannot be read
 */
export function savedResult(
  folder: string,
  spec: Spec,
  arrays: boolean,
  inputFile: (field: string) => string | undefined = () => undefined,
): Saved {
  const file = join(folder, 'result.json');
  if (!existsSync(file)) {
    if (existsSync(join(folder, 'failure.json'))) return unusable('failed before');
    return existsSync(join(folder, 'records.csv')) ? unusable('left half-written') : { kind: 'none' };
  }
  let saved: Partial<SavedDocument> | null;
  try {
    saved = JSON.parse(readFileSync(file, 'utf8')) as Partial<SavedDocument> | null;
  } catch (error) {
    return unusable(`its result.json is damaged: ${oneLine(messageOf(error))}`);
  }
  const expected = isTwoLayer(spec.network) ? documentVersions.twoLayers : documentVersions.deep;
  if (saved?.format === 'first-light/result' && (saved.version as number) !== expected) {
    return unusable(
      `its result.json is of format version ${saved.version}; this First Light writes ${expected} of such a network`,
    );
  }
  if (nestedDeep(saved) || !isWhole(saved)) return unusable('its result.json is damaged: parts are missing');
  if (!isSealed(saved)) return unusable('its result.json was changed or is damaged: its checksum differs');
  const records = join(folder, 'records.csv');
  if (!existsSync(records)) return unusable('without records.csv');
  if (!isDeepStrictEqual(saved.spec, JSON.parse(JSON.stringify(spec)))) {
    return { ...unusable('of another spec'), another: true };
  }
  if (saved.provenance.firstLight !== version) {
    return unusable(`of First Light ${saved.provenance.firstLight}; this is ${version}`);
  }
  const files = filesOf(spec.data).flatMap(({ field, file }) => {
    const path = inputFile(field);
    return path === undefined ? [] : [{ file, then: saved.inputs?.[field], now: sumOfInput(path) }];
  });
  const untold = files.find(({ then }) => then === undefined);
  if (untold) return unusable(`its result.json does not say what ${untold.file} held`);
  const changed = new Set(files.filter(({ then, now }) => then !== now).map(({ file }) => file));
  if (changed.size > 0) return { ...unusable(`of other data in ${[...changed].join(', ')}`), another: true };
  const stopped = saved.status.kind === 'stopped';
  if (!stopped && arrays && !existsSync(join(folder, 'arrays', 'X_train.npy')))
    return unusable('without arrays');
  const document = { ...(withNumbers(saved) as ResultDocument | DeepDocument), spec };
  const why = disagreement(document, spec);
  if (why !== null) return unusable(`its result.json does not agree with itself: ${why}`);
  const result = resultOf(document);
  if (stopped) return { ...unusable('stopped'), stopped: { result, state: saved.state } };
  if (recordsCsv(result) !== readFileSync(records, 'utf8')) {
    return unusable('its records.csv is not that of its result.json');
  }
  return { kind: 'result', result };
}

/** Why a run of this spec failed, as its folder has it. */
export function savedFailure(folder: string, spec: Spec): { name: string; message: string } | undefined {
  try {
    const text = readFileSync(join(folder, 'failure.json'), 'utf8');
    const { error, spec: failed } = JSON.parse(text) as Partial<RunFailure>;
    return isDeepStrictEqual(failed, JSON.parse(JSON.stringify(spec))) ? error : undefined;
  } catch {
    return undefined; // none, or damaged
  }
}

/** Why a run cannot go on from this file of what it had learned, whose SHA-256 its result.json tells; null where it can. */
export function whyStateUnusable(file: string, sha256: string | undefined): string | null {
  if (!existsSync(file)) return 'what it had learned was not kept';
  const name = basename(file);
  if (sha256 === undefined) return `its result.json does not say what ${name} held`;
  try {
    return sha256Of(file) === sha256 ? null : `its ${name} was changed or is damaged: its checksum differs`;
  } catch (error) {
    return `its ${name} cannot be read: ${messageOf(error)}`;
  }
}

function sumOfInput(path: string): string {
  try {
    return sha256Of(path);
  } catch (error) {
    throw new CommandError(exitCode.input, `${shown(path)} cannot be read: ${messageOf(error)}.`);
  }
}

const recordsCsv = ({ records }: RunResult): string =>
  records.length === 0 ? '' : [csvHeader(records[0]), ...records.map(csvRow), ''].join('\n');

const unusable = (why: string): Extract<Saved, { kind: 'unusable' }> => ({ kind: 'unusable', why });

/** Deeper than a result ever is: what is made of it calls itself as deep. */
function nestedDeep(value: unknown, levels = 32): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((entry) => nestedDeep(entry, levels - 1));
}

const isWhole = (saved: Partial<SavedDocument> | null): saved is SavedDocument =>
  saved?.format === 'first-light/result' &&
  [saved.spec, saved.provenance, saved.status, saved.preparation].every(
    (part: unknown) => typeof part === 'object' && part !== null,
  ) &&
  Array.isArray(saved.records) &&
  Array.isArray(saved.claims);
