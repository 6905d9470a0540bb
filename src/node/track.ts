import { type Computation, type JobMessage, type JobRun, runsOf } from '../experiment/job.ts';
import type { Progress } from './progress.ts';
import { adapterName } from './summary.ts';

/** Turns messages into progress through the whole job, each run weighed by its arithmetic. */
export class Track {
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

function weight({ spec: { data, network, training } }: JobRun): number {
  const size = data.distribution === 'npy' ? 1 : (data.n + data.nTest) * data.d;
  return size * network.width * training.steps;
}
