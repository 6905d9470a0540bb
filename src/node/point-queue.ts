import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRun } from '../experiment/job.ts';
import type { RunResult } from '../experiment/result.ts';
import { clause } from '../gpu/errors.ts';
import { takeRun } from './folder-lease.ts';
import { Lease, type Sign, holderText } from './lease.ts';
import type { Owner } from './owner.ts';
import { checkLength, unwritable } from './output-folder.ts';
import { savedFailure, savedResult } from './saved-result.ts';

/** Milliseconds between two looks at points that other commands have. */
const lookMilliseconds = 1_000;

/** A point that ends here without being run. */
export type Settled =
  | { kind: 'result'; run: JobRun; result: RunResult }
  | { kind: 'failure'; run: JobRun; error: { name: string; message: string }; elsewhere: boolean };

export interface PointQueueOptions {
  /** The folder with a folder for each point, named by its id. */
  folder: string;
  /** The points to run, in their order. */
  runs: readonly JobRun[];
  /**
   * Ids of the share to begin with, where this is one of several processes that divide the points. When nothing of it is
   * left, it helps with the others' points, last ones first; and it does not wait for points that somebody living has.
   * Where others have failed is none of its business.
   */
  share?: ReadonlySet<string> | undefined;
  /** The file that a point's spec names in this field of its data. */
  inputFile?: (run: string, field: string) => string | undefined;
  /** Told of every point that another command has finished, or that cannot have a folder. */
  settle: (settled: Settled) => void;
  say: (line: string) => void;
  stop: AbortSignal;
}

/**
 * Hands out the points of a sweep one at a time, each under a lease: commands that share a folder run each point once.
 * A point that another command has is left to it, unless it dies.
 */
export class PointQueue {
  readonly #options: PointQueueOptions;
  readonly #left: JobRun[];
  /** When each failure that was there at the start was written: those are run again. */
  readonly #oldFailures: Map<string, number | undefined>;
  #lease: Lease | undefined;
  #told = '';

  constructor(options: PointQueueOptions) {
    this.#options = options;
    this.#left = inOrder(options);
    this.#oldFailures = new Map(options.runs.map(({ id }) => [id, this.#failedAt(id)]));
  }

  /** The next point to run; waits where all that are left are with others; undefined where none is, or it was stopped. */
  async next(): Promise<JobRun | undefined> {
    const { share, stop, say } = this.#options;
    this.release();
    for (;;) {
      const held: { run: JobRun; owner: Owner | undefined; sign: Sign }[] = [];
      for (const run of [...this.#left]) {
        if (stop.aborted) return undefined;
        const taken = this.#take(run);
        if (taken === 'settled') continue;
        if (taken === 'taken') return run;
        held.push({ run, ...taken });
      }
      // Only now: while we had other points to run, who had these might have died.
      if (share) for (const { run } of held.filter(({ sign }) => sign === 'alive')) this.#drop(run);
      if (this.#left.length === 0) return undefined;
      const whom = [...new Set(held.map(({ owner }) => holderText(owner)))].join(', ');
      if (whom !== this.#told) say(`Waiting for points that are with ${whom}.`);
      this.#told = whom;
      await sleep(lookMilliseconds, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  /** Makes sure that the point under way is still ours. @throws CommandError */
  check(): void {
    this.#lease?.check();
  }

  /** Gives the lease of the point that has ended back. */
  release(): void {
    this.#lease?.release();
    this.#lease = undefined;
  }

  #take(run: JobRun): 'taken' | 'settled' | { owner: Owner | undefined; sign: Sign } {
    const { share } = this.#options;
    const folder = join(this.#options.folder, run.id);
    let lease: ReturnType<typeof takeRun>;
    try {
      checkLength(folder);
      mkdirSync(folder, { recursive: true });
      lease = takeRun(folder);
    } catch (error) {
      if (isOfDisk(error)) throw unwritable(this.#options.folder, error);
      // A name that is too long, a file in the way: the trouble of this point alone.
      this.#settle({ kind: 'failure', run, error: asFailure(folder, error), elsewhere: false });
      return 'settled';
    }
    if (!(lease instanceof Lease)) return lease;
    if (share && !share.has(run.id) && this.#failedAt(run.id) !== undefined) {
      lease.release();
      this.#drop(run);
      return 'settled';
    }
    const found = this.#found(run, folder);
    if (found) {
      lease.release();
      this.#settle(found);
      return 'settled';
    }
    this.#lease = lease;
    this.#drop(run);
    return 'taken';
  }

  /** What another command has made of a point since the start. */
  #found(run: JobRun, folder: string): Settled | undefined {
    const saved = savedResult(folder, run.spec, run.arrays, (field) =>
      this.#options.inputFile?.(run.id, field),
    );
    if (saved.kind === 'result') return { kind: 'result', run, result: saved.result };
    const at = this.#failedAt(run.id);
    if (at === undefined || at === this.#oldFailures.get(run.id)) return undefined;
    const error = savedFailure(folder, run.spec);
    return error && { kind: 'failure', run, error, elsewhere: true };
  }

  #failedAt(id: string): number | undefined {
    try {
      return statSync(join(this.#options.folder, id, 'failure.json')).mtimeMs;
    } catch {
      return undefined;
    }
  }

  #settle(settled: Settled): void {
    this.#drop(settled.run);
    this.#options.settle(settled);
  }

  #drop(run: JobRun): void {
    this.#left.splice(this.#left.indexOf(run), 1);
  }
}

function inOrder({ runs, share }: PointQueueOptions): JobRun[] {
  if (!share) return [...runs];
  const own = runs.filter(({ id }) => share.has(id));
  return [...own, ...runs.filter(({ id }) => !share.has(id)).toReversed()];
}

/** Whether an error is of the disk, which all points have in common. */
const isOfDisk = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'ESTALE'].includes((error as NodeJS.ErrnoException).code ?? '');

function asFailure(folder: string, error: unknown): { name: string; message: string } {
  const long = (error as NodeJS.ErrnoException).code === 'ENAMETOOLONG';
  const why = long ? 'its name is too long for the file system' : clause(error);
  return {
    name: 'OutputError',
    message: `The folder of this point, ${folder}, cannot be made: ${why}. Shorten what is swept, or choose another folder with --out.`,
  };
}
