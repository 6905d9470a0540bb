import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { browser } from './first-light.ts';
import type { BenchDocument } from '../../bench/document.ts';

const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(`../../bench/${script}`, import.meta.url)), ...args], {
    encoding: 'utf8',
  });

/** What it says on the wrong command line. */
function complaint(...args: string[]): string {
  const { status, stderr } = run('run.js', ...args);
  expect(status).toBe(2);
  return stderr;
}

describe('the command line of the benchmarks', () => {
  it('says what is wrong, and what there is', () => {
    expect(complaint('gd-stpe')).toMatch(/no case gd-stpe[^]*cases: .*gd-step/);
    expect(complaint('--size', 'huge')).toMatch(/--size is one of standard, hardware, quick, not huge/);
    expect(complaint('--browser', 'opera')).toMatch(/--browser is one of chrome, firefox, not opera/);
    expect(complaint('--sise', 'quick')).toMatch(/--sise[^]*npm run bench/);
    expect(complaint('--runtime', 'browser', '--adapter', 'llvmpipe')).toMatch(
      /llvmpipe: a browser.*--runtime node/,
    );
  });

  it('measures in a browser', () => {
    const asked = ['--runtime', 'browser', '--browser', browser, '--size', 'quick', '--peers', 'none'];
    const { status, stdout } = run('run.js', ...asked, 'readback');
    expect(stdout).toMatch(/First Light[^]*Written to/);
    expect(status).toBe(0);
  });

  it('measures without a browser, what is about pages left out, and two runs stand beside each other', () => {
    const asked = ['--runtime', 'node', '--adapter', 'software', '--size', 'quick', '--peers', 'none'];
    const { status, stdout } = run('run.js', ...asked, 'readback', 'gd-step', 'cold-start');
    expect(stdout).toContain('cold-start is about pages, and left out');
    expect(status).toBe(0);
    const file = /Written to (\S+\.json)/.exec(stdout)![1];
    const { cases, userAgent } = JSON.parse(readFileSync(file, 'utf8')) as BenchDocument;
    expect(userAgent).toMatch(/^Node.*Dawn/);
    expect(cases.map(({ name, failed }) => [name, failed])).toEqual([
      ['gd-step', undefined],
      ['readback', undefined],
    ]);
    const { rows } = cases[0].outcomes[0].roofline!;
    const programs = rows.map(({ program }) => program);
    expect(programs.slice(0, 3)).toEqual(['forward', 'sum-outputs', 'first-gradient']);
    const page = readFileSync(file.replace(/json$/, 'html'), 'utf8');
    expect(page).toContain('<svg');
    for (const { program, bound, least, time, fraction } of rows) {
      expect(time).toBeGreaterThan(0);
      expect(fraction).toBe(least / time);
      expect(stdout).toMatch(new RegExp(`^ *${program} +${bound!} +\\d`, 'm'));
      expect(page).toMatch(new RegExp(`>\\s*${program}\\s*</th>`));
    }
    const beside = run('ratios.js', file, file);
    expect(beside.stdout).toMatch(/^readback, 8 floats +a readback +(\S+) +\1 +1\.00$/m);
  });
});
