import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { withLock } from '../../src/node/lock.ts';
import { thisOwner } from '../../src/node/owner.ts';
import { temporaryFolder } from './temporary.ts';

test('tasks under one lock run one after another', async () => {
  const file = join(temporaryFolder(), 'deep', 'lock');
  let inside = 0;
  let most = 0;
  let waited = 0;
  const task = () =>
    withLock(
      file,
      async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
      },
      () => waited++,
    );
  await Promise.all([task(), task(), task()]);
  expect(most).toBe(1);
  expect(waited).toBe(2);
  expect(readdirSync(dirname(file))).toEqual([]);
});

test('the lock of a process that is gone is taken over, and a failure gives it back', async () => {
  const file = join(temporaryFolder(), 'lock');
  // Its number is above Linux's largest.
  writeFileSync(`${file}.1`, JSON.stringify({ ...thisOwner, id: 'gone', process: 2 ** 22 + 1 }));
  await expect(withLock(file, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
  expect(readdirSync(dirname(file))).toEqual([]);
});
