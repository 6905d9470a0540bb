import { freemem } from 'node:os';
import type { ClaimsDocument } from '../experiment/claims-document.ts';
import {
  type Computation,
  type JobError,
  type JobMessage,
  type JobRun,
  type PointsJob,
  hasPoints,
  runsOf,
} from '../experiment/job.ts';
import type { RunResult } from '../experiment/result.ts';
import { CommandError, exitCode } from './command-error.ts';
import { interruptible } from './interrupt.ts';
import { type OutputFolder, shown } from './output-folder.ts';
import { type Progress, createProgress } from './progress.ts';
import { type BrowserFlags, runSession } from './session.ts';
import { adapterName } from './summary.ts';
import { oneLine } from './text.ts';

export interface ComputeOptions {
  job: Computation;
  flags: BrowserFlags;
  output: OutputFolder;
  /** Folder of a run's files within the output; '' is the output folder itself. */
  folderOf: (run: string) => string;
  /** The file that a run's spec names in this field of its data. */
  inputFile: (run: string, field: string) => string | undefined;
  /** Called when the first run begins, before anything of it is written. */
  onStart?: () => void;
  /** What a job of claims makes its report of, from what was computed so far. */
  claims?: (outcome: Outcome) => ClaimsDocument;
}

export interface Outcome {
  /** In the order in which they ended. */
  runs: { id: string; label: string; result: RunResult }[];
  /** Points that ended without a result. */
  failures: { id: string; label: string; error: JobError }[];
  /** Whether the user asked to stop. */
  stopped: boolean;
}

/**
 * Has a job computed in a browser, with progress on the terminal; records, results and files go to the output folder
 * as they come. Where the job is one of points, a point at which the page or the browser breaks down is recorded as
 * failed, and a new browser goes on with the rest.
 * @throws CommandError; it says where what was recorded before is kept.
 */
export async function compute(options: ComputeOptions): Promise<Outcome> {
  const { job, flags, output, inputFile, claims } = options;
  output.check();
  const progress = createProgress();
  const say = progress.say.bind(progress);
  const track = new Track(job, progress);
  const ledger = new Ledger(options, say);
  const { outcome } = ledger;

  const tidy = () => {
    progress.stop();
    output.dropPartial();
  };
  process.once('exit', tidy);
  try {
    await interruptible(say, async (stop) => {
      let rest = job;
      while (!(rest.kind === 'sweep' && rest.runs.length === 0)) {
        try {
          await runSession({
            ...flags,
            job: rest,
            inputFile,
            claims: claims && (() => claims(outcome)),
            receive: (message) => {
              track.follow(message);
              ledger.enter(message);
            },
            receiveFile: (path, piece) => output.receive(path, piece),
            stop,
            say,
          });
          break;
        } catch (error) {
          const left = stop.aborted ? undefined : ledger.afterBreakdown(rest, error);
          if (!left) throw error;
          rest = left;
          if (left.runs.length > 0) say('Going on with the other points in a new browser.');
        }
      }
      outcome.stopped = stop.aborted;
    });
    return outcome;
  } catch (error) {
    if (output.path !== undefined && error instanceof CommandError && error.code !== exitCode.output) {
      error.message += ` What was recorded until then is in ${shown(output.path)}.`;
    }
    throw error;
  } finally {
    process.off('exit', tidy);
    tidy();
  }
}

/** Writes what the page reports, and knows which run is under way. */
class Ledger {
  readonly outcome: Outcome = { runs: [], failures: [], stopped: false };
  readonly #options: ComputeOptions;
  readonly #say: (line: string) => void;
  readonly #runs: ReadonlyMap<string, JobRun>;
  #running: string | undefined;
  #started = false;

  constructor(options: ComputeOptions, say: (line: string) => void) {
    this.#options = options;
    this.#say = say;
    this.#runs = new Map(runsOf(options.job).map((run) => [run.id, run]));
  }

  enter(message: JobMessage): void {
    const { output, folderOf } = this.#options;
    switch (message.kind) {
      case 'started':
        if (!this.#started) this.#options.onStart?.();
        this.#started = true;
        this.#running = message.run;
        break;
      case 'event':
        if (message.event.kind === 'records') {
          output.appendRecords(folderOf(message.run), message.event.records);
        }
        break;
      case 'result':
        output.writeResult(folderOf(message.run), message.result);
        this.#running = undefined;
        this.outcome.runs.push({ ...this.#named(message.run), result: message.result });
        break;
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
    const mendable: unknown[] = [exitCode.gpu, exitCode.unexpected];
    if (!hasPoints(job) || !(error instanceof CommandError) || !mendable.includes(error.code))
      return undefined;
    if (this.#running !== undefined) this.#fail(this.#running, { name: error.name, message: error.message });
    const ended = new Set([...this.outcome.runs, ...this.outcome.failures].map(({ id }) => id));
    const runs = job.runs.filter(({ id }) => !ended.has(id));
    return runs.length < job.runs.length ? { ...job, runs } : undefined;
  }

  #fail(id: string, error: JobError): void {
    const { output, folderOf } = this.#options;
    const { spec, label } = this.#runs.get(id)!;
    this.#running = undefined;
    const { name, message } = error;
    output.writeFailure(folderOf(id), {
      format: 'first-light/failure',
      version: 1,
      spec,
      error: { name, message },
    });
    this.outcome.failures.push({ id, label, error });
    this.#say(`${label} failed: ${oneLine(message)}`);
  }

  #named(id: string): { id: string; label: string } {
    return { id, label: this.#runs.get(id)?.label ?? id };
  }
}

/** Turns messages into progress through the whole job, each run weighed by its arithmetic. */
class Track {
  readonly #progress: Progress;
  readonly #weights: Map<string, number>;
  readonly #labels: Map<string, string>;
  readonly #total: number;
  #done = 0;
  #told = false;

  constructor(job: Computation, progress: Progress) {
    this.#progress = progress;
    const runs = runsOf(job);
    this.#labels = new Map(runs.map(({ id, label }) => [id, label]));
    this.#weights = new Map(runs.map((run) => [run.id, weight(run)]));
    this.#total = [...this.#weights.values()].reduce((sum, value) => sum + value, 0);
  }

  follow(message: JobMessage): void {
    switch (message.kind) {
      case 'event': {
        const { run, event } = message;
        if (event.kind === 'prepared' && !this.#told) {
          this.#progress.say(`Computing on ${adapterName(event.adapter)}.`);
          this.#told = true;
        }
        if (event.kind === 'progress' || event.kind === 'measuring') {
          const { step, steps } = event;
          const fraction = (this.#done + (this.#weights.get(run)! * step) / steps) / this.#total;
          this.#progress.update(this.#labels.get(run)!, fraction, step, steps);
        }
        break;
      }
      case 'result':
      case 'run-failed':
        this.#done += this.#weights.get(message.run) ?? 0;
        break;
      case 'busy':
        this.#progress.stop();
        this.#progress.say(message.with);
        break;
    }
  }
}

/** Bytes that a job may fill on this machine: of what is free and the container allows, all but a fifth. */
export const freeMemory = (): number =>
  Math.floor(0.8 * Math.min(freemem(), process.constrainedMemory() || Infinity));

function weight({ spec: { data, network, training } }: JobRun): number {
  const size = data.distribution === 'npy' ? 1 : (data.n + data.nTest) * data.d;
  return size * network.width * training.steps;
}
