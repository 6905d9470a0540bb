import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { messageOf } from './command-error.ts';
import { withNumbers } from '../experiment/json-text.ts';
import { isSealed } from './sealed-json.ts';
import type { RunFailure } from './output-folder.ts';
import { oneLine } from './text.ts';

/**
 * What an earlier start left of a run: its result, nothing, or something to be run again, and why in a few words. `stopped`: the
 * result of one that was stopped, whole up to there.
 */
export type Saved =
  | { kind: 'result'; result: RunResult }
  | { kind: 'none' }
  | { kind: 'unusable'; why: string; stopped?: RunResult };

/** Why a result cannot be used that is of other settings. */
export const ofAnotherSpec = 'of another spec';

/** Looks for a run's whole result in its folder; one that diverged is whole. */
export function savedResult(folder: string, spec: Spec, arrays: boolean): Saved {
  const file = join(folder, 'result.json');
  if (!existsSync(file)) {
    if (existsSync(join(folder, 'failure.json'))) return unusable('failed before');
    return existsSync(join(folder, 'records.csv')) ? unusable('left half-written') : { kind: 'none' };
  }
  let saved: Partial<ResultDocument | DeepDocument> | null;
  try {
    saved = JSON.parse(readFileSync(file, 'utf8')) as Partial<ResultDocument | DeepDocument> | null;
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
  if (!isDeepStrictEqual(saved.spec, JSON.parse(JSON.stringify(spec)))) return unusable(ofAnotherSpec);
  if (saved.provenance.firstLight !== version) {
    return unusable(`of First Light ${saved.provenance.firstLight}; this is ${version}`);
  }
  const stopped = saved.status.kind === 'stopped';
  if (!stopped && arrays && !existsSync(join(folder, 'arrays', 'X_train.npy')))
    return unusable('without arrays');
  const document = { ...(withNumbers(saved) as ResultDocument | DeepDocument), spec };
  const why = disagreement(document, spec);
  if (why !== null) return unusable(`its result.json does not agree with itself: ${why}`);
  const result = resultOf(document);
  if (stopped) return { ...unusable('stopped'), stopped: result };
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

const recordsCsv = ({ records }: RunResult): string =>
  records.length === 0 ? '' : [csvHeader(records[0]), ...records.map(csvRow), ''].join('\n');

const unusable = (why: string): Extract<Saved, { kind: 'unusable' }> => ({ kind: 'unusable', why });

/** Deeper than a result ever is: what is made of it calls itself as deep. */
function nestedDeep(value: unknown, levels = 32): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((entry) => nestedDeep(entry, levels - 1));
}

const isWhole = (
  saved: Partial<ResultDocument | DeepDocument> | null,
): saved is ResultDocument | DeepDocument =>
  saved?.format === 'first-light/result' &&
  [saved.spec, saved.provenance, saved.status, saved.preparation].every(
    (part: unknown) => typeof part === 'object' && part !== null,
  ) &&
  Array.isArray(saved.records) &&
  Array.isArray(saved.claims);
