import { join } from 'node:path';
import type { JobRun } from '../experiment/job.ts';
import type { RunResult } from '../experiment/result.ts';
import { type Saved, savedResult } from './saved-result.ts';
import { grouped } from './text.ts';

/** The points of a job as an earlier start left them. */
export interface PointsOnDisk<Kept> {
  done: Map<string, Kept>;
  /** Still to run, in their order. */
  left: JobRun[];
}

/**
 * Sorts runs, whose folders below `folder` have their ids for names, into done, of which it holds what `keep` says, and to
 * do; says what it found.
 */
export function findPoints<Kept>(
  folder: string,
  runs: readonly JobRun[],
  keep: (result: RunResult) => Kept,
  say: (line: string) => void,
): PointsOnDisk<Kept> {
  const done = new Map<string, Kept>();
  const left: JobRun[] = [];
  const again = new Map<string, string[]>();
  for (const run of runs) {
    const saved: Saved = savedResult(join(folder, run.id), run.spec, run.arrays);
    if (saved.kind === 'result') done.set(run.id, keep(saved.result));
    else left.push(run);
    if (saved.kind === 'unusable') again.set(saved.why, [...(again.get(saved.why) ?? []), run.id]);
  }
  for (const [why, ids] of again) {
    const rest = ids.length - 3;
    const names = rest > 1 ? `${ids.slice(0, 3).join(', ')} and ${grouped(rest)} more` : ids.join(', ');
    say(`Run again (${why}): ${names}.`);
  }
  if (done.size > 0) {
    say(`${grouped(done.size)} of ${grouped(runs.length)} points are on disk already.`);
  }
  return { done, left };
}
