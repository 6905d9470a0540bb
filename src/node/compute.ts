import { freemem } from 'node:os';
import { type Computation, type JobMessage, type JobRun, runsOf } from '../experiment/job.ts';
import type { RunResult } from '../experiment/result.ts';
import { CommandError, exitCode } from './command-error.ts';
import { interruptible } from './interrupt.ts';
import { type OutputFolder, shown } from './output-folder.ts';
import { type Progress, createProgress } from './progress.ts';
import { type BrowserFlags, runSession } from './session.ts';
import { adapterName } from './summary.ts';

export interface ComputeOptions {
  job: Computation;
  flags: BrowserFlags;
  output: OutputFolder;
  /** Folder of a run's files within the output; '' is the output folder itself. */
  folderOf: (run: string) => string;
  inputs: ReadonlyMap<string, string>;
}

export interface Outcome {
  /** In the order in which they ended. */
  runs: { label: string; result: RunResult }[];
  /** Whether the user asked to stop. */
  stopped: boolean;
}

/**
 * Has a job computed in a browser, with progress on the terminal; records, results and files go to the output folder
 * as they come.
 * @throws CommandError; it says where what was recorded before is kept.
 */
export async function compute({ job, flags, output, folderOf, inputs }: ComputeOptions): Promise<Outcome> {
  output.check();
  const progress = createProgress();
  const track = new Track(job, progress);
  const outcome: Outcome = { runs: [], stopped: false };
  const labels = new Map(runsOf(job).map(({ id, label }) => [id, label]));

  const receive = (message: JobMessage) => {
    track.follow(message);
    if (message.kind === 'event' && message.event.kind === 'records') {
      output.appendRecords(folderOf(message.run), message.event.records);
    }
    if (message.kind === 'result') {
      output.writeResult(folderOf(message.run), message.result);
      outcome.runs.push({ label: labels.get(message.run) ?? message.run, result: message.result });
    }
  };
  const tidy = () => {
    progress.stop();
    output.dropPartial();
  };
  process.once('exit', tidy);
  try {
    await interruptible(progress.say.bind(progress), async (stop) => {
      await runSession({
        ...flags,
        job,
        inputFile: (_run, field) => inputs.get(field),
        receive,
        receiveFile: (path, piece) => output.receive(path, piece),
        stop,
        say: progress.say.bind(progress),
      });
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
        if (event.kind === 'progress') {
          const { step, steps } = event;
          const fraction = (this.#done + (this.#weights.get(run)! * step) / steps) / this.#total;
          this.#progress.update(this.#labels.get(run)!, fraction, step, steps);
        }
        break;
      }
      case 'result':
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
