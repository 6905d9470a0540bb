import { join } from 'node:path';
import type { JobRun } from '../experiment/job.ts';
import type { RunResult } from '../experiment/result.ts';
import { runEnded } from './run-ended.ts';
import { type Saved, savedResult } from './saved-result.ts';
import { grouped } from './text.ts';

/** The points of a job as an earlier start left them. */
export interface PointsOnDisk<Kept> {
  done: Map<string, Kept>;
  /** Still to run, in their order. */
  left: JobRun[];
  /** Ids of those that something was left of which is of no use, by what is wrong with it in a few words. */
  unusable: Map<string, string[]>;
}

/**
 * Sorts runs, whose folders below `folder` have their ids for names, into done, of which it holds what `keep` says, and left.
 * @param inputFile the file that a point's spec names in this field of its data; without it, those may have changed
 */
export function lookAtPoints<Kept>(
  folder: string,
  runs: readonly JobRun[],
  keep: (result: RunResult, run: JobRun) => Kept,
  inputFile?: (run: string, field: string) => string | undefined,
): PointsOnDisk<Kept> {
  const done = new Map<string, Kept>();
  const left: JobRun[] = [];
  const unusable = new Map<string, string[]>();
  for (const run of runs) {
    const saved: Saved = savedResult(join(folder, run.id), run.spec, run.arrays, (field) =>
      inputFile?.(run.id, field),
    );
    if (saved.kind === 'result') done.set(run.id, keep(saved.result, run));
    else left.push(run);
    if (saved.kind === 'unusable') unusable.set(saved.why, [...(unusable.get(saved.why) ?? []), run.id]);
  }
  return { done, left, unusable };
}

/** Looks at the points of a job before it goes on with them, and says what it found. */
export function findPoints<Kept>(
  folder: string,
  runs: readonly JobRun[],
  keep: (result: RunResult) => Kept,
  inputFile: (run: string, field: string) => string | undefined,
  say: (line: string) => void,
): PointsOnDisk<Kept> {
  const found = lookAtPoints(
    folder,
    runs,
    (result, run) => {
      runEnded(run, result, { earlier: true });
      return keep(result);
    },
    inputFile,
  );
  for (const [why, ids] of found.unusable) say(`Run again (${why}): ${someOf(ids)}.`);
  if (found.done.size > 0) {
    say(`${grouped(found.done.size)} of ${grouped(runs.length)} points are on disk already.`);
  }
  return found;
}

/** The first of many ids. */
export function someOf(ids: readonly string[]): string {
  const rest = ids.length - 3;
  return rest > 1 ? `${ids.slice(0, 3).join(', ')} and ${grouped(rest)} more` : ids.join(', ');
}
