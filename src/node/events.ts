import type { Format } from '../data/format.ts';
import type { ClaimSummary } from '../experiment/claims-document.ts';
import type { Diagnosis } from '../experiment/job.ts';
import type { Preparation, RunStatus } from '../experiment/result.ts';
import type { Verification } from '../experiment/verification.ts';
import type { AdapterDescription } from '../gpu/device.ts';
import type { TileCacheEntry } from '../tuning/tile-cache.ts';
import type { FoundBrowser } from './browser-find.ts';
import type { ExitCode } from './command-error.ts';
import type { RuntimeName } from './own-runtime.ts';

/** What a file of data holds. */
export interface DataContents {
  format: Format;
  shape: readonly number[];
  /** Of a table, the names of its columns; null where no line has them. */
  columns: readonly string[] | null;
  /** How many there are of each label; null where these are no labels. */
  labels: { label: number; name?: string | undefined; count: number }[] | null;
}

/**
 * What a command says to programs (--json): one event a line on stdout, as JSON, and nothing else there. `run` is the id
 * of a run: "run", or that of a point, which names its folder. Paths are absolute. Numbers that are not finite are the
 * strings "NaN", "Infinity" and "-Infinity". Readers leave alone what they do not know: events and fields may be added.
 */
export type ScriptEvent =
  /** The first. */
  | { event: 'start'; command: string; version: string }
  /** The folder of the results is taken: of so many runs. */
  | { event: 'folder'; path: string; runs: number }
  /** A run begins: its sizes and constants, and what it is computed on. */
  | { event: 'prepared'; run: string; preparation: Preparation; adapter: AdapterDescription }
  /** How far the whole command is, 0 to 1, and the run under way; `doing`: what takes longer than a step does. */
  | {
      event: 'progress';
      run: string;
      label: string;
      fraction: number;
      step: number;
      steps: number;
      doing?: string | undefined;
    }
  /** What was measured at a recorded step, by the names of the columns of records.csv, "step" among them. */
  | { event: 'record'; run: string; record: Record<string, number> }
  /** A run has ended, here or (`earlier`) in another command: how, and its numbers, as in runs.csv. */
  | {
      event: 'run';
      run: string;
      label: string;
      status: RunStatus | { kind: 'failed'; name: string; message: string };
      measures: Record<string, number>;
      earlier: boolean;
    }
  /** What was found of a claim, as in claims.json. */
  | ({ event: 'claim' } & ClaimSummary)
  /** A file or folder of results that is there now. */
  | { event: 'file'; path: string; what: string }
  /** Something worth knowing, in words; a warning is about what may not be as you want it. */
  | { event: 'note' | 'warning'; message: string }
  /** first-light doctor */
  | { event: 'diagnosis'; browser: FoundBrowser; diagnosis: Diagnosis; advice: string }
  /** The same of a runtime without a browser: null where it is not installed. */
  | {
      event: 'runtime';
      runtime: RuntimeName;
      works: boolean;
      drivers: string | null;
      diagnosis: Diagnosis | null;
      words: string;
    }
  /** first-light tune; `used`: it is of the shaders of this version. */
  | { event: 'tuned'; entry: TileCacheEntry; used: boolean }
  /** first-light presets */
  | { event: 'preset'; name: string; kind: 'spec' | 'sweep'; description: string; content: unknown }
  /** first-light data: a set that is known, and the `data` of a spec that reads it where it was found. */
  | { event: 'data-set'; name: string; data: Record<string, unknown> | null; source: string }
  | ({ event: 'data-file'; path: string } & DataContents)
  /** first-light sweep --dry-run: a point, and the values that vary. */
  | { event: 'point'; run: string; label: string; values: Record<string, number | string> }
  /** first-light verify */
  | ({ event: 'verification' } & Verification)
  /** --status: how a point stands, and why in a few words. */
  | { event: 'state'; run: string; state: 'done' | 'running' | 'failed' | 'left'; why: string | null }
  /** --slurm: the script, and the job where it was submitted. */
  | { event: 'slurm'; script: string; tasks: number; job: string | null }
  /** The last: what the command ends with, and why where it is not 0. */
  | { event: 'end'; code: ExitCode; error: { name: string; message: string } | null };
