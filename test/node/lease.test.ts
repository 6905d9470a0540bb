import { linkSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Lease, leasePace } from '../../src/node/lease.ts';
import { type Owner, thisOwner } from '../../src/node/owner.ts';
import { temporaryFolder } from './temporary.ts';

/** A lease as another process has written it. */
function heldBy(name: string, changes: Partial<Owner>, k = 1): void {
  writeFileSync(`${name}.${k}`, JSON.stringify({ ...thisOwner, id: 'another', ...changes }));
}
const elsewhere = { host: 'far', place: 'far away' };
/** Above Linux's largest process id. */
const nobody = 2 ** 22 + 1;

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'Date', 'setInterval'] }));
afterEach(() => void vi.useRealTimers());

function taken(name: string): Lease {
  const lease = Lease.take(name);
  if (!(lease instanceof Lease)) throw new Error(`It is with ${JSON.stringify(lease)}.`);
  return lease;
}

test('one at a time has a lease, and gives it back without a trace', () => {
  const folder = temporaryFolder();
  const name = join(folder, 'lease');
  const lease = taken(name);
  expect(Lease.take(name)).toMatchObject({ sign: 'alive', owner: { process: process.pid } });
  expect(JSON.parse(readFileSync(`${name}.1`, 'utf8'))).toMatchObject({ host: thisOwner.host });
  lease.release();
  expect(readdirSync(folder)).toEqual([]);
  taken(name).release();
});

test('of a process of this machine that is gone it is taken over at once, and nothing of it stays', () => {
  const folder = temporaryFolder();
  const name = join(folder, 'lease');
  heldBy(name, { process: nobody });
  taken(name).release();
  expect(readdirSync(folder)).toEqual([]);
});

test.runIf(process.platform === 'linux')('a process number that was given again is nobody', () => {
  const name = join(temporaryFolder(), 'lease');
  heldBy(name, { begun: '1' });
  expect(taken(name)).toBeInstanceOf(Lease);
});

test('the owner on another machine, with the number of nobody here, lives as long as it gives signs', () => {
  const name = join(temporaryFolder(), 'lease');
  heldBy(name, { ...elsewhere, process: nobody });
  const look = () => {
    const found = Lease.take(name);
    return found instanceof Lease ? 'mine' : found.sign;
  };
  expect(look()).toBe('unknown');
  for (let k = 0; k < 20; k++) {
    vi.advanceTimersByTime(leasePace.quiet / 5);
    utimesSync(`${name}.1`, k, k); // its clock may be wrong by years
    expect(look()).toBe('alive');
  }
  for (let k = 0; k < 4; k++) {
    vi.advanceTimersByTime(leasePace.quiet / 5);
    expect(look()).toBe('unknown');
  }
  vi.advanceTimersByTime(leasePace.quiet / 5);
  expect(look()).toBe('mine');
});

test('nobody is dead because we did not look', () => {
  const name = join(temporaryFolder(), 'lease');
  heldBy(name, elsewhere);
  Lease.take(name);
  vi.advanceTimersByTime(100 * leasePace.quiet);
  expect(Lease.take(name)).toMatchObject({ sign: 'unknown' });
});

test('of several that take over the same dead one gets it', () => {
  const name = join(temporaryFolder(), 'lease');
  heldBy(name, { process: nobody });
  // Another had found it dead as well, and was faster.
  heldBy(name, { ...elsewhere, id: 'faster' }, 2);
  expect(Lease.take(name)).toMatchObject({ owner: { id: 'faster' } });
});

test('after a pause a lease is still ours where nobody took it, and lost where somebody did', () => {
  const name = join(temporaryFolder(), 'lease');
  const lease = taken(name);
  vi.setSystemTime(Date.now() + 10 * leasePace.quiet);
  lease.check();
  heldBy(name, elsewhere, 3); // it is .2 now
  vi.setSystemTime(Date.now() + 10 * leasePace.quiet);
  expect(() => lease.check()).toThrow(/taken over .*goes on/s);
  lease.release();
});

test('a heartbeat is a new time of the file', () => {
  const folder = temporaryFolder();
  const lease = taken(join(folder, 'lease'));
  linkSync(join(folder, 'lease.1'), join(folder, 'same'));
  utimesSync(join(folder, 'same'), 1, 1);
  lease.beat();
  expect(readdirSync(folder).sort()).toEqual(['lease.1', 'same']);
  expect(Lease.take(join(folder, 'lease'))).toMatchObject({ sign: 'alive' });
  lease.release();
});
