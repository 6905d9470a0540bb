import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ResultDocument } from '../../src/experiment/result-document.ts';
import type { SweepSummary } from '../../src/experiment/sweep-summary.ts';
import { expandSweep, readSweep } from '../../src/node/spec-source.ts';
import { killBrowser } from './browser-process.ts';
import { type Ended, browser, firstLight, place, refusal, start } from './first-light.ts';
import { fullDisk } from './full-disk.ts';
import { npyFile } from '../npy-file.ts';
import { temporaryFolder } from './temporary.ts';

const sweep = {
  name: 'tiny',
  data: { distribution: 'gaussian', d: [4, 6], n: 'ceil(4*d^1.25)', nTest: 0 },
  network: { width: '2*d' },
  training: { eta: 'd/10', steps: 10 },
  seed: [0, 1],
};
const ids = ['d-4_seed-0', 'd-4_seed-1', 'd-6_seed-0', 'd-6_seed-1'];

/** Far more steps than a test has time for. */
const endless = 1_000_000;

/** A folder with a sweep in it. */
function sweepIn(content: unknown = sweep): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(content));
  return folder;
}

const command = (...args: string[]) => ['sweep', 'sweep.json', ...place, ...args];
const run = (folder: string, ...args: string[]): Promise<Ended> => firstLight(folder, command(...args));

const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));
const summaryIn = (out: string) => json(out, 'summary.json') as SweepSummary;
/** When each point was computed. */
const started = (out: string, points: readonly string[] = ids): string[] =>
  points.map((id) => (json(out, id, 'result.json') as ResultDocument).provenance.startedAt);

test('a sweep runs every point, sums up, and goes on where points are missing, damaged or half-written', async () => {
  const folder = sweepIn();
  const first = await run(folder);
  expect(first.stderr).toBe('');
  expect(first.code).toBe(0);
  for (const line of first.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);

  const out = join(folder, 'results', 'tiny');
  expect(readdirSync(out).sort()).toEqual([...ids, 'plan.json', 'runs.csv', 'summary.csv', 'summary.json']);
  const summary = summaryIn(out);
  expect(summary.variable).toBe('d');
  expect(summary.rows.map(({ values, runs }) => ({ values, runs }))).toEqual([
    { values: { d: 4, n: 23, width: 8, eta: 0.4 }, runs: 2 },
    { values: { d: 6, n: 38, width: 12, eta: 0.6 }, runs: 2 },
  ]);
  const losses = ids.slice(0, 2).map((id) => {
    const { records } = json(out, id, 'result.json') as ResultDocument;
    return records.at(-1)!.train.networkLoss;
  });
  // Another seed, another run.
  expect(losses[0]).not.toBe(losses[1]);
  const mean = (losses[0] + losses[1]) / 2;
  expect(summary.rows[0].means['train_network_loss']!.mean).toBe(mean);
  const [header, ...rows] = readFileSync(join(out, 'summary.csv'), 'utf8').trimEnd().split('\n');
  expect(rows.map((row) => row.split(',')[0])).toEqual(['mean', 'mean', 'slope']);
  expect(Number(rows[0].split(',')[header.split(',').indexOf('train_network_loss')])).toBe(mean);

  // Nothing to do: nothing is run, and the summary is the same.
  const before = started(out);
  const second = await run(folder);
  expect(second.code).toBe(0);
  expect(second.stdout).toContain('4 of 4 points are on disk already.');
  expect(started(out)).toEqual(before);
  expect(summaryIn(out)).toEqual(summary);

  writeFileSync(join(out, ids[0], 'result.json'), '{"format": "first-li');
  rmSync(join(out, ids[1], 'result.json'));
  rmSync(join(out, ids[2]), { recursive: true });
  const third = await run(folder);
  expect(third.code).toBe(0);
  expect(third.stdout).toContain('Run again (its result.json is damaged: ');
  expect(third.stdout).toContain(`Run again (left half-written): ${ids[1]}.`);
  expect(third.stdout).toContain('1 of 4 points are on disk already.');
  const after = started(out);
  expect(after[3]).toBe(before[3]);
  for (const k of [0, 1, 2]) expect(after[k]).not.toBe(before[k]);
  // The same numbers, digit for digit.
  expect(summaryIn(out)).toEqual(summary);
});

test('a sweep over depth: results of deep networks are read again, and summed up by depth', async () => {
  const folder = sweepIn({
    name: 'tiny',
    data: { distribution: 'gaussian', d: 5, n: 20, nTest: 8 },
    // Of |x| the linear model has no slope, and its horizon is infinite.
    network: { kind: 'deep', depth: [1, 2], width: 8, activation: ['erf', 'abs(x)'] },
    training: { eta: 0.1, steps: 5, linearized: true, linear: ['theory', 'fitted'] },
  });
  const first = await run(folder);
  expect([first.code, first.stderr]).toEqual([0, '']);
  const out = join(folder, 'results', 'tiny');
  const summary = summaryIn(out);
  expect(summary.rows.map(({ values, runs }) => [values['depth'], runs])).toEqual([
    [1, 1],
    [1, 1],
    [2, 1],
    [2, 1],
  ]);
  const [header, ...lines] = readFileSync(join(out, 'summary.csv'), 'utf8').trimEnd().split('\n');
  for (const column of [
    'depth',
    'runs',
    'train_network_loss',
    'train_linear_loss',
    'train_early_discrepancy',
  ])
    expect(header.split(',')).toContain(column);
  expect(lines.filter((line) => line.startsWith('mean,'))).toHaveLength(4);
  const second = await run(folder);
  expect(second.code).toBe(0);
  expect(second.stdout).toContain('4 of 4 points are on disk already.');
  expect(summaryIn(out)).toEqual(summary);
});

test('another sweep of the same name gets a folder of its own; in a named folder only what differs is run', async () => {
  const folder = sweepIn({ ...sweep, seed: 0 });
  expect((await run(folder)).code).toBe(0);
  expect((await run(folder, '--set', 'training.steps=5')).code).toBe(0);
  expect(readdirSync(join(folder, 'results')).sort()).toEqual(['tiny', 'tiny-2']);
  const out = join(folder, 'results', 'tiny');
  const [before] = started(out, ['d-4']);
  // At d = 4 another way to write the same number.
  const changed = await run(folder, '--set', 'training.steps=d+6', '--out', out);
  expect(changed.code).toBe(0);
  expect(started(out, ['d-4'])).toEqual([before]);
  expect(changed.stdout).toContain('Run again (of another spec): d-6.');
});

test('points that fail are recorded with their reason, the others are run, and the exit code says so', async () => {
  const folder = sweepIn({
    ...sweep,
    data: { distribution: 'npy', x: ['bad.npy', 'good.npy'] },
    network: { width: 8 },
    training: { eta: 0.1, steps: 5 },
    target: { kind: 'sign-linear' },
    seed: 0,
  });
  const values = Array.from({ length: 40 }, (_, i) => Math.sin(12.9898 * (i + 1)));
  writeFileSync(join(folder, 'good.npy'), npyFile([20, 2], values));
  writeFileSync(join(folder, 'bad.npy'), npyFile([20, 2], [NaN, ...values.slice(1)]));
  const { code, stderr, stdout } = await run(folder);
  expect(code).toBe(8);
  expect(stdout).toMatch(/x = bad\.npy failed: bad\.npy has NaN at index \[0, 0\]/);
  expect(stderr.replace(/\s+/g, ' ')).toMatch(/Failed: x = bad\.npy: .*NaN.* 1 of 2 points failed/);
  const out = join(folder, 'results', 'tiny');
  expect(json(out, 'x-bad.npy', 'failure.json')).toMatchObject({
    error: { name: 'DataError', message: expect.stringContaining('NaN') as string },
  });
  expect(existsSync(join(out, 'x-bad.npy', 'result.json'))).toBe(false);
  expect(summaryIn(out)).toMatchObject({
    failures: [{ id: 'x-bad.npy', reason: expect.stringContaining('NaN') as string }],
    rows: [
      { runs: 0, failed: 1 },
      { runs: 1, failed: 0 },
    ],
  });

  // Mended, the same command runs the failed point alone.
  writeFileSync(join(folder, 'bad.npy'), npyFile([20, 2], values));
  const before = started(out, ['x-good.npy']);
  const mended = await run(folder);
  expect(mended.stdout).toContain('Run again (failed before): x-bad.npy.');
  expect(mended.code).toBe(0);
  expect(started(out, ['x-good.npy'])).toEqual(before);
  expect(existsSync(join(out, 'x-bad.npy', 'failure.json'))).toBe(false);
});

test('a point too large for the adapter fails alone, and one that diverges is a result', async () => {
  const folder = sweepIn({
    ...sweep,
    data: { distribution: 'gaussian', d: 4, n: [20, 2_000_000_000], nTest: 0 },
    training: { layers: 'first', eta: [0.4, 1000], steps: 30 },
    seed: 0,
  });
  const { code, stderr } = await run(folder);
  expect(code).toBe(8);
  expect(stderr).toContain('n = 2000000000, eta = 0.4: data.n is 2000000000');
  expect(stderr).toContain('2 of 4 points failed');
  const { rows } = summaryIn(join(folder, 'results', 'tiny'));
  expect(rows.map(({ runs, diverged, failed }) => [runs, diverged, failed])).toEqual([
    [1, 0, 0],
    [1, 1, 0],
    [0, 0, 1],
    [0, 0, 1],
  ]);
});

test('Ctrl-C keeps every point, and the same command goes on', async () => {
  const folder = sweepIn({ ...sweep, training: { eta: 0.01, steps: [5, endless] }, seed: 0 });
  const out = join(folder, 'results', 'tiny');
  const running = start(folder, command());
  const second = join(out, `d-4_steps-${endless}`, 'records.csv');
  await vi.waitFor(() => expect(existsSync(second)).toBe(true), { timeout: 120_000, interval: 50 });
  running.process.kill('SIGINT');
  const { code, stdout } = await running.ended;
  expect(code).toBe(130);
  expect(stdout).toContain('3 of 4 points are left; the same command goes on with them.');
  expect(summaryIn(out).notRun).toEqual([`d-4_steps-${endless}`, 'd-6_steps-5', `d-6_steps-${endless}`]);

  // Recording again, it takes away the result of the point that was stopped.
  const again = start(folder, command());
  const stopped = join(out, `d-4_steps-${endless}`, 'result.json');
  await vi.waitFor(() => expect(existsSync(stopped)).toBe(false), { timeout: 120_000, interval: 50 });
  again.process.kill('SIGINT');
  const resumed = await again.ended;
  expect(resumed.code).toBe(130);
  expect(resumed.stdout).toContain(`Run again (stopped): d-4_steps-${endless}.`);
  expect(resumed.stdout).toContain('1 of 4 points are on disk already.');
});

test.runIf(process.platform === 'linux')(
  'a browser that breaks down costs its point, and a new one runs the rest',
  async () => {
    const folder = sweepIn({ ...sweep, training: { eta: 0.01, steps: [endless, 5] }, seed: 0 });
    const out = join(folder, 'results', 'tiny');
    const inBrowser = ['--runtime', 'browser', '--browser', browser];
    const running = start(folder, command('--set', 'data.d=4', ...inBrowser));
    const slow = `steps-${endless}`;
    await vi.waitFor(() => expect(existsSync(join(out, slow, 'records.csv'))).toBe(true), {
      timeout: 120_000,
      interval: 50,
    });
    killBrowser(running.temporary);
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(8);
    expect(stdout).toContain('Starting anew for the other points.');
    expect(stderr).toMatch(/steps = 1000000: The (browser|page)/);
    expect(json(out, slow, 'failure.json')).toMatchObject({ format: 'first-light/failure' });
    expect((json(out, 'steps-5', 'result.json') as ResultDocument).status.kind).toBe('completed');
  },
);

test('a folder that cannot be written to is told before anything is computed', async () => {
  const folder = sweepIn();
  const { code, stderr, stdout } = await run(folder, '--out', 'sweep.json/x');
  expect(code).toBe(7);
  expect(stderr).toMatch(/sweep\.json is\s+a file/);
  expect(stdout).not.toContain('Computing on');
});

test('a full disk ends the sweep and keeps what is there', async () => {
  const folder = sweepIn();
  const out = join(folder, 'out');
  const { code, stderr } = await firstLight(
    folder,
    command('--out', 'out'),
    fullDisk(folder, `/${ids[1]}/records`),
  );
  expect(code).toBe(7);
  expect(stderr.replace(/\s+/g, ' ')).toMatch(/cannot be written to .*no space left.*make room/);
  const before = started(out, [ids[0]]);

  const { code: ended } = await run(folder, '--out', 'out');
  expect(ended).toBe(0);
  expect(started(out, [ids[0]])).toEqual(before);
});

test('of two processes that divide the points one meets a full disk: the other loses nothing, and a gathering sums up', async () => {
  const folder = sweepIn();
  const share = (k: number) => command('--out', 'out', '--points', `${k}/2`);
  const out = join(folder, 'out');
  const full = await firstLight(folder, share(1), fullDisk(folder, `/${ids[2]}/records`));
  expect(full.code).toBe(7);
  expect(full.stderr.replace(/\s+/g, ' ')).toMatch(/cannot be written to .*no space left.*make room/);
  const before = started(out, [ids[0]]);

  const other = await firstLight(folder, share(2));
  expect(other).toMatchObject({ code: 0, stderr: '' });
  expect(other.stdout).toContain('Share 2 of 2: 2 of 4 points; 1 of all are on disk already.');
  expect(other.stdout).toContain('This process ran 3 points, 1 of them of other shares.');
  // Who comes late asks for no browser.
  const late = await firstLight(folder, share(1), { CHROME_PATH: '/nowhere', FIREFOX_PATH: '/nowhere' });
  expect(late).toMatchObject({ code: 0, stderr: '' });
  expect(late.stdout).toContain('Nothing is left to do here.');
  expect(existsSync(join(out, 'summary.json'))).toBe(false);

  const gathered = await firstLight(folder, ['sweep', '--gather', 'out'], { CHROME_PATH: '/nowhere' });
  expect(gathered).toMatchObject({ code: 0, stderr: '' });
  expect(started(out, [ids[0]])).toEqual(before);
  expect(summaryIn(out)).toMatchObject({ rows: [{ runs: 2 }, { runs: 2 }], notRun: [] });
});

test('commands with one plan share its points, any other is refused while they run', async () => {
  const folder = sweepIn({ ...sweep, seed: [0, 1, 2] });
  const both = [start(folder, command('--out', 'out')), start(folder, command('--out', 'out'))];
  const out = join(folder, 'out');
  await vi.waitFor(() => expect(existsSync(join(out, ids[0], 'records.csv'))).toBe(true), {
    timeout: 120_000,
    interval: 20,
  });
  const other = await run(folder, '--out', 'out', '--set', 'training.eta=0.1');
  const ends = await Promise.all(both.map(({ ended }) => ended));
  if (other.code === 7)
    expect(other.stderr.replace(/\s+/g, ' ')).toMatch(/in use by "first-light sweep" on .*process/);
  else expect(other.code).toBe(0); // on a fast machine they were through
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  expect(ends[0].stdout.replace(/^[^]*Fitted/, '')).toBe(ends[1].stdout.replace(/^[^]*Fitted/, ''));
  if (other.code === 0) return;
  const { rows, notRun } = summaryIn(out);
  expect(notRun).toEqual([]);
  expect(rows.map(({ runs }) => runs)).toEqual([3, 3]);
  const points = readdirSync(out).filter((name) => name.startsWith('d-'));
  expect(points).toHaveLength(6);
  for (const point of points) {
    const steps = readFileSync(join(out, point, 'records.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(new Set(steps).size).toBe(steps.length);
    expect(readdirSync(join(out, point)).sort()).toEqual(['records.csv', 'result.json']);
  }
  expect(readdirSync(out).sort()).toEqual(
    [...points, 'plan.json', 'runs.csv', 'summary.csv', 'summary.json'].sort(),
  );
});

test('a sweep that is none is refused before anything starts', async () => {
  const folder = sweepIn({ ...sweep, network: { width: 'd^1.1' } });
  const { code, stderr } = await run(folder);
  expect(code).toBe(2);
  expect(stderr.replace(/\s+/g, ' ')).toMatch(/"d\^1\.1", which gives 4\.59.*ceil/);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(existsSync(join(folder, 'results'))).toBe(false);
});

test.each<[what: string, change: object, words: RegExp]>([
  ['a range that never ends', { seed: { from: 1, to: 9, times: 1 } }, /never ends.*Take "times" above 1/],
  ['a negative size', { network: { width: 'd - 10' } }, /At d = 4, seed 0: network\.width is .* gives -6/],
  ['a field that no spec has', { netwrok: {} }, /netwrok is not a field/],
  ['a claim that there is not', { claims: [18] }, /claims is \[18\]/],
])('%s is no sweep', (_what, change, words) => {
  const file = join(sweepIn({ ...sweep, ...change }), 'sweep.json');
  const refused = refusal(() => expandSweep(readSweep(file, [])));
  expect(refused.message.replace(/\s+/g, ' ')).toMatch(words);
  expect(refused.code).toBe(2);
});

test('sweeps are named where there is none of a name, and are not for run', async () => {
  const folder = sweepIn();
  const unknown = await firstLight(folder, ['sweep', 'depth']);
  expect(unknown.code).toBe(3);
  expect(unknown.stderr.replace(/\s+/g, ' ')).toContain(
    'neither a file nor a sweep or preset; there are dimension, width',
  );
  for (const source of ['width', 'sweep.json']) {
    const wrong = await firstLight(folder, ['run', source]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(`first-light sweep ${source}`);
  }
  const printed = await firstLight(folder, ['presets', 'width']);
  expect(JSON.parse(printed.stdout)).toMatchObject({ name: 'width' });
});
