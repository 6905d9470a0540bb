import { join } from 'node:path';
import type { JobRun } from '../experiment/job.ts';
import { compute, machineFacts } from './compute.ts';
import { endOfPoints } from './end-of-points.ts';
import { runHolder } from './folder-lease.ts';
import { type OutputFolder, shown } from './output-folder.ts';
import type { PointsCommand } from './planned-points.ts';
import { lookAtPoints } from './points.ts';
import { savedFailure } from './saved-result.ts';
import type { ComputeFlags } from './session.ts';
import { type Share, shareOf } from './share.ts';
import { quoted } from './slurm-script.ts';
import { grouped } from './text.ts';
import { say } from './voice.ts';

export interface ShareOptions {
  command: PointsCommand;
  share: Share;
  /** All points of the plan, in its order. */
  runs: readonly JobRun[];
  flags: ComputeFlags;
  output: OutputFolder;
  /** The file that a point's spec names in this field of its data. */
  inputFile: (run: string, field: string) => string | undefined;
  /** Called before the first point is written. */
  onStart: () => void;
}

/**
 * `--points I/N`: one of N processes that divide the points of a plan. It begins with its share, helps with the others'
 * when nothing of it is left, and ends when every point is done or with somebody living; it sums nothing up.
 * @throws CommandError where points failed here.
 */
export async function shareCommand(options: ShareOptions): Promise<void> {
  const { command, share, runs, flags, output, inputFile, onStart } = options;
  const own = shareOf(runs, share);
  const { done, left } = lookAtPoints(output.path, runs, () => null, inputFile);
  say(
    `Share ${share.index} of ${share.of}: ${grouped(own.size)} of ${grouped(runs.length)} points; ${grouped(done.size)} of all are on disk already.`,
  );
  const free = left.filter(({ id, spec }) => {
    const folder = join(output.path, id);
    return runHolder(folder)?.sign !== 'alive' && (own.has(id) || !savedFailure(folder, spec));
  });
  // A browser takes seconds to start, which a task that came late may spare.
  if (free.length === 0) {
    say(`Nothing is left to do here.${whatNext(command, output)}`);
    return;
  }
  const {
    runs: ended,
    failures,
    stopped,
  } = await compute({
    job: { kind: 'sweep', ...machineFacts(flags), runs: left },
    flags,
    output,
    share: own,
    folderOf: (run) => run,
    keep: ({ status }) => status.kind,
    inputFile,
    onStart,
  });
  const here = ended.filter(({ kept, elsewhere }) => !elsewhere && kept !== 'stopped');
  const helped = here.filter(({ id }) => !own.has(id)).length;
  say(
    `This process ran ${grouped(here.length)} ${here.length === 1 ? 'point' : 'points'}${helped > 0 ? `, ${grouped(helped)} of them of other shares` : ''}.${stopped ? ' The same command goes on with what is left.' : ''}${whatNext(command, output)}`,
  );
  endOfPoints({
    failures: failures.map(({ label, error }) => ({ label, reason: error.message })),
    notRun: 0,
    points: runs.length,
    stopped,
  });
}

const whatNext = (command: PointsCommand, { path }: OutputFolder): string =>
  `\nfirst-light ${command} --status ${quoted(shown(path))} says how far all are, --gather sums up.`;
