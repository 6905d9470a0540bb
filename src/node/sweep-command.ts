import { join } from 'node:path';
import type { Command } from 'commander';
import type { RunResult } from '../experiment/result.ts';
import { measurePoint } from '../experiment/point-measures.ts';
import type { Sweep } from '../experiment/sweep.ts';
import { type PointOutcome, type SweepSummary, summarizeSweep } from '../experiment/sweep-summary.ts';
import { compute, machineFacts } from './compute.ts';
import { endOfPoints } from './end-of-points.ts';
import { jsonText } from '../experiment/json-text.ts';
import { OutputFolder, folderName } from './output-folder.ts';
import { planOf, writePlan } from './plan.ts';
import { sweepRuns } from './planned-points.ts';
import { findPoints } from './points.ts';
import type { PointsFlags } from './points-options.ts';
import { runsCsv } from './runs-csv.ts';
import type { Setting } from './set-option.ts';
import { shareCommand } from './share-command.ts';
import { slurmCommand } from './slurm-command.ts';
import { expandSweep, readSweep } from './spec-source.ts';
import { summaryCsv } from './summary-csv.ts';
import { describePoints, describeSweep } from './sweep-table.ts';
import { emit, note, say, tell, tellFiles } from './voice.ts';

export interface SweepFlags extends PointsFlags {
  set: Setting[];
  out?: string;
  arrays: boolean;
  /** Only list the points. */
  dryRun: boolean;
}

const summaryFiles = ['summary.json', 'summary.csv', 'runs.csv'] as const;

/** `first-light sweep SWEEP` */
export async function sweepCommand(
  source: string | undefined,
  flags: SweepFlags,
  command: Command,
): Promise<void> {
  if (source === undefined) command.error("error: missing required argument 'sweep'");
  const given = readSweep(source, flags.set);
  const { sweep, inputFile } = expandSweep(given);
  if (flags.dryRun) {
    tellPoints(sweep);
    return;
  }
  const plan = planOf({ sweep: given.input });
  const output = await OutputFolder.reserve(flags.out ?? join('results', folderName(sweep.name)), {
    explicit: flags.out !== undefined,
    plan,
    say: note,
  });
  const runs = sweepRuns(sweep, flags.arrays);
  const onStart = () => {
    output.removeEarlier(summaryFiles);
    writePlan(output, plan);
  };
  if (flags.slurm) {
    writePlan(output, plan);
    slurmCommand({ name: sweep.name, points: runs.length, source, output }, flags, command);
    return;
  }
  emit({ event: 'folder', path: output.path, runs: runs.length });
  if (flags.points) {
    await shareCommand({ command: 'sweep', share: flags.points, runs, flags, output, inputFile, onStart });
    return;
  }
  const { done, left } = findPoints(output.path, runs, outcomeOf, inputFile, say);
  const {
    runs: ended,
    failures,
    stopped,
  } = await compute({
    job: { kind: 'sweep', ...machineFacts(flags), runs: left },
    flags,
    output,
    folderOf: (run) => run,
    keep: outcomeOf,
    inputFile,
    onStart,
  });

  const outcomes = new Map<string, PointOutcome>();
  for (const { id, kept } of [...[...done].map(([id, kept]) => ({ id, kept })), ...ended]) {
    if (kept) outcomes.set(id, kept);
  }
  for (const { id, error } of failures) outcomes.set(id, { kind: 'failed', reason: error.message });
  const summary = sumUpSweep(sweep, outcomes, output);
  endOfPoints({ failures: summary.failures, notRun: summary.notRun.length, points: runs.length, stopped });
}

/** Writes what the points of a sweep say together, and shows it. */
export function sumUpSweep(
  sweep: Sweep,
  outcomes: ReadonlyMap<string, PointOutcome>,
  output: OutputFolder,
): SweepSummary {
  const summary = summarizeSweep(sweep, outcomes);
  output.write('summary.json', jsonText(summary));
  output.write('summary.csv', summaryCsv(summary));
  output.write('runs.csv', runsCsv(sweep, outcomes));

  tell(`\n${describeSweep(summary)}\n`);
  tellFiles(output.path, [
    ['runs.csv', 'one row a run: what varies, how it ended, every measure'],
    ['summary.csv', 'means over seeds, then slopes, with standard errors'],
    ['summary.json', 'the same'],
    ['POINT/', 'result.json and records.csv of each point'],
  ]);
  return summary;
}

/** Lists the points of a sweep. */
function tellPoints(sweep: Sweep): void {
  tell(describePoints(sweep));
  for (const { id: run, label, values } of sweep.points) emit({ event: 'point', run, label, values });
}

/** What the summary needs of a point; null for one that was stopped, which is to be run again. */
export const outcomeOf = (result: RunResult): PointOutcome | null =>
  result.status.kind === 'stopped'
    ? null
    : { kind: 'measured', diverged: result.status.kind === 'diverged', measures: measurePoint(result) };
