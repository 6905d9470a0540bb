import type { Command } from 'commander';
import { gatherClaims, gatherSweep } from './gather-command.ts';
import type { PointsCommand } from './planned-points.ts';
import type { PointsFlags } from './points-options.ts';
import type { SlurmFlags } from './slurm-command.ts';
import { statusCommand } from './status-command.ts';

/** What a command of points does: reads a folder, where that is asked for, or runs. */
export const pointsAction =
  <Flags extends PointsFlags>(
    name: PointsCommand,
    run: (source: string | undefined, flags: Flags, command: Command) => Promise<void>,
  ) =>
  async (source: string | undefined, flags: Flags, command: Command): Promise<void> => {
    const { gather, status } = flags;
    if (gather === undefined && status === undefined) {
      checkSlurm(flags, command);
      await run(source, flags, command);
      return;
    }
    if (source !== undefined) {
      const option = status === undefined ? '--gather' : '--status';
      command.error(`error: ${option} takes a folder, whose plan says the rest; '${source}' is too much`);
    }
    if (status !== undefined) await statusCommand(name, status);
    else if (name === 'sweep') await gatherSweep(gather!);
    else await gatherClaims(gather!, flags);
  };

function checkSlurm({ slurm, arraySize, sbatch, submit }: SlurmFlags, command: Command): void {
  if (slurm) return;
  const given = [
    ...(arraySize === undefined ? [] : ['--array-size']),
    ...(sbatch.length === 0 ? [] : ['--sbatch']),
    ...(submit ? ['--submit'] : []),
  ];
  if (given.length > 0) command.error(`error: ${given.join(' and ')} must be given with --slurm`);
}
