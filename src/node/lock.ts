import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `task` while no other process of this user runs one under the same lock file; waits for its turn.
 * A lock left by a process that no longer lives is taken over.
 */
export async function withLock<T>(file: string, task: () => Promise<T>, onWait?: () => void): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  for (let waits = 0; !tryLock(file); waits++) {
    if (waits === 0) onWait?.();
    await sleep(500);
  }
  const unlock = () => rmSync(file, { force: true });
  process.once('exit', unlock);
  try {
    return await task();
  } finally {
    process.off('exit', unlock);
    unlock();
  }
}

function tryLock(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, String(process.pid));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (ownerIsDead(file)) rmSync(file, { force: true });
    return false;
  }
}

function ownerIsDead(file: string): boolean {
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    if (!owner) return false; // created this instant, its owner not yet written
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
