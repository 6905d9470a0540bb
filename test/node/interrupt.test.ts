import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { ResultDocument } from '../../src/experiment/result-document.ts';
import { interruptible } from '../../src/node/interrupt.ts';
import { type Running, browser, firstLight, place, start } from './first-light.ts';
import { temporaryFolder } from './temporary.ts';

/** Far more steps than a test has time for. */
const endless = {
  name: 'endless',
  data: { distribution: 'gaussian', d: 5, n: 64, nTest: 16 },
  network: { width: 8 },
  training: { eta: 0.01, steps: 1_000_000, records: { spacing: 'linear', count: 100_000 } },
};

/** A run that has recorded something and goes on. */
async function recording(): Promise<Running & { out: string }> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(endless));
  const running = start(folder, ['run', 'spec.json', '--browser', browser, '--out', 'out']);
  const out = join(folder, 'out');
  await vi.waitFor(() => expect(rows(out)).toBeGreaterThan(1), { timeout: 120_000, interval: 50 });
  return { ...running, out };
}

const rows = (out: string): number =>
  existsSync(join(out, 'records.csv'))
    ? readFileSync(join(out, 'records.csv'), 'utf8').trimEnd().split('\n').length - 1
    : 0;

/** The browser keeps its profile there; it goes with the browser. */
const expectNoBrowser = (temporary: string) =>
  vi.waitFor(() => expect(readdirSync(temporary)).toEqual([]), { timeout: 30_000, interval: 100 });

test('the first Ctrl-C stops the run and keeps all of it', async () => {
  const { process, temporary, ended, out } = await recording();
  process.kill('SIGINT');
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(stdout).toContain('Stopping; what was recorded is kept');
  expect(stdout).toContain('out/');
  const { status, records } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as ResultDocument;
  expect(status.kind).toBe('stopped');
  expect(rows(out)).toBe(records.length);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<svg');
  await expectNoBrowser(temporary);
});

test('a stopped run goes on with --resume, each step recorded once', async () => {
  const folder = temporaryFolder();
  const { data, network } = endless;
  const training = { ...endless.training, steps: 1500, records: { spacing: 'linear', count: 1500 } };
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({ name: 'long', data, network, training }));
  const command = (out: string) => ['run', 'spec.json', ...place, '--out', out, '--resume'];
  // Of a folder with nothing in it, it begins.
  const running = start(folder, command('out'));
  const out = join(folder, 'out');
  await vi.waitFor(() => expect(rows(out)).toBeGreaterThan(1), { timeout: 120_000, interval: 20 });
  running.process.kill('SIGINT');
  const stopped = await running.ended;
  expect(stopped.code).toBe(130);
  expect(stopped.stdout).toMatch(/goes on at step [\d,]+ with the same command, --out out and --resume/);
  const states = () => readdirSync(out).filter((name) => name.startsWith('stopped-'));
  expect(states()).toHaveLength(1);
  const before = rows(out);
  expect(before).toBeLessThan(1500);

  const rest = await firstLight(folder, command('out'));
  expect(rest.code, rest.stderr).toBe(0);
  expect(rest.stdout + rest.stderr).toMatch(/Going on at step [\d,]+ of 1,500/);
  expect(states()).toEqual([]);
  // The same bits as a run that was not stopped: test/experiment/continuation.test.ts.
  const lines = readFileSync(join(out, 'records.csv'), 'utf8').trimEnd().split('\n').slice(1);
  expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(Array.from({ length: 1501 }, (_, t) => t));
  expect(rows(out)).toBeGreaterThan(before);

  // What is complete stays, and another spec does not go on in its place.
  const result = readFileSync(join(out, 'result.json'), 'utf8');
  const again = await firstLight(folder, command('out'));
  expect([again.code, again.stdout + again.stderr]).toEqual([0, expect.stringContaining('complete in out')]);
  const other = await firstLight(folder, [...command('out'), '--seed', '5']);
  expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('the run of another spec')]);
  expect(readFileSync(join(out, 'result.json'), 'utf8')).toBe(result);
  const nowhere = await firstLight(folder, ['run', 'spec.json', '--resume']);
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('name it with --out')]);
});

test('a second Ctrl-C ends at once and keeps the records', async () => {
  const { process, temporary, ended, out } = await recording();
  process.kill('SIGINT');
  await sleep(1000); // longer apart than one key press that arrives twice
  process.kill('SIGINT');
  expect((await ended).code).toBe(130);
  expect(rows(out)).toBeGreaterThan(1);
  await expectNoBrowser(temporary);
});

test('one key press that arrives twice stops once; a later one ends the process', async () => {
  // The two that npm makes of one Ctrl-C, without a machine's load between them.
  vi.useFakeTimers({ toFake: ['performance'] });
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const lines: string[] = [];
  try {
    await interruptible(
      (line) => lines.push(line),
      (stop) => {
        process.emit('SIGINT');
        expect(stop.aborted).toBe(true);
        vi.advanceTimersByTime(300);
        process.emit('SIGINT');
        expect(exit).not.toHaveBeenCalled();
        vi.advanceTimersByTime(600);
        process.emit('SIGINT');
        expect(exit).toHaveBeenCalledExactlyOnceWith(130);
        return Promise.resolve();
      },
    );
    expect(lines).toHaveLength(1);
  } finally {
    exit.mockRestore();
    vi.useRealTimers();
  }
});

test('a run that is killed leaves its records and no browser', async () => {
  const { process, temporary, ended, out } = await recording();
  process.kill('SIGKILL');
  await ended;
  const lines = readFileSync(join(out, 'records.csv'), 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
  await expectNoBrowser(temporary);
});

/** A run whose browser is being started: its folder is there. */
async function starting(): Promise<Running> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(endless));
  const running = start(folder, ['run', 'spec.json', '--browser', browser, '--out', 'out']);
  await vi.waitFor(() => expect(readdirSync(running.temporary)).not.toEqual([]), {
    timeout: 120_000,
    interval: 5,
  });
  return running;
}

test('a signal while the browser starts ends the command, and nothing stays', async () => {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  await Promise.all(
    signals.map(async (signal, k) => {
      const { process, temporary, ended } = await starting();
      await sleep(250 * k);
      process.kill(signal);
      const { code, stderr } = await ended;
      expect(code).toBe(130);
      expect(stderr).toContain('Stopped before anything was computed.');
      expect(existsSync(join(temporary, '..', 'out'))).toBe(false);
      await expectNoBrowser(temporary);
    }),
  );
});

test.skipIf(process.platform === 'win32')(
  'a command killed while its browser starts leaves nothing',
  async () => {
    await Promise.all(
      [0, 200, 500].map(async (milliseconds) => {
        const { process, temporary, ended } = await starting();
        await sleep(milliseconds);
        process.kill('SIGKILL');
        await ended;
        await expectNoBrowser(temporary);
      }),
    );
  },
);

test('Ctrl-C while a kernel is stored stops within a block of it, and the result is there from before', async () => {
  const folder = temporaryFolder();
  const large = {
    name: 'kernel',
    data: { distribution: 'gaussian', d: 20, n: 4000, nTest: 0 },
    network: { width: 800 },
    training: { eta: 1, steps: 1 },
    kernel: 'both',
  };
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(large));
  const { process, temporary, ended } = start(folder, [
    ...['run', 'spec.json', '--browser', browser, '--out', 'out', '--arrays'],
  ]);
  const out = join(folder, 'out');
  const result = () => JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as ResultDocument;
  let said = '';
  process.stdout!.on('data', (text: string) => (said += text));
  await vi.waitFor(() => expect(said).toMatch(/storing kernel \(4,000 × 4,000\)/), {
    timeout: 120_000,
    interval: 20,
  });
  expect(result().status).toEqual({ kind: 'stopped', step: 1 });
  process.kill('SIGINT');
  expect((await ended).code).toBe(130);
  expect(result().status).toEqual({ kind: 'stopped', step: 1 });
  expect(readdirSync(join(out, 'arrays'))).not.toContain('kernel.npy');
  expect(readdirSync(join(out, 'arrays')).filter((name) => name.endsWith('.part'))).toEqual([]);
  await expectNoBrowser(temporary);
});
