import {
  type Computation,
  type JobError,
  type JobMessage,
  type JobRun,
  type PointsJob,
  hasPoints,
  runsOf,
} from '../experiment/job.ts';
import { recordNumbers } from '../experiment/records-csv.ts';
import type { RunResult, StepRecord } from '../experiment/result.ts';
import { filesOf } from '../experiment/spec-facts.ts';
import { CommandError, exitCode } from './command-error.ts';
import type { OutputFolder } from './output-folder.ts';
import type { Settled } from './point-queue.ts';
import { runEnded, runFailed } from './run-ended.ts';
import { oneLine } from './text.ts';
import { emit } from './voice.ts';

/** `Kept` is what the command holds of a result: of many runs numbers, or memory would grow with their records. */
export interface Outcome<Kept> {
  /** In the order in which they ended; `elsewhere`: by another command that shares the folder. */
  runs: { id: string; label: string; kept: Kept; elsewhere: boolean }[];
  /** Points that ended without a result. */
  failures: { id: string; label: string; error: JobError }[];
  /** Whether the user asked to stop. */
  stopped: boolean;
}

export interface LedgerOptions<Kept> {
  job: Computation;
  /** What is held of a run once its result is on disk. */
  keep: (result: RunResult) => Kept;
  output: OutputFolder;
  /** Folder of a run's files within the output; '' is the output folder itself. */
  folderOf: (run: string) => string;
  /** Called when the first run begins, before anything of it is written. */
  onStart?: () => void;
}

/** Whether it is the page or the browser that failed, which a new one may mend. */
export const isBreakdown = (error: unknown): error is CommandError =>
  error instanceof CommandError && (error.code === exitCode.gpu || error.code === exitCode.unexpected);

/** Writes what the page reports, and knows which run is under way. */
export class Ledger<Kept> {
  readonly outcome: Outcome<Kept> = { runs: [], failures: [], stopped: false };
  readonly #options: LedgerOptions<Kept>;
  readonly #say: (line: string) => void;
  readonly #runs: ReadonlyMap<string, JobRun>;
  /** Of runs that have no result yet: records come as they are made, and the result without them. */
  readonly #records = new Map<string, StepRecord[]>();
  /** Of each run under way, the SHA-256 of its data files as they were read, by the field that names them. */
  readonly #inputs = new Map<string, Map<string, string>>();
  #running: string | undefined;
  #started = false;

  constructor(options: LedgerOptions<Kept>, say: (line: string) => void) {
    this.#options = options;
    this.#say = say;
    this.#runs = new Map(runsOf(options.job).map((run) => [run.id, run]));
  }

  /** The page begins a run: who is to blame if it is never heard of again. */
  begin(run: string): void {
    if (!this.#started) this.#options.onStart?.();
    this.#started = true;
    this.#running = run;
  }

  /** A file that a run's data names has been read, and its SHA-256. */
  enterInput(run: string, field: string, sha256: string): void {
    this.#inputs.set(run, (this.#inputs.get(run) ?? new Map<string, string>()).set(field, sha256));
  }

  /** A point has ended without being run here. */
  settle(settled: Settled): void {
    const { id, label } = settled.run;
    if (settled.kind === 'result') {
      this.outcome.runs.push({ id, label, kept: this.#options.keep(settled.result), elsewhere: true });
      runEnded(settled.run, settled.result, { earlier: true });
      return;
    }
    this.outcome.failures.push({ id, label, error: settled.error });
    runFailed(settled.run, settled.error, { earlier: settled.elsewhere });
    if (!settled.elsewhere) this.#say(`${label} failed: ${oneLine(settled.error.message)}`);
  }

  enter(message: JobMessage): void {
    const { output, folderOf } = this.#options;
    switch (message.kind) {
      case 'event':
        if (message.event.kind === 'prepared') {
          const { preparation, adapter } = message.event;
          emit({ event: 'prepared', run: message.run, preparation, adapter });
        }
        if (message.event.kind === 'records') {
          const { records } = message.event;
          for (const record of records)
            emit({ event: 'record', run: message.run, record: recordNumbers(record) });
          output.appendRecords(folderOf(message.run), records);
          const before = this.#records.get(message.run) ?? [];
          for (const record of records) before.push(record);
          this.#records.set(message.run, before);
        }
        // Whatever happens while arrays are stored, this is kept.
        if (message.event.kind === 'computed') {
          const records = this.#records.get(message.run) ?? [];
          this.#write(message.run, { ...message.event.result, records });
        }
        break;
      case 'result': {
        const result = { ...message.result, records: this.#records.get(message.run) ?? [] };
        this.#records.delete(message.run);
        this.#write(message.run, result);
        this.#inputs.delete(message.run);
        this.#running = undefined;
        this.outcome.runs.push({
          ...this.#named(message.run),
          kept: this.#options.keep(result),
          elsewhere: false,
        });
        runEnded(this.#named(message.run), result);
        break;
      }
      case 'run-failed':
        this.#fail(message.run, message.error);
        break;
    }
  }

  /**
   * What is left to do after a browser broke down; the run that was under way has failed. undefined where a new
   * browser would meet the same end: the trouble is not one run's, or none ended in this one.
   */
  afterBreakdown(job: Computation, error: unknown): PointsJob | undefined {
    if (!hasPoints(job) || !isBreakdown(error)) return undefined;
    if (this.#running !== undefined) this.#fail(this.#running, { name: error.name, message: error.message });
    const ended = new Set([...this.outcome.runs, ...this.outcome.failures].map(({ id }) => id));
    const runs = job.runs.filter(({ id }) => !ended.has(id));
    return runs.length < job.runs.length ? { ...job, runs } : undefined;
  }

  #fail(id: string, error: JobError): void {
    const { output, folderOf } = this.#options;
    const { spec, label } = this.#runs.get(id)!;
    this.#running = undefined;
    this.#records.delete(id);
    this.#inputs.delete(id);
    const { name, message } = error;
    output.writeFailure(folderOf(id), {
      format: 'first-light/failure',
      version: 1,
      spec,
      error: { name, message },
    });
    this.outcome.failures.push({ id, label, error });
    runFailed({ id, label }, error);
    this.#say(`${label} failed: ${oneLine(message)}`);
  }

  #write(run: string, result: RunResult): void {
    const { output, folderOf } = this.#options;
    const read = filesOf(result.spec.data).flatMap(({ field }) => {
      const sha256 = this.#inputs.get(run)?.get(field);
      return sha256 === undefined ? [] : [[field, sha256] as const];
    });
    output.writeResult(folderOf(run), result, Object.fromEntries(read));
  }

  #named(id: string): { id: string; label: string } {
    return { id, label: this.#runs.get(id)?.label ?? id };
  }
}
