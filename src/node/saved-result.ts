import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { version } from '../../package.json';
import type { RunResult } from '../experiment/result.ts';
import type { Spec } from '../experiment/spec.ts';
import { messageOf } from './command-error.ts';
import { withNumbers } from '../experiment/json-text.ts';
import { isSealed } from './sealed-json.ts';
import type { RunFailure } from './output-folder.ts';
import { oneLine } from './text.ts';

/** What an earlier start left of a run: its result, nothing, or something to be run again, and why in a few words. */
export type Saved =
  { kind: 'result'; result: RunResult } | { kind: 'none' } | { kind: 'unusable'; why: string };

/** Looks for a run's whole result in its folder; one that diverged is whole. */
export function savedResult(folder: string, spec: Spec, arrays: boolean): Saved {
  const file = join(folder, 'result.json');
  if (!existsSync(file)) {
    if (existsSync(join(folder, 'failure.json'))) return unusable('failed before');
    return existsSync(join(folder, 'records.csv')) ? unusable('left half-written') : { kind: 'none' };
  }
  let saved: Partial<RunResult>;
  try {
    saved = JSON.parse(readFileSync(file, 'utf8')) as Partial<RunResult>;
  } catch (error) {
    return unusable(`its result.json is damaged: ${oneLine(messageOf(error))}`);
  }
  if (!isWhole(saved)) return unusable('its result.json is damaged: parts are missing');
  if (!isSealed(saved)) return unusable('its result.json was changed or is damaged: its checksum differs');
  if (!existsSync(join(folder, 'records.csv'))) return unusable('without records.csv');
  if (!isDeepStrictEqual(saved.spec, JSON.parse(JSON.stringify(spec)))) return unusable('of another spec');
  if (saved.provenance.firstLight !== version) {
    return unusable(`of First Light ${saved.provenance.firstLight}; this is ${version}`);
  }
  if (saved.status.kind === 'stopped') return unusable('stopped');
  if (arrays && !existsSync(join(folder, 'arrays', 'X_train.npy'))) return unusable('without arrays');
  return { kind: 'result', result: { ...(withNumbers(saved) as RunResult), spec } };
}

/** Why a run failed, as its folder has it. */
export function savedFailure(folder: string): { name: string; message: string } | undefined {
  try {
    const { error } = JSON.parse(readFileSync(join(folder, 'failure.json'), 'utf8')) as Partial<RunFailure>;
    return error;
  } catch {
    return undefined; // none, or damaged
  }
}

const unusable = (why: string): Saved => ({ kind: 'unusable', why });

const isWhole = (saved: Partial<RunResult> | null): saved is RunResult =>
  saved?.format === 'first-light/result' &&
  (saved.version as number) === 1 &&
  saved.spec !== undefined &&
  saved.provenance !== undefined &&
  saved.status !== undefined &&
  saved.preparation !== undefined &&
  Array.isArray(saved.records) &&
  Array.isArray(saved.claims);
