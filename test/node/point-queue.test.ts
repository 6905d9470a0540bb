import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { JobRun } from '../../src/experiment/job.ts';
import { leasePace } from '../../src/node/lease.ts';
import { thisOwner } from '../../src/node/owner.ts';
import { PointQueue, type Settled } from '../../src/node/point-queue.ts';
import { shareOf } from '../../src/node/share.ts';
import { savedSpec, writePoint } from './saved-run.ts';
import { temporaryFolder } from './temporary.ts';

const runs = Array.from({ length: 12 }, (_, k): JobRun => ({
  id: `point-${k}`,
  label: `point ${k}`,
  spec: savedSpec,
  arrays: false,
}));

const settled: Settled[] = [];
const said: string[] = [];
const pace = { ...leasePace };
afterEach(() => {
  settled.length = said.length = 0;
  Object.assign(leasePace, pace);
});

/** The queue of one of several processes. */
const queueOf = (folder: string, index: number, of: number): PointQueue =>
  new PointQueue({
    folder,
    runs,
    share: shareOf(runs, { index, of }),
    settle: (one) => void settled.push(one),
    say: (line) => void said.push(line),
    stop: new AbortController().signal,
  });

/** Runs all that a queue gives; returns the ids. */
async function work(folder: string, queue: PointQueue, takes: () => number = () => 0): Promise<string[]> {
  const ids: string[] = [];
  for (let run = await queue.next(); run; run = await queue.next()) {
    await sleep(takes());
    writePoint(join(folder, run.id));
    ids.push(run.id);
  }
  return ids;
}

/** What a process that writes nothing more has left of its lease of a point. */
function leaseOf(folder: string, id: string, owner: object, beat: Date): string {
  mkdirSync(join(folder, id), { recursive: true });
  const file = join(folder, id, '.lease.1');
  writeFileSync(file, JSON.stringify({ ...thisOwner, id: 'another', ...owner }));
  utimesSync(file, beat, beat);
  return file;
}
const elsewhere = { host: 'far', place: 'far away' };

test('a process runs its share in order, then the others’ points, last ones first', async () => {
  const folder = temporaryFolder();
  expect(await work(folder, queueOf(folder, 2, 4))).toEqual(
    [1, 5, 9, 11, 10, 8, 7, 6, 4, 3, 2, 0].map((k) => `point-${k}`),
  );
});

test.each([2, 5, 20])('%i at once run every point once', async (of) => {
  const folder = temporaryFolder();
  const all = await Promise.all(
    Array.from({ length: of }, (_, k) => work(folder, queueOf(folder, k + 1, of), () => 20 * Math.random())),
  );
  expect(all.flat().sort()).toEqual(runs.map(({ id }) => id).sort());
});

test('a process leaves points that somebody living has, and failures of other shares', async () => {
  const folder = temporaryFolder();
  const other = queueOf(folder, 1, 2);
  const held = await other.next();
  expect(held!.id).toBe('point-0');
  for (const id of ['point-1', 'point-2']) {
    mkdirSync(join(folder, id));
    writeFileSync(join(folder, id, 'failure.json'), JSON.stringify({ spec: savedSpec, error: {} }));
  }
  const ran = await work(folder, queueOf(folder, 2, 2));
  // Of its own share it runs again what failed before.
  expect(ran).toHaveLength(10);
  expect(ran).toContain('point-1');
  expect(ran).not.toContain('point-2');
  expect(said).toEqual([]);
  other.release();
});

test('points of an owner that died are taken over: on this machine at once, of another when its heart stays still', async () => {
  Object.assign(leasePace, { quiet: 400 });
  const folder = temporaryFolder();
  leaseOf(folder, 'point-0', { process: 2 ** 22 + 1 }, new Date());
  leaseOf(folder, 'point-3', elsewhere, new Date());
  const beating = leaseOf(folder, 'point-6', elsewhere, new Date());
  const heart = setInterval(() => utimesSync(beating, new Date(), new Date()), 100);
  const ran = await work(folder, queueOf(folder, 1, 2)).finally(() => clearInterval(heart));
  expect(ran.sort()).toEqual(
    runs
      .map(({ id }) => id)
      .filter((id) => id !== 'point-6')
      .sort(),
  );
  expect(ran).toHaveLength(11);
  expect(said.join()).toContain('Waiting for points that are with "first-light');
});

test.runIf(process.platform === 'linux')(
  'a full disk ends the command; it is no failure of points',
  async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'point-0'));
    // Where the lease is first written to.
    symlinkSync('/dev/full', join(folder, 'point-0', `.lease.1-${thisOwner.id}`));
    const queue = queueOf(folder, 1, 1);
    await expect(queue.next()).rejects.toThrow(/cannot be written to .*ENOSPC.*make room/);
    expect(settled).toEqual([]);
    // Once there is room, nothing was lost.
    expect(await work(folder, queueOf(folder, 1, 1))).toHaveLength(12);
  },
);
