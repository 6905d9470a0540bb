import { mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/experiment/json-text.ts';
import { documentOf } from '../../src/experiment/result-document.ts';
import { parseSweep } from '../../src/experiment/sweep.ts';
import type { SweepSummary } from '../../src/experiment/sweep-summary.ts';
import { leasePace } from '../../src/node/lease.ts';
import { thisOwner } from '../../src/node/owner.ts';
import { planOf, readPlan, hashOf } from '../../src/node/plan.ts';
import { plannedPoints } from '../../src/node/planned-points.ts';
import { describeStatus, pointStates } from '../../src/node/status-command.ts';
import { type Ended, firstLight, refusal } from './first-light.ts';
import { fullDisk } from './full-disk.ts';
import { savedRun, savedSpec, writePoint } from './saved-run.ts';
import { temporaryFolder } from './temporary.ts';

const { name, data, network, training } = JSON.parse(JSON.stringify(savedSpec)) as Record<string, unknown>;
const input = { name, data, network, training, seed: [0, 1, 2, 3] };
const { points } = parseSweep(input);

/** The folder of a sweep of four points, of which some are done. */
function sweepFolder(done: readonly number[] = [0, 1, 2, 3]): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'plan.json'), jsonText(planOf({ sweep: input })));
  for (const k of done)
    writePoint(join(folder, points[k].id), documentOf({ ...savedRun, spec: points[k].spec }));
  return folder;
}

function fail(folder: string, k: number): void {
  mkdirSync(join(folder, points[k].id), { recursive: true });
  writeFileSync(
    join(folder, points[k].id, 'failure.json'),
    jsonText({ spec: points[k].spec, error: { name: 'DataError', message: 'It was in vain.' } }),
  );
}

const gather = (folder: string, env?: Record<string, string>): Promise<Ended> =>
  firstLight(folder, ['sweep', '--gather', '.'], env);
const summaryIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as SweepSummary;
const filesOf = (folder: string) =>
  readdirSync(folder).filter((file) => !file.startsWith('seed-') && file !== 'tmp');

test('gathering sums up what is there, and says what is missing and what failed', async () => {
  const folder = sweepFolder([0, 2]);
  fail(folder, 1);
  const early = await gather(folder);
  expect(early.code).toBe(8);
  const words = early.stderr.replace(/\s+/g, ' ');
  expect(words).toContain('Failed: seed 1: It was in vain.');
  expect(words).toContain('of 2 of 4 points: 1 failed, and 1 is missing');
  expect(summaryIn(folder)).toMatchObject({ rows: [{ runs: 2, failed: 1 }], notRun: ['seed-3'] });

  for (const k of [1, 3])
    writePoint(join(folder, points[k].id), documentOf({ ...savedRun, spec: points[k].spec }));
  const whole = await gather(folder);
  expect(whole).toMatchObject({ code: 0, stderr: '' });
  expect(whole.stdout).toContain('All 4 points are there.');
  expect(summaryIn(folder)).toMatchObject({ rows: [{ runs: 4, failed: 0 }], notRun: [] });
});

test('several that gather at once lose nothing and leave nothing behind', async () => {
  const folder = sweepFolder();
  const all = await Promise.all([gather(folder), gather(folder), gather(folder)]);
  expect(all.map(({ code, stderr }) => [code, stderr])).toEqual(Array(3).fill([0, '']));
  expect(summaryIn(folder).rows[0].runs).toBe(4);
  expect(filesOf(folder).sort()).toEqual(['plan.json', 'runs.csv', 'summary.csv', 'summary.json']);
  expect(readdirSync(join(folder, 'seed-0')).sort()).toEqual(['records.csv', 'result.json']);
});

test('on a full disk the summary that was there stays', async () => {
  const folder = sweepFolder([0]);
  await gather(folder);
  const before = readFileSync(join(folder, 'summary.json'), 'utf8');
  writePoint(join(folder, points[1].id), documentOf({ ...savedRun, spec: points[1].spec }));
  const { code, stderr } = await gather(folder, fullDisk(temporaryFolder(), '/summary.json'));
  expect(code).toBe(7);
  expect(stderr.replace(/\s+/g, ' ')).toMatch(/cannot be written to .*no space left.*make room/);
  expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe(before);
  expect(filesOf(folder).sort()).toEqual(['plan.json', 'runs.csv', 'summary.csv', 'summary.json']);
});

test('how far points are: done, running by whom, failed and left', async () => {
  const folder = sweepFolder([0]);
  fail(folder, 1);
  const lease = (k: number, owner: object, beat: Date) => {
    mkdirSync(join(folder, points[k].id), { recursive: true });
    const file = join(folder, points[k].id, '.lease.1');
    writeFileSync(
      file,
      JSON.stringify({ ...thisOwner, id: 'another', host: 'far', place: 'far away', ...owner }),
    );
    utimesSync(file, beat, beat);
    return file;
  };
  lease(2, {}, new Date());
  lease(3, { host: 'farther' }, new Date(Date.now() - 3_600_000));
  const beat = leasePace.beat;
  try {
    leasePace.beat = 300;
    const { path, runs } = plannedPoints(folder, 'sweep');
    expect(describeStatus('four', await pointStates(path, runs)).split('\n')).toEqual([
      'four: 4 points',
      'done    1',
      'running 1',
      'failed  1',
      'left    1',
      '',
      'seed-0: done (diverged)',
      expect.stringMatching(/^seed-2: running \("first-light .*" on far \(process/) as string,
      'seed-1: failed (It was in vain.)',
      expect.stringMatching(
        /^seed-3: left \(.* on farther .* no sign of life, for 1 h 00 min by its clock\)$/,
      ) as string,
    ]);

    // Its clock is an hour late, but its heart beats.
    const file = lease(3, { host: 'farther' }, new Date(Date.now() - 3_600_000));
    const heart = setInterval(() => utimesSync(file, new Date(), new Date(Date.now() - 3_600_000)), 100);
    const states = await pointStates(path, runs).finally(() => clearInterval(heart));
    expect(states.map(({ state }) => state)).toEqual(['done', 'failed', 'running', 'running']);
  } finally {
    leasePace.beat = beat;
  }
});

test('the status is printed and ends well whatever it finds', async () => {
  const { code, stdout, stderr } = await firstLight(sweepFolder([]), ['sweep', '--status', '.']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe('.: 4 points\ndone    0\nrunning 0\nfailed  0\nleft    4\n');
});

test('a plan that is read again is the same plan, whatever is optional beside it', () => {
  const plan = planOf({ title: 'a', groups: [{ slug: 'b', sweep: input }] }, [{ slug: 'c', sweep: input }]);
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'plan.json'), jsonText(plan));
  expect(hashOf(readPlan(folder))).toBe(hashOf(planOf(plan.plan)));
  expect(plannedPoints(folder, 'claims').runs.map(({ id }) => id)).toContain('c/seed-3');
});

test.each<[what: string, change: (folder: string) => string, words: RegExp]>([
  ['that is not there', (folder) => join(folder, 'nowhere'), /There is no folder/],
  ['without a plan', (folder) => (rmSync(join(folder, 'plan.json')), folder), /has no plan\.json: no sweep/],
  [
    'with a damaged plan',
    (folder) => (writeFileSync(join(folder, 'plan.json'), '{"format": '), folder),
    /plan\.json in .* cannot be used: .*[^.]\. The command that wrote it/,
  ],
  [
    'with a plan of nothing',
    (folder) => (writeFileSync(join(folder, 'plan.json'), jsonText(planOf(null))), folder),
    /names neither a sweep nor claims/,
  ],
  [
    'of claims',
    (folder) => (
      writeFileSync(join(folder, 'plan.json'), jsonText(planOf({ title: '', groups: [] }))),
      folder
    ),
    /holds the points of "first-light claims"/,
  ],
])('a folder %s is told', (_what, change, words) => {
  const folder = change(sweepFolder([]));
  const { message, code } = refusal(() => plannedPoints(folder, 'sweep'));
  expect(message).toMatch(words);
  expect(code).toBe(3);
});
