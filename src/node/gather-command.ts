import { join } from 'node:path';
import type { JobRun } from '../experiment/job.ts';
import type { RunResult } from '../experiment/result.ts';
import { jsonText } from '../experiment/json-text.ts';
import { claimsDocumentOf, claimsOf, showClaims } from './claims-command.ts';
import { CommandError, exitCode } from './command-error.ts';
import { compute, machineFacts } from './compute.ts';
import { runHolder } from './folder-lease.ts';
import { OutputFolder } from './output-folder.ts';
import { plannedPoints } from './planned-points.ts';
import { lookAtPoints, someOf } from './points.ts';
import { savedFailure } from './saved-result.ts';
import type { ComputeFlags } from './session.ts';
import { outcomeOf, sumUpSweep } from './sweep-command.ts';
import { describeFailures } from './sweep-table.ts';
import { grouped } from './text.ts';
import { note, say } from './voice.ts';

/**
 * `first-light sweep --gather DIR`: the summary of the points that are there. Nothing is computed, and no browser asked for.
 * @throws CommandError where points are missing or failed; the summary is written before.
 */
export async function gatherSweep(folder: string): Promise<void> {
  const { path, plan, sweep, runs } = plannedPoints(folder, 'sweep');
  const output = await OutputFolder.reserve(path, { explicit: true, plan, say: note });
  const found = gather(path, runs, outcomeOf);
  const outcomes = new Map([...found.done].flatMap(([id, outcome]) => (outcome ? [[id, outcome]] : [])));
  for (const { id, reason } of found.failures) outcomes.set(id, { kind: 'failed', reason });
  sumUpSweep(sweep, outcomes, output);
  endOfGather(found, runs.length);
}

/**
 * `first-light claims --gather DIR`: claims.json of the points that are there, and then the report, which a browser draws.
 * Nothing is computed.
 * @throws CommandError where points are missing or failed, or there is no browser; claims.json is written before.
 */
export async function gatherClaims(folder: string, flags: ComputeFlags): Promise<void> {
  const { path, plan, title, groups, runs } = plannedPoints(folder, 'claims');
  const output = await OutputFolder.reserve(path, { explicit: true, plan, say: note });
  const found = gather(path, runs, claimsOf);
  const reasons = new Map(found.failures.map(({ id, reason }) => [id, reason]));
  const document = claimsDocumentOf({ title, groups, results: found.done, reasons });
  output.write('claims.json', jsonText(document));
  await compute({
    job: { kind: 'claims', ...machineFacts(flags), runs: [] },
    flags,
    output,
    folderOf: (run) => run,
    keep: claimsOf,
    inputFile: () => undefined,
    claims: () => document,
  });
  showClaims(document, output);
  endOfGather(found, runs.length);
}

interface Gathered<Kept> {
  done: Map<string, Kept>;
  failures: { id: string; label: string; reason: string }[];
  /** Points without a result and without a failure, and how many of them somebody runs now. */
  missing: number;
  running: number;
}

function gather<Kept>(
  folder: string,
  runs: readonly JobRun[],
  keep: (result: RunResult) => Kept,
): Gathered<Kept> {
  const { done, left, unusable } = lookAtPoints(folder, runs, keep);
  const failures = left.flatMap(({ id, label, spec }) => {
    const failure = savedFailure(join(folder, id), spec);
    return failure ? [{ id, label, reason: failure.message }] : [];
  });
  const failed = new Set(failures.map(({ id }) => id));
  const missing = left.filter(({ id }) => !failed.has(id));
  const running = new Set(missing.filter(({ id }) => runHolder(join(folder, id))).map(({ id }) => id));
  for (const [why, ids] of unusable) {
    const idle = ids.filter((id) => !failed.has(id) && !running.has(id));
    if (idle.length > 0) say(`Not counted (${why}): ${someOf(idle)}.`);
  }
  return { done, failures, missing: missing.length, running: running.size };
}

const isOrAre = (points: number): string => (points === 1 ? 'is' : 'are');

function endOfGather({ done, failures, missing, running }: Gathered<unknown>, points: number): void {
  if (failures.length > 0) note(`\nFailed:\n${describeFailures(failures)}`);
  if (failures.length === 0 && missing === 0) {
    say(`All ${grouped(points)} points are there.`);
    return;
  }
  const lacks = [
    ...(failures.length > 0 ? [`${grouped(failures.length)} failed`] : []),
    ...(missing > 0
      ? [
          `${grouped(missing)} ${isOrAre(missing)} missing${running > 0 ? `, of which ${grouped(running)} ${isOrAre(running)} being run` : ''}`,
        ]
      : []),
  ];
  throw new CommandError(
    exitCode.failedPoints,
    `This is of ${grouped(done.size)} of ${grouped(points)} points: ${lacks.join(', and ')}. The command that ran the others goes on with them; gather again then.`,
  );
}
