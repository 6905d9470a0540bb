import type { Computation, JobRun } from '../experiment/job.ts';
import { type ReproductionRun, type ReproductionSize, reproduction } from '../experiment/reproduction.ts';
import { CommandError, exitCode } from './command-error.ts';
import { compute, machineFacts } from './compute.ts';
import { OutputFolder } from './output-folder.ts';
import type { ComputeFlags } from './session.ts';
import { runFacts, summarizeRuns } from './summary.ts';
import { paint } from './text.ts';
import { emit, note, tell, tellFiles } from './voice.ts';

export interface ReproduceFlags extends ComputeFlags {
  size: ReproductionSize;
  seed: number;
  out?: string;
}

/** `first-light reproduce` */
export async function reproduceCommand(flags: ReproduceFlags): Promise<void> {
  const { title, size, runs, sweep } = reproduction(flags.size, flags.seed);
  const asJob = (run: ReproductionRun): JobRun => ({ ...run, arrays: false });
  const job: Computation = {
    kind: 'reproduction',
    ...machineFacts(flags),
    title,
    size,
    runs: runs.map(asJob),
    sweep: { label: sweep.label, runs: sweep.runs.map(asJob) },
  };
  const output = await OutputFolder.reserve(flags.out ?? 'reproduction', {
    explicit: flags.out !== undefined,
    say: note,
  });
  emit({ event: 'folder', path: output.path, runs: runs.length + sweep.runs.length });
  const { runs: done, stopped } = await compute({
    job,
    flags,
    output,
    folderOf: (run) => run,
    keep: runFacts,
    inputFile: () => undefined,
  });
  if (done.length === 0) {
    throw new CommandError(exitCode.stopped, 'Stopped before anything was recorded; nothing was written.');
  }
  tell(`\n${paint('bold', title)}\n\n${summarizeRuns(done)}\n`);
  tellFiles(output.path, [
    ['report.html', 'all figures, constants, measured beside claimed'],
    ['figures/', 'every figure as SVG and PNG'],
    ['RUN/', 'result.json and records.csv of each run'],
  ]);
  if (stopped) process.exitCode = exitCode.stopped;
  const diverged = done.filter(({ kept }) => kept.status === 'diverged').map(({ label }) => label);
  if (diverged.length > 0) {
    throw new CommandError(
      exitCode.diverged,
      `Diverged: ${diverged.join(', ')}. Records and report up to there are kept; the rates of a reproduction are meant to be stable, so please report this with the adapter's name.`,
    );
  }
}
