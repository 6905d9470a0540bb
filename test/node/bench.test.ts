import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../bench/run.js', import.meta.url));

/** What it says on the wrong command line. */
function complaint(...args: string[]): string {
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  expect(status).toBe(2);
  return stderr;
}

describe('the command line of the benchmarks', () => {
  it('says what is wrong, and what there is', () => {
    expect(complaint('gd-stpe')).toMatch(/no case gd-stpe[^]*cases: .*gd-step/);
    expect(complaint('--size', 'huge')).toMatch(/--size is one of standard, hardware, quick, not huge/);
    expect(complaint('--browser', 'opera')).toMatch(/--browser is one of chrome, firefox, not opera/);
    expect(complaint('--sise', 'quick')).toMatch(/--sise[^]*npm run bench/);
  });
});
