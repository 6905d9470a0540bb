import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type SlurmScript, slurmScript } from '../../src/node/slurm-script.ts';
import { temporaryFolder } from './temporary.ts';

const strange = `it's 100% "so" \\ $HOME`;

/** Runs a script as Slurm does a task; what it runs prints its folder and its arguments. */
function task(changes: Partial<SlurmScript>, id: number, min: number, count: number) {
  const folder = join(temporaryFolder(), strange);
  mkdirSync(folder);
  writeFileSync(join(folder, strange), 'a spec');
  const text = slurmScript({
    name: 'name',
    tasks: 4,
    logs: folder,
    sbatch: ['--time=5 --exclusive'],
    folder,
    command: ['printf', '%s|', strange, '--set', 'seed=[0, 1]', ''],
    spec: { path: strange, hash: createHash('sha256').update('a spec').digest('hex') },
    writtenBy: 'first-light sweep',
    ...changes,
  });
  const ran = spawnSync('bash', ['-c', text], {
    encoding: 'utf8',
    env: {
      ...process.env,
      SLURM_ARRAY_TASK_ID: String(id),
      SLURM_ARRAY_TASK_MIN: String(min),
      SLURM_ARRAY_TASK_COUNT: String(count),
    },
  });
  return { text, folder, ...ran };
}

test.runIf(process.platform === 'linux')('a task is given what was typed, and its share', () => {
  const { status, stdout, stderr } = task({}, 3, 1, 4);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe(`${[strange, '--set', 'seed=[0, 1]', '', '--points', '3/4'].join('|')}|`);
});

test.runIf(process.platform === 'linux')(
  'shares are counted as the array is submitted, from 0 or with gaps',
  () => {
    const share = (id: number, min: number, count: number) =>
      /(\d+\/\d+)\|$/.exec(task({}, id, min, count).stdout)?.[1];
    expect([0, 1, 2].map((id) => share(id, 0, 3))).toEqual(['1/3', '2/3', '3/3']);
    expect([1, 5, 9].map((id) => share(id, 1, 3))).toEqual(['1/3', '2/3', '3/3']);
    expect(share(7, 7, 1)).toBe('1/1');
  },
);

test.runIf(process.platform === 'linux')(
  'a spec that was changed after the script was written is refused',
  () => {
    const { status, stdout, stderr } = task({ spec: { path: strange, hash: '0'.repeat(64) } }, 1, 1, 4);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('was changed after this script was written. Write it anew: first-light sweep');
  },
);

test('the user’s options come last, where they have the last word, and paths are quoted as Slurm reads them', () => {
  const { text } = task({ logs: '/a "b" 5%/c' }, 1, 1, 4);
  expect(text.split('\n').filter((line) => line.startsWith('#SBATCH'))).toEqual([
    '#SBATCH --job-name="name"',
    '#SBATCH --array=1-4',
    '#SBATCH --output="/a \\"b\\" 5%%/c/%A_%a.log"',
    '#SBATCH --time=5 --exclusive',
  ]);
});
