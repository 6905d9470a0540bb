/** What a script for Slurm is made of. */
export interface SlurmScript {
  name: string;
  tasks: number;
  /** Where its logs go: an absolute path. */
  logs: string;
  /** Options for sbatch, as the user wrote them. */
  sbatch: readonly string[];
  /** Where the command is given: its relative paths start there. */
  folder: string;
  /** The command and its arguments, to which the share of the task is added. */
  command: readonly string[];
  /** A file that the command reads, and the SHA-256 of what it holds now. */
  spec: { path: string; hash: string } | undefined;
  /** The command that writes this script. */
  writtenBy: string;
}

/**
 * A job array of which each task takes whole points. The number of tasks comes from Slurm, so that the same script may be
 * submitted with another --array: for more of them, or for those that were killed.
 */
export function slurmScript({
  name,
  tasks,
  logs,
  sbatch,
  folder,
  command,
  spec,
  writtenBy,
}: SlurmScript): string {
  return [
    '#!/bin/bash',
    `#SBATCH --job-name=${quotedForSlurm(name)}`,
    `#SBATCH --array=1-${tasks}`,
    // Of its own, % stands for what differs from task to task.
    `#SBATCH --output=${quotedForSlurm(`${logs.replaceAll('%', '%%')}/%A_%a.log`)}`,
    ...sbatch.map((options) => `#SBATCH ${options}`),
    '',
    `# Written by: ${writtenBy}`,
    '# Submitted again, it goes on with what is left.',
    '',
    `cd ${quoted(folder)} || exit`,
    ...(spec
      ? [
          `if [ "$(sha256sum <${quoted(spec.path)} | cut -c 1-64)" != ${spec.hash} ]; then`,
          `  echo ${quoted(`${spec.path} was changed after this script was written. Write it anew: ${writtenBy}`)} >&2`,
          '  exit 2',
          'fi',
        ]
      : []),
    'share=$(((SLURM_ARRAY_TASK_ID - SLURM_ARRAY_TASK_MIN) % SLURM_ARRAY_TASK_COUNT + 1))',
    '# In place of the shell, so that the signals of Slurm reach it: it keeps what is recorded.',
    `exec ${command.map(quoted).join(' ')} --points "$share/$SLURM_ARRAY_TASK_COUNT"`,
    '',
  ].join('\n');
}

/** A word for a shell. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A value in a line of #SBATCH, which knows double quotes, and backslashes within them. */
const quotedForSlurm = (value: string): string => `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
