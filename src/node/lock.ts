import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lease } from './lease.ts';

/**
 * Runs `task` while no other process, on any machine that shares the folder, runs one under the same name; waits for its
 * turn, and not for one that is dead.
 */
export async function withLock<T>(name: string, task: () => Promise<T>, onWait?: () => void): Promise<T> {
  mkdirSync(dirname(name), { recursive: true });
  let lease = Lease.take(name);
  for (let waits = 0; !(lease instanceof Lease); waits++) {
    if (waits === 0) onWait?.();
    await sleep(500);
    lease = Lease.take(name);
  }
  try {
    return await task();
  } finally {
    lease.release();
  }
}
