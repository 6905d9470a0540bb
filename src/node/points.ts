import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { JobRun } from '../experiment/job.ts';
import type { RunResult } from '../experiment/result.ts';
import { type Saved, savedResult } from './saved-result.ts';
import { grouped } from './text.ts';

/** What a folder of points is of, to know it again: plan.json. */
export interface Plan {
  format: 'first-light/plan';
  version: 1;
  /** What was asked for, before it was expanded to points. */
  plan: unknown;
}

export const planOf = (plan: unknown): Plan => ({ format: 'first-light/plan', version: 1, plan });

/**
 * The folder in which the same command goes on: `wanted`, or with -2, -3, … where an earlier one is taken by something
 * else. The same plan finds its own folder again.
 */
export function resumableFolder(wanted: string, plan: Plan): string {
  for (let k = 1; ; k++) {
    const path = k === 1 ? wanted : `${wanted}-${k}`;
    if (!existsSync(path) || isDeepStrictEqual(planIn(path), JSON.parse(JSON.stringify(plan)))) return path;
  }
}

function planIn(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'));
  } catch {
    return undefined; // none, or damaged: not known to be ours
  }
}

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
