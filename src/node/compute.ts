import { freemem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TileCache } from '../tuning/tile-cache.ts';
import type { ClaimsDocument } from '../experiment/claims-document.ts';
import { hasPoints } from '../experiment/job.ts';
import { CommandError, exitCode, stoppedEarly } from './command-error.ts';
import { interruptible } from './interrupt.ts';
import { Ledger, type LedgerOptions, type Outcome, isBreakdown } from './ledger.ts';
import { shown } from './output-folder.ts';
import { PointQueue } from './point-queue.ts';
import { createProgress } from './progress.ts';
import { type ComputeFlags, runSession } from './session.ts';
import { readTileFile } from './tile-file.ts';
import { Track } from './track.ts';
import { warn } from './voice.ts';

export type { Outcome };

export interface ComputeOptions<Kept> extends LedgerOptions<Kept> {
  flags: ComputeFlags;
  /** The file that a run's spec names in this field of its data. */
  inputFile: (run: string, field: string) => string | undefined;
  /** Ids of the points to begin with, where several processes divide them: see PointQueue. */
  share?: ReadonlySet<string> | undefined;
  /** What a job of claims makes its report of, from what was computed so far. */
  claims?: (outcome: Outcome<Kept>) => ClaimsDocument;
}

/**
 * Has a job computed, in a browser or without one, with progress on the terminal; records, results and files go to the output folder
 * as they come. Where the job is one of points, a point at which the page, browser or process breaks down is recorded as
 * failed, and a new one goes on with the rest.
 * @throws CommandError; it says where what was recorded before is kept.
 */
export async function compute<Kept>(options: ComputeOptions<Kept>): Promise<Outcome<Kept>> {
  const { job, flags, output, inputFile, claims } = options;
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
      const queue = hasPoints(job)
        ? new PointQueue({
            folder: output.path,
            runs: job.runs,
            share: options.share,
            inputFile,
            settle: (settled) => {
              track.skip(settled.run.id);
              ledger.settle(settled);
            },
            say,
            stop,
          })
        : undefined;
      const next = async () => {
        const run = await queue?.next();
        if (run) ledger.begin(run.id);
        return run;
      };
      while (!(rest.kind === 'sweep' && rest.runs.length === 0)) {
        try {
          await runSession({
            ...flags,
            job: rest,
            inputFile,
            inputRead: (run, field, sha256) => ledger.enterInput(run, field, sha256),
            next,
            claims: claims && (() => claims(outcome)),
            receive: (message) => {
              queue?.check();
              track.follow(message);
              ledger.enter(message);
            },
            receiveFile: (path, piece) => {
              queue?.check();
              return output.receive(path, piece);
            },
            stop,
            say,
          });
          break;
        } catch (error) {
          if (hasPoints(rest) && isBreakdown(error) && (await isStopped(stop))) {
            if (output.written) break;
            throw stoppedEarly();
          }
          const left = stop.aborted ? undefined : ledger.afterBreakdown(rest, error);
          if (!left) throw error;
          output.dropPartial();
          rest = left;
          if (left.runs.length > 0) say('Starting anew for the other points.');
        }
      }
      queue?.release();
      outcome.stopped = stop.aborted;
    });
    return outcome;
  } catch (error) {
    if (output.written && error instanceof CommandError && error.code !== exitCode.output) {
      error.message += ` What was recorded until then is in ${shown(output.path)}.`;
    }
    throw error;
  } finally {
    process.off('exit', tidy);
    tidy();
  }
}

/**
 * Whether a browser broke down because all was told to stop: a scheduler that ends a job ends its browser, too, perhaps a
 * moment before we hear of it.
 */
async function isStopped(stop: AbortSignal): Promise<boolean> {
  await sleep(1_000, undefined, { signal: stop }).catch(() => undefined);
  return stop.aborted;
}

/** What a job has to know of this machine: the memory it may fill (of what is free, all but a fifth), the tiles to use. */
export const machineFacts = ({ tuned }: ComputeFlags): { hostMemory: number; tiles: TileCache } => ({
  hostMemory: Math.floor(0.8 * Math.min(freemem(), process.constrainedMemory() || Infinity)),
  tiles: tuned ? readTileFile(warn) : { entries: [] },
});
