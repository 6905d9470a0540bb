import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { clause } from '../gpu/errors.ts';
import { CommandError, exitCode } from './command-error.ts';
import { type OutputFolder, folderName, shown } from './output-folder.ts';
import { quoted, slurmScript } from './slurm-script.ts';
import { grouped } from './text.ts';
import { typedOptions } from './typed-options.ts';
import { emit, tell } from './voice.ts';

/** Options of `--slurm`. */
export interface SlurmFlags {
  slurm?: boolean;
  arraySize?: number;
  /** Lines of options for sbatch. */
  sbatch: string[];
  submit?: boolean;
}

export interface SlurmJob {
  name: string;
  points: number;
  source: string | undefined;
  output: OutputFolder;
}

/** Tasks, where the user does not say how many: each starts a browser, and mostly waits for a GPU of its own. */
const usualTasks = 16;

/** Where the script and its logs are, in the output folder. */
const slurmFolder = 'slurm';

/** What the tasks are not given: it is about the script, or they are given it in another way. */
const notForTasks = ['--slurm', '--array-size', '--sbatch', '--submit', '--out'];

/**
 * `--slurm`: writes a script with which Slurm divides the points among the tasks of a job array, and says how to submit it;
 * or submits it.
 * @throws CommandError where sbatch is not there or refuses it; the script is written before.
 */
export function slurmCommand(
  { name, points, source, output }: SlurmJob,
  flags: SlurmFlags,
  command: Command,
): void {
  if (source === '-' || (source !== undefined && existsSync(source) && !statSync(source).isFile())) {
    throw new CommandError(
      exitCode.usage,
      `${source === '-' ? 'Standard input' : source} can be read only once, and every task reads the spec: write it to a file first.`,
    );
  }
  const path = join(output.path, slurmFolder, 'array.sh');
  if (/[\n\r]/.test(path)) {
    throw new CommandError(exitCode.usage, `Slurm takes no line breaks in a path: ${JSON.stringify(path)}.`);
  }
  const tasks = Math.min(flags.arraySize ?? usualTasks, points);
  const [node, launcher, verb, ...args] = [process.execPath, ...process.argv.slice(1)];
  const given = source === undefined ? [] : [source];
  output.write(
    join(slurmFolder, 'array.sh'),
    slurmScript({
      name: `first-light-${folderName(name)}`,
      tasks,
      logs: join(output.path, slurmFolder),
      sbatch: flags.sbatch,
      folder: process.cwd(),
      command: [
        ...[node, resolve(launcher), verb, ...given],
        ...typedOptions(command, args, notForTasks),
        ...['--out', output.path],
      ],
      spec:
        source !== undefined && existsSync(source)
          ? { path: source, hash: createHash('sha256').update(readFileSync(source)).digest('hex') }
          : undefined,
      writtenBy: ['first-light', verb, ...args].map(quoted).join(' '),
    }),
  );
  const folder = quoted(shown(output.path));
  tell(
    `${grouped(points)} ${points === 1 ? 'point' : 'points'} for ${grouped(tasks)} ${tasks === 1 ? 'task' : 'tasks'}: ${shown(path)}`,
  );
  const status = `first-light ${verb} --status ${folder}`;
  const sumUp = `first-light ${verb} --gather ${folder}`;
  if (!flags.submit) {
    emit({ event: 'slurm', script: path, tasks, job: null });
    tell(`\nSubmit it:     sbatch ${quoted(shown(path))}\nHow far it is: ${status}\nIn the end:    ${sumUp}`);
    return;
  }
  const job = submit(path);
  emit({ event: 'slurm', script: path, tasks, job });
  tell(`\nSubmitted:     job ${job}\nHow far it is: ${status}\nIn the end:    ${sumUp}`);
}

/** The number of the job. */
function submit(script: string): string {
  const { error, status, stdout, stderr } = spawnSync('sbatch', ['--parsable', script], { encoding: 'utf8' });
  const kept = `The script is in ${shown(script)}`;
  if (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CommandError(
      exitCode.input,
      `${absent ? 'There is no sbatch on this machine' : `sbatch cannot be started: ${error.message}`}. ${kept}; submit it where Slurm is, with sbatch ${quoted(shown(script))}.`,
    );
  }
  if (status !== 0) {
    const reason = clause(stderr) || `it ended with ${String(status)}`;
    throw new CommandError(
      exitCode.input,
      `sbatch refused: ${reason}. ${kept}; submit it where sbatch takes it, or change its options (--sbatch).`,
    );
  }
  // "JOB" or "JOB;CLUSTER"
  return stdout.trim().split(';')[0];
}
