import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { place, firstLight } from './first-light.ts';
import { temporaryFolder } from './temporary.ts';

const sweep = {
  name: 'twenty-four',
  data: { distribution: 'gaussian', d: [4, 5, 6], n: 20, nTest: 0 },
  network: { width: 8 },
  training: { eta: 0.5, steps: 20 },
  seed: [0, 1, 2, 3, 4, 5, 6, 7],
};

/** A folder with a sweep in it, whose name a script has to quote. */
function sweepFolder(): string {
  const folder = join(temporaryFolder(), `it's 100% "here"`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep));
  return folder;
}

const run = promisify(execFile);
const oneNode = fileURLToPath(new URL('../slurm/one-node', import.meta.url));

/** Why there can be no Slurm here; undefined where there can. */
function whyNot(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'a Slurm of its own takes root on Linux';
  const missing = ['sbatch', 'slurmctld', 'slurmd', 'munged'].filter(
    (name) => !(process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name))),
  );
  return missing.length > 0 ? `without ${missing.join(', ')}: apt-get install slurm-wlm munge` : undefined;
}
const lacking = whyNot();
if (lacking !== undefined) console.warn(`The test with a real Slurm is left out, ${lacking}.`);

/** Starts a Slurm for a test; returns the environment in which its commands find it. */
function startSlurm(): { SLURM_CONF: string } {
  const folder = mkdtempSync(join(tmpdir(), 'first-light-slurm-'));
  const env = { ...process.env, ONE_NODE: folder };
  onTestFinished(async () => {
    await run(oneNode, ['stop'], { env });
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  // Its daemons would keep a pipe open.
  execFileSync(oneNode, ['start'], { env, stdio: 'ignore' });
  return { SLURM_CONF: join(folder, 'slurm.conf') };
}

const submitted = (stdout: string): string => /Submitted: +job (\d+)/.exec(stdout)![1];

test.skipIf(lacking !== undefined)(
  `a job array of which a task is killed and the rest cancelled, submitted again, ends as one process does, byte for byte${lacking === undefined ? '' : ` (${lacking})`}`,
  async () => {
    const folder = sweepFolder();
    const slurm = startSlurm();
    const out = join(folder, 'out');
    const env = { ...process.env, ...slurm };
    const points = () =>
      existsSync(out) ? readdirSync(out).filter((name) => existsSync(join(out, name, 'result.json'))) : [];
    const queued = async () =>
      (await run('squeue', ['-h', '-r', '-o', '%i %t'], { env })).stdout
        .split('\n')
        .filter((line) => line !== '');
    const wait = (condition: () => unknown) => vi.waitFor(condition, { timeout: 100_000, interval: 100 });
    const submit = async () => {
      const { code, stdout, stderr } = await firstLight(
        folder,
        ['sweep', 'sweep.json', ...place, '--out', 'out', '--slurm', '--array-size', '8', '--submit'].concat(
          '--sbatch',
          '--time=5 --cpus-per-task=1',
        ),
        slurm,
      );
      expect(stderr).toBe('');
      expect(code).toBe(0);
      return submitted(stdout);
    };
    const read = (option: '--gather' | '--status') => firstLight(folder, ['sweep', option, 'out']);

    const job = await submit();
    await wait(() => expect(points().length).toBeGreaterThan(2));
    // As a node that fails: nothing is given back.
    await run('scancel', ['--full', '--signal=KILL', `${job}_1`], { env });
    const before = points().length;
    await wait(() => expect(points().length).toBeGreaterThan(before + 2));
    await run('scancel', [job], { env });
    await wait(async () => expect(await queued()).toEqual([]));

    const status = await read('--status');
    expect(status.code).toBe(0);
    const counts = new Map(
      [...status.stdout.matchAll(/^(\w+) +(\d+)$/gm)].map(([, name, n]) => [name, Number(n)]),
    );
    expect([...counts.keys()]).toEqual(['done', 'running', 'failed', 'left']);
    expect([counts.get('running'), counts.get('failed')]).toEqual([0, 0]);
    expect(counts.get('done')! + counts.get('left')!).toBe(24);
    expect(counts.get('left')).toBeGreaterThan(0);
    const early = await read('--gather');
    expect(early.code).toBe(8);
    expect(early.stderr).toMatch(
      new RegExp(`of ${counts.get('done')} of 24 points: ${counts.get('left')} are\\s+missing`),
    );
    const computed = new Map(points().map((id) => [id, readFileSync(join(out, id, 'result.json'), 'utf8')]));

    const again = await submit();
    await wait(async () => expect(await queued()).toEqual([]));
    expect(await read('--gather')).toMatchObject({ code: 0, stderr: '' });
    for (const [id, text] of computed)
      expect(readFileSync(join(out, id, 'result.json'), 'utf8'), id).toBe(text);
    const logs = readdirSync(join(out, 'slurm')).filter((name) => name.startsWith(`${again}_`));
    expect(logs).toHaveLength(8);
    const ran = logs.map((name) =>
      Number(/ran (\d+) point/.exec(readFileSync(join(out, 'slurm', name), 'utf8'))?.[1] ?? 0),
    );
    expect(ran.reduce((sum, count) => sum + count, 0)).toBe(24 - computed.size);

    const whole = await firstLight(folder, ['sweep', 'sweep.json', ...place, '--out', 'whole']);
    expect(whole.code).toBe(0);
    expect(readFileSync(join(out, 'summary.csv'), 'utf8')).toBe(
      readFileSync(join(folder, 'whole', 'summary.csv'), 'utf8'),
    );
  },
);

test('without sbatch the script is there, and an error says so', async () => {
  const folder = sweepFolder();
  const { code, stderr } = await firstLight(
    folder,
    ['sweep', 'sweep.json', '--out', 'out', '--slurm', '--submit'],
    {
      PATH: join(folder, 'nothing'),
    },
  );
  expect(code).toBe(3);
  expect(stderr.replace(/\s+/g, ' ')).toContain(
    'There is no sbatch on this machine. The script is in out/slurm/array.sh',
  );
  expect(readFileSync(join(folder, 'out', 'slurm', 'array.sh'), 'utf8')).toContain('#SBATCH --array=1-16\n');
});
