import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ClaimsGroupPlan } from '../experiment/claims-group.ts';
import type { JobRun } from '../experiment/job.ts';
import { SpecError } from '../experiment/spec-error.ts';
import { type Sweep, parseSweep } from '../experiment/sweep.ts';
import { clause } from '../gpu/errors.ts';
import { CommandError, exitCode } from './command-error.ts';
import { shown } from './output-folder.ts';
import { type Plan, planFile, readPlan } from './plan.ts';

/** A group of claims and its points. */
export interface GroupPoints {
  group: ClaimsGroupPlan;
  sweep: Sweep;
}

/** What a folder of points is of, as its plan says. */
export type PlannedPoints = { plan: Plan; path: string; runs: JobRun[] } & (
  | { kind: 'sweep'; sweep: Sweep }
  | { kind: 'claims'; title: string; groups: GroupPoints[] }
);

/** The commands whose work is points. */
export type PointsCommand = PlannedPoints['kind'];

export const sweepRuns = ({ points }: Sweep, arrays: boolean): JobRun[] =>
  points.map(({ id, label, spec }) => ({ id, label, spec, arrays }));

export const claimsRuns = (groups: readonly GroupPoints[], arrays: boolean): JobRun[] =>
  groups.flatMap(({ group, sweep }) =>
    sweep.points.map(({ id, label, spec }) => ({
      id: `${group.slug}/${id}`,
      label: groups.length > 1 ? `${group.slug}: ${label}` : label,
      spec,
      arrays,
    })),
  );

/**
 * The points of a folder as its plan.json has them; nothing else is asked for, neither the spec's file nor its data.
 * @throws CommandError where there is none, or it is one of another command.
 */
export function plannedPoints<Kind extends PointsCommand>(
  folder: string,
  command: Kind,
): Extract<PlannedPoints, { kind: Kind }> {
  const path = resolve(folder);
  const planned = read(path);
  if (planned.kind !== command) {
    throw new CommandError(
      exitCode.input,
      `${shown(path)} holds the points of "first-light ${planned.kind}", not of "first-light ${command}": the former takes it.`,
    );
  }
  return planned as Extract<PlannedPoints, { kind: Kind }>;
}

function read(path: string): PlannedPoints {
  if (!existsSync(path)) {
    throw new CommandError(
      exitCode.input,
      `There is no folder ${shown(path)}; name the one that the points are written to (--out, or results/NAME).`,
    );
  }
  try {
    return expand(path, readPlan(path));
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CommandError(
      exitCode.input,
      absent
        ? `${shown(path)} has no ${planFile}: no sweep and no claims have been started there. Give the folder that their --out names, or that they say at their end.`
        : `${planFile} in ${shown(path)} cannot be used: ${clause(error)}. The command that wrote it writes it anew.`,
    );
  }
}

function expand(path: string, plan: Plan): PlannedPoints {
  const content = plan.plan as { sweep?: unknown; title?: unknown; groups?: unknown } | null;
  if (content?.sweep !== undefined) {
    const sweep = parseSweep(content.sweep);
    return { kind: 'sweep', plan, path, sweep, runs: sweepRuns(sweep, false) };
  }
  if (typeof content?.title === 'string' && Array.isArray(content.groups)) {
    const groups = (content.groups.concat(plan.optional ?? []) as ClaimsGroupPlan[]).map((group) => ({
      group,
      sweep: parseSweep(group.sweep),
    }));
    return { kind: 'claims', plan, path, title: content.title, groups, runs: claimsRuns(groups, false) };
  }
  throw new SpecError(['it names neither a sweep nor claims']);
}
