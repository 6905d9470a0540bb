import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ResultDocument } from '../../src/experiment/result-document.ts';
import { driversFor, tryRuntime, whyNot } from '../../src/node/own-runtime.ts';
import { firstLight, start } from './first-light.ts';
import { temporaryFolder } from './temporary.ts';

/** Chrome's own software driver, so that browser and Node compute on the same. */
const swiftShader = async () =>
  (await driversFor('software')).find(({ what }) => what.startsWith('SwiftShader'))!.env;

const twoLayer = {
  name: 'two-layer',
  data: { distribution: 'gaussian', d: 5, n: 33, nTest: 17 },
  network: { width: 14, activation: 'gelu' },
  training: { eta: 0.5, steps: 40, linearized: true },
};
const convolutional = {
  name: 'convolutional',
  data: { distribution: 'hypercube', d: 12, n: 22, nTest: 9 },
  network: { kind: 'convolutional', shape: [12, 1], channels: [6, 4], filter: 3, activation: 'tanh' },
  training: { eta: 0.5, steps: 20 },
  claims: [17],
};

const withoutDate = (report: string) => report.replaceAll(/<dd>.*?<\/dd>|\d+(\.\d+)? (ms|s|min)\b/gs, '');
const widthOfPng = (path: string) => readFileSync(path).readUInt32BE(16);

test.each([twoLayer, convolutional])(
  'a $name run is the same in Node as in Chromium, byte for byte',
  async (spec) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
    const run = (out: string, ...args: string[]) =>
      firstLight(
        folder,
        ['run', 'spec.json', '--adapter', 'software', '--arrays', '--out', out, ...args],
        args.includes('node') ? env : {},
      );
    const env = await swiftShader();
    const [inBrowser, inNode] = [
      await run('browser', '--runtime', 'browser'),
      await run('node', '--runtime', 'node'),
    ];
    expect(inNode.stderr).toBe('');
    expect([inBrowser.code, inNode.code]).toEqual([0, 0]);
    const files = (readdirSync(join(folder, 'browser'), { recursive: true }) as string[]).sort();
    expect((readdirSync(join(folder, 'node'), { recursive: true }) as string[]).sort()).toEqual(files);
    for (const file of files.filter((name) => /\.(csv|npy|svg)$/.test(name))) {
      expect(
        readFileSync(join(folder, 'node', file)).equals(readFileSync(join(folder, 'browser', file))),
        file,
      ).toBe(true);
    }
    for (const file of files.filter((name) => name.endsWith('.png'))) {
      expect(widthOfPng(join(folder, 'node', file)), file).toBe(widthOfPng(join(folder, 'browser', file)));
    }
    const [expected, report] = ['browser', 'node'].map((out) =>
      withoutDate(readFileSync(join(folder, out, 'report.html'), 'utf8')),
    );
    expect(report).toBe(expected);
  },
);

const endless = {
  ...twoLayer,
  training: { eta: 0.01, steps: 1_000_000, records: { spacing: 'linear', count: 100_000 } },
};

/** A run in Node that has recorded something and goes on. */
async function recording() {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(endless));
  const running = start(folder, [
    'run',
    'spec.json',
    '--runtime',
    'node',
    '--adapter',
    'software',
    '--out',
    'out',
  ]);
  const records = join(folder, 'out', 'records.csv');
  await vi.waitFor(
    () => expect(existsSync(records) && readFileSync(records, 'utf8').length > 300).toBe(true),
    {
      timeout: 60_000,
      interval: 50,
    },
  );
  return { ...running, out: join(folder, 'out') };
}

/** The processes that a command has started (Linux). */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

test('Ctrl-C stops a run in Node and keeps all of it', async () => {
  const { process: command, ended, out } = await recording();
  command.kill('SIGINT');
  expect((await ended).code).toBe(130);
  const { status } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as ResultDocument;
  expect(status.kind).toBe('stopped');
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<svg');
});

test('where the process crashes, the command says so and keeps the records; where the command is killed, the process ends', async () => {
  const crashed = await recording();
  for (const pid of childrenOf(crashed.process.pid!)) process.kill(pid, 'SIGKILL');
  const { code, stderr } = await crashed.ended;
  expect(code).toBe(5);
  expect(stderr).toMatch(/The process ended\s+\(SIGKILL\)\s+before its work was done.*is\s+in/s);

  const killed = await recording();
  const children = childrenOf(killed.process.pid!);
  expect(children).toHaveLength(1);
  killed.process.kill('SIGKILL');
  await vi.waitFor(() => expect(existsSync(`/proc/${children[0]}`)).toBe(false), { timeout: 10_000 });
});

test('what is missing is named, with what brings it', async () => {
  const folder = temporaryFolder();
  const doctor = (...args: string[]) =>
    firstLight(folder, ['doctor', '--runtime', 'node', ...args], {
      VK_DRIVER_FILES: join(folder, 'none.json'),
      DENO_PATH: folder,
    });
  const noDriver = await doctor();
  expect(noDriver.code).toBe(5);
  expect(noDriver.stdout).toMatch(/node +no Vulkan driver gives it an adapter\. Install/);
  expect(noDriver.stdout).toMatch(/deno +DENO_PATH is set to .*, but\s+no\s+program\s+is\s+there/s);
  const run = await firstLight(folder, ['run', 'figure-1', '--runtime', 'node'], {
    VK_DRIVER_FILES: '/none',
  });
  expect(run.code).toBe(5);
  expect(run.stderr).toMatch(/no\s+Vulkan\s+driver/);
  const named = await firstLight(folder, ['run', 'figure-1', '--runtime', 'browser', '--adapter', 'Radeon']);
  expect(named.code).toBe(2);
  expect(named.stderr).toMatch(/--adapter Radeon: a browser.*--runtime\s+node/s);
});

test('an adapter is chosen by its name, whatever its capitals; of one that is not there others are named', async () => {
  const env = await swiftShader();
  const folder = temporaryFolder();
  const doctor = (...args: string[]) => firstLight(folder, ['doctor', '--runtime', 'node', ...args], env);
  expect(await doctor('--adapter', 'swiftSHADER')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/node +Node.*SwiftShader/) as string,
  });
  const other = await doctor('--adapter', 'Radeon');
  expect(other.code).toBe(5);
  expect(other.stdout.replace(/\s+/g, ' ')).toContain(
    'no adapter has "Radeon" in its name; there is SwiftShader',
  );
  const hardware = await doctor('--adapter', 'hardware');
  expect(hardware.code).toBe(5);
  expect(hardware.stdout).toContain('only a software adapter');
});

test('a stop while adapters are looked for is a stop', async () => {
  await expect(tryRuntime('node', 'software', AbortSignal.abort())).rejects.toMatchObject({
    code: 130,
    message: 'Stopped before anything was computed.',
  });
});

test('a runtime that cannot be used says why', () => {
  const diagnosis = { userAgent: 'Node/20 (Dawn)', webGpu: true, adapter: null, error: null };
  const runtime = {
    name: 'node' as const,
    program: 'node',
    args: [],
    adapterArgs: [],
    env: {},
    drivers: '',
    offered: [],
    diagnosis,
  };
  expect(whyNot('node', 'auto', { ...runtime, diagnosis: { ...diagnosis, webGpu: false } })).toContain(
    'npm install webgpu',
  );
  expect(whyNot('deno', 'auto', undefined)).toMatch(/not on the PATH|DENO_PATH/);
  const adapter = {
    vendor: 'google',
    architecture: '',
    device: '',
    description: 'SwiftShader',
    software: true,
    features: [],
    limits: {},
  };
  const found = { ...runtime, diagnosis: { ...diagnosis, adapter } };
  expect(whyNot('node', 'hardware', found)).toContain('--adapter software');
  expect(whyNot('node', 'software', found)).toContain('--adapter auto');
  expect(whyNot('node', { named: 'Radeon' }, { ...found, offered: ['NVIDIA H200'] })).toContain(
    'there is NVIDIA H200',
  );
  expect(whyNot('deno', { named: 'Radeon' }, found)).toContain('--runtime node');
});
