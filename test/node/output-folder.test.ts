import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StepRecord } from '../../src/experiment/result.ts';
import { type FileSums, OutputFolder, folderName, inside } from '../../src/node/output-folder.ts';
import { type Plan, planOf } from '../../src/node/plan.ts';
import { whyStateUnusable } from '../../src/node/saved-result.ts';
import { savedRun } from './saved-run.ts';
import { temporaryFolder } from './temporary.ts';

const record = (step: number): StepRecord => ({
  step,
  train: {
    losses: { network: 0.5, linear: 0.5 },
    discrepancies: { linear: 0 },
    clippedDiscrepancy: 0,
  },
  test: null,
  movement: { W: 0, v: 0, beta: 0 },
  outputs: { network: [], linear: [] },
});

async function* bytes(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Promise.resolve(new TextEncoder().encode(text));
}

/** A folder taken as a command takes it, and given back when the test ends. */
async function reserve(wanted: string, explicit: boolean, plan?: Plan): Promise<OutputFolder> {
  const folder = await OutputFolder.reserve(wanted, {
    explicit,
    say: () => undefined,
    ...(plan ? { plan } : {}),
  });
  onTestFinished(() => folder.close());
  return folder;
}

test('a name is reserved at once, a taken one gets a number, and one without records goes again', async () => {
  const wanted = join(temporaryFolder(), 'results', 'name');
  const folders = await Promise.all([1, 2, 3].map(() => reserve(wanted, false)));
  expect(folders.map(({ path }) => path).sort()).toEqual([wanted, `${wanted}-2`, `${wanted}-3`]);
  folders[0].appendRecords('', [record(0)]);
  for (const folder of folders) folder.close();
  expect(readdirSync(join(wanted, '..')).map((name) => join(wanted, '..', name))).toEqual([folders[0].path]);
  expect(readdirSync(folders[0].path)).toEqual(['records.csv']);
});

test('a name that is not used leaves nothing, its parents neither', async () => {
  const folder = temporaryFolder();
  (await reserve(join(folder, 'results', 'name'), false, planOf(1))).close();
  (await reserve(join(folder, 'a', 'b'), true)).close();
  expect(readdirSync(folder)).toEqual([]);
});

test('an explicit folder keeps its files until the first records, and foreign ones for good', async () => {
  const wanted = temporaryFolder();
  for (const name of ['result.json', 'records.csv', 'notes.txt']) writeFileSync(join(wanted, name), 'old');
  const folder = await reserve(wanted, true);
  const visible = () =>
    readdirSync(wanted)
      .filter((name) => !name.startsWith('.'))
      .sort();
  folder.appendRecords('', []);
  expect(visible()).toEqual(['notes.txt', 'records.csv', 'result.json']);
  folder.appendRecords('', [record(0)]);
  folder.appendRecords('', [record(1), record(2)]);
  expect(visible()).toEqual(['notes.txt', 'records.csv']);
  const lines = readFileSync(join(wanted, 'records.csv'), 'utf8').split('\n');
  expect(lines.map((line) => line.split(',')[0])).toEqual(['step', '0', '1', '2', '']);
});

test.each(['symbolic', 'hard'])(
  'a %s link in place of records.csv is replaced, not written through',
  async (kind) => {
    const folder = temporaryFolder();
    const target = join(folder, 'precious');
    writeFileSync(target, 'precious');
    const out = join(folder, 'out');
    mkdirSync(out);
    (kind === 'hard' ? linkSync : symlinkSync)(target, join(out, 'records.csv'));
    (await reserve(out, true)).appendRecords('', [record(0)]);
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(readFileSync(join(out, 'records.csv'), 'utf8')).toMatch(/^step,/);
  },
);

test('what a killed command left half-written goes with the next one', async () => {
  const wanted = temporaryFolder();
  mkdirSync(join(wanted, 'arrays'));
  for (const name of ['result.json', 'arrays/W0.npy'])
    writeFileSync(join(wanted, `${name}.0123456789ab.part`), 'half');
  (await reserve(wanted, true)).appendRecords('', [record(0)]);
  expect(readdirSync(join(wanted, 'arrays'))).toEqual([]);
  expect(readdirSync(wanted).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('two commands are never in one folder, but for the points of one plan', async () => {
  const wanted = join(temporaryFolder(), 'out');
  const run = await reserve(wanted, true);
  await expect(reserve(wanted, true)).rejects.toThrow(/in use by "first-light .*process \d+.*--out/s);
  await expect(reserve(wanted, true, planOf(1))).rejects.toThrow('in use by');
  run.close();
  const first = await reserve(wanted, true, planOf(1));
  await expect(reserve(wanted, true)).rejects.toThrow('in use by');
  await expect(reserve(wanted, true, planOf(2))).rejects.toThrow('in use by');
  first.close();
  (await reserve(wanted, true, planOf(2))).close();
});

test('sweeps of one name: the same plan finds its own folder again, another one a free name', async () => {
  const wanted = join(temporaryFolder(), 'results', 'sweep');
  const plan = planOf({ sweep: { d: [1, 2], left: undefined } });
  mkdirSync(wanted, { recursive: true }); // of something that left no plan
  const pathOf = async (of: Plan): Promise<string> => {
    const folder = await reserve(wanted, false, of);
    folder.write('summary.csv', '');
    folder.close();
    return folder.path;
  };
  const found = await Promise.all([plan, planOf({ sweep: { d: [1, 3] } })].map(pathOf));
  expect([...found].sort()).toEqual([`${wanted}-2`, `${wanted}-3`]);
  expect(await pathOf(plan)).toBe(found[0]);
});

test('arrays and figures of an earlier run do not pass for those of the new one', async () => {
  const wanted = temporaryFolder();
  const old = [
    'arrays/W_t.npy',
    'figures/loss.svg',
    'figures/loss.png',
    'figures/mine.txt',
    'arrays/mine.csv',
  ];
  for (const name of ['arrays', 'figures']) mkdirSync(join(wanted, name));
  for (const name of old) writeFileSync(join(wanted, name), 'old');
  const folder = await reserve(wanted, true);
  expect(old.every((name) => existsSync(join(wanted, name)))).toBe(true);
  folder.appendRecords('', [record(0)]);
  expect(readdirSync(join(wanted, 'arrays'))).toEqual(['mine.csv']);
  expect(readdirSync(join(wanted, 'figures'))).toEqual(['mine.txt']);
});

test('arrays that come before the first records stay, those of an earlier run go', async () => {
  const wanted = temporaryFolder();
  mkdirSync(join(wanted, 'point', 'arrays'), { recursive: true });
  writeFileSync(join(wanted, 'point', 'arrays', 'old.npy'), 'old');
  writeFileSync(join(wanted, 'point', 'failure.json'), 'old');
  const folder = await reserve(wanted, true);
  await folder.receive('point/arrays/X_train.npy', { offset: 0, last: true, bytes: bytes('new') });
  folder.appendRecords('point', [record(0)]);
  expect(readdirSync(join(wanted, 'point')).sort()).toEqual(['arrays', 'records.csv']);
  expect(readdirSync(join(wanted, 'point', 'arrays'))).toEqual(['X_train.npy']);
});

test('runs of one job write into folders of their own', async () => {
  const folder = await reserve(join(temporaryFolder(), 'out'), false);
  folder.appendRecords('a', [record(0)]);
  folder.appendRecords('b', [record(0)]);
  folder.appendRecords('a', [record(1)]);
  expect(readFileSync(join(folder.path, 'a', 'records.csv'), 'utf8').split('\n')).toHaveLength(4);
  expect(readFileSync(join(folder.path, 'b', 'records.csv'), 'utf8').split('\n')).toHaveLength(3);
});

test('result.json holds numbers that JSON has no word for as text', async () => {
  const folder = await reserve(join(temporaryFolder(), 'out'), false);
  folder.writeResult('', {
    ...savedRun,
    status: { kind: 'diverged', step: 1, model: 'network', loss: Infinity },
  });
  expect(JSON.parse(readFileSync(join(folder.path, 'result.json'), 'utf8'))).toMatchObject({
    format: 'first-light/result',
    version: 2,
    status: { kind: 'diverged', step: 1, model: 'network', loss: 'Infinity' },
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
  });
  folder.close();
  expect(readdirSync(folder.path)).toEqual(['result.json']);
});

test('result.json says what it was computed from, and what a stopped run had learned, of which no other goes on', async () => {
  const folder = await reserve(join(temporaryFolder(), 'out'), false);
  folder.appendRecords('', savedRun.records);
  await folder.receive('stopped-1.npy', { offset: 0, last: true, bytes: bytes('learned') });
  folder.writeResult('', { ...savedRun, status: { kind: 'stopped', step: 1 } }, { x: 'sum of X.npy' });
  const { inputs, state } = JSON.parse(readFileSync(join(folder.path, 'result.json'), 'utf8')) as FileSums;
  expect(inputs).toEqual({ x: 'sum of X.npy' });
  const file = join(folder.path, 'stopped-1.npy');
  expect(whyStateUnusable(file, state)).toBeNull();
  expect(whyStateUnusable(file, undefined)).toBe('its result.json does not say what stopped-1.npy held');
  for (const damaged of ['learnee', 'lear']) {
    writeFileSync(file, damaged);
    expect(whyStateUnusable(file, state)).toBe(
      'its stopped-1.npy was changed or is damaged: its checksum differs',
    );
  }
  rmSync(file);
  expect(whyStateUnusable(file, state)).toBe('what it had learned was not kept');
});

test('a file from the page appears whole, under its name, after its last piece', async () => {
  const folder = await reserve(join(temporaryFolder(), 'out'), false);
  await folder.receive('arrays/X.npy', { offset: 0, last: false, bytes: bytes('ab', 'c') });
  expect(existsSync(join(folder.path, 'arrays', 'X.npy'))).toBe(false);
  await expect(folder.receive('arrays/X.npy', { offset: 2, last: true, bytes: bytes('x') })).rejects.toThrow(
    'out of order',
  );
  await folder.receive('arrays/X.npy', { offset: 3, last: true, bytes: bytes('de') });
  expect(readFileSync(join(folder.path, 'arrays', 'X.npy'), 'utf8')).toBe('abcde');
  await folder.receive('half', { offset: 0, last: false, bytes: bytes('half') });
  folder.dropPartial();
  folder.close();
  expect(readdirSync(folder.path)).toEqual(['arrays']);
});

test.each(['../x', 'a/../x', '/etc/passwd', '', 'a//b', '.hidden', 'a\\b', 'C:x', 'a/..', 'x\0y'])(
  'the page may not write to %j',
  (path) => {
    expect(() => inside('/out', path)).toThrow('may not write');
  },
);

test('a folder that cannot be written to is told before anything is computed', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await expect(reserve(join(file, 'below'), false)).rejects.toThrow(/is a file.*--out/s);
  await expect(reserve(file, true)).rejects.toThrow('is a file');
  symlinkSync('gone', join(folder, 'link'));
  await expect(reserve(join(folder, 'link'), true)).rejects.toThrow(
    /symbolic link to gone, which is not there/,
  );
  for (const explicit of [true, false]) {
    await expect(reserve(join(folder, 'n'.repeat(256)), explicit)).rejects.toThrow(/too long.*--out/s);
    await expect(reserve(join(folder, ...Array<string>(16).fill('n'.repeat(250))), explicit)).rejects.toThrow(
      /too long/,
    );
  }
  expect(readdirSync(folder).sort()).toEqual(['file', 'link']);
});

test.each([
  ['figure 1/a', 'figure-1-a'],
  ['../..', 'experiment'],
  ['.hidden', 'hidden'],
  ['Größe_2', 'Größe_2'],
  ['n'.repeat(1000), 'n'.repeat(200)],
  [`n${'漢'.repeat(400)}`, `n${'漢'.repeat(66)}`],
  ['𝔸'.repeat(400), '𝔸'.repeat(50)],
])('%j is written to %j', (name, folder) => {
  expect(folderName(name)).toBe(folder);
});
