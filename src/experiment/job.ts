import type { AdapterDescription } from '../gpu/device.ts';
import type { TileCache, TileCacheEntry } from '../tuning/tile-cache.ts';
import type { ExperimentSizes } from '../tuning/trial.ts';
import type { ReproductionSize } from './reproduction.ts';
import type { Earlier } from './continuation.ts';
import type { RunEvent, RunResult } from './result.ts';
import type { Spec } from './spec.ts';
import type { VerificationChoice, VerificationEvent } from './verification.ts';

/** One run that the command line asks its page for. */
export interface JobRun {
  id: string;
  label: string;
  spec: Spec;
  /** Send the arrays of the run (data, parameters, outputs) as .npy files. */
  arrays: boolean;
  /** What an earlier part of it left, whose state is its input "state"; it goes on there. */
  from?: Earlier;
}

/** What the command line asks its page to do; the page fetches it, as JSON, when it opens. */
export type Job =
  | { kind: 'diagnosis' }
  /** Time the tiles for experiments of these sizes, or of usual ones where there are none; the budget in ms. */
  | { kind: 'tuning'; sizes: ExperimentSizes[]; budget: number }
  | ({ kind: 'verification' } & VerificationChoice)
  | Computation;

/** A job with something to compute. */
export type Computation = {
  /** Bytes of memory that are free on this machine: what a software adapter can use. */
  hostMemory: number;
  /** Tiles that were measured to be the fastest, on this adapter and on others. */
  tiles: TileCache;
} & (
  | { kind: 'run'; run: JobRun }
  | {
      kind: 'reproduction';
      title: string;
      size: ReproductionSize;
      runs: JobRun[];
      sweep: { label: string; runs: JobRun[] };
    }
  /** The runs that are still to do, as far as is known at the start: the page asks for one after the other. */
  | { kind: 'sweep'; runs: JobRun[] }
  /** Likewise, with a report on all of them, which the page draws from the document that it asks for at the end. */
  | { kind: 'claims'; runs: JobRun[] }
);

/** The runs of a job, in their order. */
export function runsOf(job: Job): JobRun[] {
  switch (job.kind) {
    case 'diagnosis':
    case 'tuning':
    case 'verification':
      return [];
    case 'run':
      return [job.run];
    case 'reproduction':
      return [...job.runs, ...job.sweep.runs];
    case 'sweep':
    case 'claims':
      return job.runs;
  }
}

export type PointsJob = Extract<Computation, { kind: 'sweep' | 'claims' }>;

/** Whether the runs of a job are points of their own: one that fails does not end the others. */
export const hasPoints = (job: Job): job is PointsJob => job.kind === 'sweep' || job.kind === 'claims';

/** An error as it travels: its class name and message say all that the user is told. */
export interface JobError {
  name: string;
  message: string;
  stack?: string | undefined;
}

/** What a browser has to offer, as its page sees it. */
export interface Diagnosis {
  userAgent: string;
  webGpu: boolean;
  adapter: AdapterDescription | null;
  error: JobError | null;
}

/** What the page posts to the command line, in order. */
export type JobMessage =
  | { kind: 'diagnosis'; diagnosis: Diagnosis }
  | { kind: 'tuned'; entry: TileCacheEntry }
  | { kind: 'verifying'; event: VerificationEvent }
  | { kind: 'event'; run: string; event: RunEvent }
  /** Its records are those of the events before it: in here there are none, for nothing travels twice. */
  | { kind: 'result'; run: string; result: RunResult }
  /** One of several points; the page goes on with the next. */
  | { kind: 'run-failed'; run: string; error: JobError }
  /** What takes time after the runs. */
  | { kind: 'busy'; with: string }
  | { kind: 'failed'; error: JobError }
  | { kind: 'done' };

/** JSON in which numbers that are not finite survive, each as {"number": "NaN"}. */
export const toWire = (value: unknown): string =>
  JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'number' && !Number.isFinite(entry) ? { number: String(entry) } : entry,
  );

export const fromWire = (text: string): unknown =>
  // To look at every entry takes ten times as long as to read them, and hardly any text has such a number.
  text.includes('{"number":')
    ? JSON.parse(text, (_key, entry: unknown) => {
        if (typeof entry !== 'object' || entry === null) return entry;
        const { number, ...rest } = entry as { number?: unknown };
        return typeof number === 'string' && Object.keys(rest).length === 0 ? Number(number) : entry;
      })
    : JSON.parse(text);
