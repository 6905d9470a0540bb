import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunResult, StepRecord } from '../../src/experiment/result.ts';
import { OutputFolder, folderName, inside } from '../../src/node/output-folder.ts';
import { temporaryFolder } from './temporary.ts';

const record = (step: number): StepRecord => ({
  step,
  train: {
    networkLoss: 0.5,
    linearLoss: 0.5,
    discrepancy: 0,
    clippedDiscrepancy: 0,
    linearizedLoss: null,
    linearizedDiscrepancy: null,
  },
  test: null,
  movementW: 0,
  movementV: 0,
  movementBeta: 0,
  outputs: { network: [], linear: [], linearized: null },
});

async function* bytes(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Promise.resolve(new TextEncoder().encode(text));
}

test('nothing is created before the first records, and a taken name gets a number', () => {
  const wanted = join(temporaryFolder(), 'results', 'name');
  const folders = [1, 2, 3].map(() => new OutputFolder(wanted, false));
  for (const folder of folders) folder.check();
  expect(existsSync(wanted)).toBe(false);
  for (const folder of folders) folder.appendRecords('', [record(0)]);
  expect(folders.map(({ path }) => path)).toEqual([wanted, `${wanted}-2`, `${wanted}-3`]);
});

test('an explicit folder keeps its files until the first records, and foreign ones for good', () => {
  const wanted = temporaryFolder();
  for (const name of ['result.json', 'records.csv', 'notes.txt']) writeFileSync(join(wanted, name), 'old');
  const folder = new OutputFolder(wanted, true);
  folder.check();
  folder.appendRecords('', []);
  expect(readdirSync(wanted).sort()).toEqual(['notes.txt', 'records.csv', 'result.json']);
  folder.appendRecords('', [record(0)]);
  folder.appendRecords('', [record(1), record(2)]);
  expect(readdirSync(wanted).sort()).toEqual(['notes.txt', 'records.csv']);
  const lines = readFileSync(join(wanted, 'records.csv'), 'utf8').split('\n');
  expect(lines.map((line) => line.split(',')[0])).toEqual(['step', '0', '1', '2', '']);
});

test('arrays and figures of an earlier run do not pass for those of the new one', () => {
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
  const folder = new OutputFolder(wanted, true);
  folder.check();
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
  const folder = new OutputFolder(wanted, true);
  await folder.receive('point/arrays/X_train.npy', { offset: 0, last: true, bytes: bytes('new') });
  folder.appendRecords('point', [record(0)]);
  expect(readdirSync(join(wanted, 'point')).sort()).toEqual(['arrays', 'records.csv']);
  expect(readdirSync(join(wanted, 'point', 'arrays'))).toEqual(['X_train.npy']);
});

test('runs of one job write into folders of their own', () => {
  const folder = new OutputFolder(join(temporaryFolder(), 'out'), false);
  folder.appendRecords('a', [record(0)]);
  folder.appendRecords('b', [record(0)]);
  folder.appendRecords('a', [record(1)]);
  expect(readFileSync(join(folder.path!, 'a', 'records.csv'), 'utf8').split('\n')).toHaveLength(4);
  expect(readFileSync(join(folder.path!, 'b', 'records.csv'), 'utf8').split('\n')).toHaveLength(3);
});

test('result.json holds numbers that JSON has no word for as text', () => {
  const folder = new OutputFolder(join(temporaryFolder(), 'out'), false);
  folder.writeResult('', {
    status: { kind: 'diverged', step: 1, model: 'network', loss: Infinity },
  } as RunResult);
  expect(JSON.parse(readFileSync(join(folder.path!, 'result.json'), 'utf8'))).toEqual({
    status: { kind: 'diverged', step: 1, model: 'network', loss: 'Infinity' },
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
  });
  expect(readdirSync(folder.path!)).toEqual(['result.json']);
});

test('a file from the page appears whole, under its name, after its last piece', async () => {
  const folder = new OutputFolder(join(temporaryFolder(), 'out'), false);
  await folder.receive('arrays/X.npy', { offset: 0, last: false, bytes: bytes('ab', 'c') });
  expect(existsSync(join(folder.path!, 'arrays', 'X.npy'))).toBe(false);
  await expect(folder.receive('arrays/X.npy', { offset: 2, last: true, bytes: bytes('x') })).rejects.toThrow(
    'out of order',
  );
  await folder.receive('arrays/X.npy', { offset: 3, last: true, bytes: bytes('de') });
  expect(readFileSync(join(folder.path!, 'arrays', 'X.npy'), 'utf8')).toBe('abcde');
  await folder.receive('half', { offset: 0, last: false, bytes: bytes('half') });
  folder.dropPartial();
  expect(readdirSync(folder.path!)).toEqual(['arrays']);
});

test.each(['../x', 'a/../x', '/etc/passwd', '', 'a//b', '.hidden', 'a\\b', 'C:x', 'a/..', 'x\0y'])(
  'the page may not write to %j',
  (path) => {
    expect(() => inside('/out', path)).toThrow('may not write');
  },
);

test('a folder that cannot be written to is told before anything is computed', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(() => new OutputFolder(join(file, 'below'), false).check()).toThrow(/is a file.*--out/s);
  expect(() => new OutputFolder(file, true).check()).toThrow('is a file');
  const folder = join(temporaryFolder(), 'there');
  mkdirSync(folder);
  new OutputFolder(folder, true).check();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ['figure 1/a', 'figure-1-a'],
  ['../..', 'experiment'],
  ['.hidden', 'hidden'],
  ['Größe_2', 'Größe_2'],
])('%j is written to %j', (name, folder) => {
  expect(folderName(name)).toBe(folder);
});
