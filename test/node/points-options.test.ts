import { Command, CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { pointsAction } from '../../src/node/points-action.ts';
import { withPoints } from '../../src/node/points-options.ts';
import { type SweepFlags, sweepCommand } from '../../src/node/sweep-command.ts';
import { typedOptions } from '../../src/node/typed-options.ts';

const collect = (text: string, before: string[]) => [...before, text];

/** A command with these options, and some of the others that a sweep has. */
const commandOf = (): Command =>
  withPoints(new Command('sweep'))
    .argument('[sweep]')
    .option('--set <field=value>', '', collect, [])
    .option('--out <folder>')
    .option('--arrays', '', false)
    .option('--no-tuned', '')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });

test.each<[args: string, words: RegExp]>([
  ['--gather . sweep.json', /--gather takes a folder.*'sweep\.json' is too much/],
  ['--status . sweep.json', /--status takes a folder/],
  ['--gather . --set seed=1', /'--gather <folder>' cannot be used with option '--set/],
  ['--gather . --out .', /cannot be used with option '--out/],
  ['--status . --gather .', /cannot be used with option/],
  ['sweep.json --submit --array-size 3', /--array-size and --submit must be given with --slurm/],
  ['sweep.json --sbatch=--exclusive', /--sbatch must be given with --slurm/],
  ['sweep.json --slurm --points 1/2', /cannot be used with option '--points/],
  ['sweep.json --slurm --sbatch 3', /must be options of sbatch/],
  ['sweep.json --slurm --array-size 0', /must be an integer, at least 1/],
  ['sweep.json --slurm --array-size 99999999999999999999', /must be at most 9007199254740991/],
  ['sweep.json --points 0/4', /none of the shares/],
  ['', /missing required argument 'sweep'/],
])('sweep %s is refused', async (args, words) => {
  const command = commandOf().action(pointsAction<SweepFlags>('sweep', sweepCommand));
  const refused = command.parseAsync(args.split(' ').filter(Boolean), { from: 'user' });
  const error = await refused.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect((error as Error | undefined)?.message).toMatch(words);
  if (error instanceof CommanderError) expect(error.exitCode).toBe(1);
});

test('options are passed on as they were typed, known here or not', () => {
  const command = commandOf().option('--runtime <name>').option('-q, --quiet');
  const args = ['--set', 'a=--out', 'sweep.json', '--out', 'x y', '--set=seed=[0, 1]', '--no-tuned', '-q'];
  const more = ['--runtime', 'node', '--slurm', '--sbatch', '--time=5', '--sbatch=--exclusive', '--arrays'];
  expect(typedOptions(command, args.concat(more), ['--slurm', '--sbatch', '--out'])).toEqual([
    '--set',
    'a=--out',
    '--set=seed=[0, 1]',
    '--no-tuned',
    '-q',
    '--runtime',
    'node',
    '--arrays',
  ]);
});
