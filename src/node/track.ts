import { type Computation, type JobMessage, type JobRun, runsOf } from '../experiment/job.ts';
import type { RunEvent } from '../experiment/result.ts';
import { isRead } from '../experiment/spec-facts.ts';
import { type Work, usualProducts, workOf } from '../experiment/work.ts';
import type { Progress } from './progress.ts';
import { adapterName } from './summary.ts';
import { grouped } from './text.ts';

/** From this share of the whole work on, what claims take is said before they are measured. */
const worthSaying = 0.2;

/** Turns messages into progress through the whole job, each run and each claim weighed by its arithmetic. */
export class Track {
  readonly #progress: Progress;
  readonly #work: Map<string, Work>;
  readonly #runs: Map<string, JobRun>;
  /** Of all runs. */
  #whole: number;
  #done = 0;
  /** Claims take turns, and each knows its own share of the work: what was said is not taken back. */
  #said = 0;
  #told = false;

  constructor(job: Computation, progress: Progress) {
    this.#progress = progress;
    const runs = runsOf(job);
    this.#runs = new Map(runs.map((run) => [run.id, run]));
    this.#work = new Map(runs.map((run) => [run.id, firstGuess(run)]));
    this.#whole = sum([...this.#work.values()].map(wholeWork));
  }

  /** A run has ended, here or elsewhere. */
  skip(run: string): void {
    const work = this.#work.get(run);
    this.#done += work ? wholeWork(work) : 0;
  }

  follow(message: JobMessage): void {
    switch (message.kind) {
      case 'event':
        this.#follow(message.run, message.event);
        break;
      case 'result':
      case 'run-failed':
        this.skip(message.run);
        break;
      case 'busy':
        this.#progress.stop();
        this.#progress.say(message.with);
        break;
    }
  }

  #follow(id: string, event: RunEvent): void {
    const { label, spec } = this.#runs.get(id)!;
    const run = { id, label };
    switch (event.kind) {
      case 'prepared':
        // Only now the sizes of the user's own arrays are known.
        this.#whole -= wholeWork(this.#work.get(id)!);
        this.#work.set(id, workOf(spec, event.preparation));
        this.#whole += wholeWork(this.#work.get(id)!);
        if (!this.#told) {
          this.#progress.say(`Computing on ${adapterName(event.adapter)}.`);
          this.#sayClaims();
          this.#told = true;
        }
        break;
      case 'measuring': {
        const { claim, products, step, steps } = event;
        const doing = `claim ${claim}${products > 0 ? `, ${grouped(products)} products` : ''}`;
        this.#progress.update(
          run,
          this.#fraction(id, claimsUntil(this.#work.get(id)!, event)),
          step,
          steps,
          doing,
        );
        break;
      }
      case 'progress': {
        const { step, steps } = event;
        const { training, claims } = this.#work.get(id)!;
        const begun = sum(claims.values()) + (training * step) / steps;
        this.#progress.update(run, this.#fraction(id, begun), step, steps);
        break;
      }
      case 'storing':
        this.#progress.stop();
        this.#progress.say(`Computing and storing ${event.array} (${event.shape.map(grouped).join(' × ')}).`);
        break;
      case 'records':
      case 'computed':
        break;
    }
  }

  /** How far the job is where so much of a run is done. */
  #fraction(id: string, begun: number): number {
    const run = wholeWork(this.#work.get(id)!);
    const fraction = this.#whole > 0 ? Math.min(1, (this.#done + Math.min(begun, run)) / this.#whole) : 0;
    return (this.#said = Math.max(this.#said, fraction));
  }

  /** What claims take of all the work, where it is much; and which take most. */
  #sayClaims(): void {
    const byClaim = new Map<number, number>();
    for (const { claims } of this.#work.values()) {
      for (const [claim, work] of claims) byClaim.set(claim, (byClaim.get(claim) ?? 0) + work);
    }
    const all = sum(byClaim.values());
    const share = all / this.#whole;
    if (!(share >= worthSaying)) return;
    const largest = [...byClaim].filter(([, work]) => work >= 0.1 * all).sort(([, a], [, b]) => b - a);
    const names = largest.map(([claim]) => claim).join(', ');
    this.#progress.say(
      `Claims take about ${Math.round(100 * share)} % of the work, ${all.toPrecision(1)} operations; most of it ${largest.length === 1 ? 'claim' : 'claims'} ${names}.`,
    );
  }
}

/** The work of a run as its spec tells it; of the user's own arrays nobody knows the sizes yet. */
function firstGuess({ spec }: JobRun): Work {
  const { data } = spec;
  return workOf(spec, isRead(data) ? { n: 1, nTest: 0, d: 1 } : data);
}

/** What is done of a run while a claim is being measured. */
function claimsUntil(
  { training, claims }: Work,
  { claim, products, step, steps }: Extract<RunEvent, { kind: 'measuring' }>,
): number {
  let before = (training * step) / steps;
  for (const [number, work] of claims) {
    if (step === 0 && number === claim) return before + work * Math.min(1, products / (2 * usualProducts));
    before += work;
  }
  return before;
}

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

const wholeWork = ({ training, claims }: Work): number => training + sum(claims.values());
