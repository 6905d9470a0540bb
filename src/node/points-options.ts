import { type Command, InvalidArgumentError, Option } from 'commander';
import { count } from './count-option.ts';
import type { ComputeFlags } from './session.ts';
import { type Share, parseShare } from './share.ts';
import type { SlurmFlags } from './slurm-command.ts';

/** Options of commands whose points may be divided among processes. */
export interface PointsFlags extends ComputeFlags, SlurmFlags {
  points?: Share;
  gather?: string;
  status?: string;
}

/** Options for sbatch, as they stand in one line of a script. */
const sbatchOptions = (text: string, before: string[]): string[] => {
  if (!/^\s*-/.test(text) || /[\n\r]/.test(text)) {
    throw new InvalidArgumentError(
      'It must be options of sbatch, for example "--gpus-per-task=1 --time=2:00:00".',
    );
  }
  return [...before, text.trim()];
};

/** Options that say what is run, of which those that read a folder have no use: its plan says it. */
const ofRuns = ['set', 'size', 'only', 'out', 'arrays', 'points', 'slurm', 'arraySize', 'sbatch', 'submit'];

/** Adds them to a command. */
export const withPoints = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--points <i/n>',
        'run as one of N processes, I being 1 to N: its share of the points, then what others have not begun',
      ).argParser(parseShare),
    )
    .addOption(
      new Option('--gather <folder>', 'do not run, but sum up the points that are in a folder').conflicts([
        ...ofRuns,
        'status',
      ]),
    )
    .addOption(
      new Option('--status <folder>', 'do not run, but say how far the points of a folder are').conflicts(
        ofRuns,
      ),
    )
    .addOption(
      new Option(
        '--slurm',
        'do not run, but write a Slurm job array that does, into the output folder',
      ).conflicts('points'),
    )
    .option('--array-size <tasks>', 'with --slurm: how many tasks (default: 16, or one a point)', count(1))
    .option(
      '--sbatch <options>',
      'with --slurm: options for sbatch, for example "--gpus-per-task=1" (may be repeated)',
      sbatchOptions,
      [] as string[],
    )
    .option('--submit', 'with --slurm: submit it, too');
