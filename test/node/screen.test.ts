import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const launcher = fileURLToPath(new URL('../../bin/first-light.js', import.meta.url));

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
}

/** Starts the command line with its stdout in a file, or in a pipe that nobody reads any more. */
function unread(args: string[], stdout: number | 'closed'): Promise<Ended> {
  const child = spawn(process.execPath, [launcher, ...args], {
    stdio: ['ignore', stdout === 'closed' ? 'pipe' : stdout, 'pipe'],
  });
  child.stdout?.destroy();
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}

test('nobody reads on: nothing is said, and all is well', async () => {
  expect(await unread(['presets'], 'closed')).toEqual({ code: 0, signal: null, stderr: '' });
});

test.runIf(existsSync('/dev/full'))(
  'a full disk under stdout is told, and fails a command of words',
  async () => {
    const full = openSync('/dev/full', 'w');
    const { code, stderr } = await unread(['presets', 'figure-1'], full);
    closeSync(full);
    expect(stderr).toMatch(/^note: stdout takes no more \(ENOSPC.*going on without it\.\n$/);
    expect(code).toBe(7);
  },
);
