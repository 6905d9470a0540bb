import { Ajv, type ValidateFunction } from 'ajv';
import { expect, test } from 'vitest';
import { claimsSuite } from '../../src/experiment/claims-suite.ts';
import { presets } from '../../src/experiment/presets.ts';
import { shippedSweeps } from '../../src/experiment/shipped-sweeps.ts';
import { specSchema } from '../../src/experiment/spec-schema.ts';
import { parseSpec } from '../../src/experiment/spec.ts';
import { sweepSchema } from '../../src/experiment/sweep-schema.ts';
import { parseSweep } from '../../src/experiment/sweep.ts';
import { firstLight } from './first-light.ts';
import { temporaryFolder } from './temporary.ts';

const compiled = (schema: object): ValidateFunction => new Ajv({ strictTypes: false }).compile(schema);
const isSpec = compiled(specSchema());
const isSweep = compiled(sweepSchema());

const base = {
  data: { distribution: 'gaussian', d: 5, n: 20 },
  network: { width: 8 },
  training: { eta: 1, steps: 4 },
};
const withField = (path: string, value: unknown): unknown => {
  const made = structuredClone(base) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const holder = keys.reduce((at, key) => (at[key] ??= {}) as Record<string, unknown>, made);
  holder[last] = value;
  return JSON.parse(JSON.stringify(made)); // without what is undefined
};

test('the reference of a spec has words for every field', async () => {
  const reference = new URL('../../docs/site/fields.js', import.meta.url);
  const { fieldTable } = (await import(reference.href)) as { fieldTable: (schema: object) => string };
  const rows = fieldTable(specSchema()).split('\n');
  for (const field of [
    'seed',
    'data.distribution',
    'data.spectrum.exponent',
    'network.gains',
    'training.records.count',
    'claims',
  ]) {
    expect(rows.filter((row) => row.startsWith(`| \`${field}\` |`))).toHaveLength(1);
  }
  expect(rows.every((row) => row.split(' | ').length === 4)).toBe(true);
});

test('every preset is a spec, every shipped sweep and group of the suite a sweep', () => {
  for (const { name, spec } of presets) {
    expect([name, isSpec(spec), isSpec.errors]).toEqual([name, true, null]);
    expect([name, isSweep(spec), isSweep.errors]).toEqual([name, true, null]);
  }
  const images = { x: 'x', y: 'y', xTest: 'x', yTest: 'y' };
  const suite = (['small', 'paper'] as const).flatMap((size) => claimsSuite(size, { images }).groups);
  for (const { sweep } of [...shippedSweeps, ...suite]) {
    expect([sweep, isSweep(sweep), isSweep.errors]).toEqual([sweep, true, null]);
  }
});

test.each<[path: string, value: unknown]>([
  ['$schema', './first-light.schema.json'],
  ['network', { kind: 'deep', widths: [4, 4], gains: [1, 2, 1] }],
  ['network', { kind: 'convolutional', shape: [5, 1], channels: 4 }],
  ['data', { distribution: 'files', x: ['a', 'b'], classes: ['cat', 5], prepare: 'sphere' }],
  ['target', { kind: 'hermite', coefficients: [1, 0, 2] }],
  ['training.records', { steps: [0, 4] }],
  ['training.watched', [0, 3]],
  ['claims', [2, 3]],
  ['network.activation', 'x*sigmoid(x)'],
])('schema and program accept %s = %j', (path, value) => {
  const spec = withField(path, value);
  expect([isSpec(spec), isSpec.errors]).toEqual([true, null]);
  expect([isSweep(spec), isSweep.errors]).toEqual([true, null]);
  expect(parseSpec(spec)).not.toHaveProperty('$schema');
});

test.each<[path: string, value: unknown]>([
  ['$schema', 7],
  ['data.m', 3],
  ['data.n', 0],
  ['data.n', 1.5],
  ['data.n', undefined],
  ['data.distribution', 'gauss'],
  ['data.spectrum', { kind: 'power-law' }],
  ['network.width', 7],
  ['network', { kind: 'deep', widths: [4, 3] }],
  ['network', { kind: 'deeper', widths: [4, 4] }],
  ['training.eta', -1],
  ['training.records', 'often'],
  ['training.steps', '4'],
  ['training.watched', [0, -1]],
  ['claims', [18]],
  ['training', undefined],
])('schema and program refuse %s = %j', (path, value) => {
  const spec = withField(path, value);
  expect(isSpec(spec)).toBe(false);
  expect(() => parseSpec(spec)).toThrow();
});

test.each<[path: string, value: unknown]>([
  ['data.d', [5, 'n/2']],
  ['data.d', { from: 4, to: 16, times: 'sqrt(2)' }],
  ['data.n', '4*d'],
  ['data.distribution', ['gaussian', 'sphere']],
  ['network.activation', ['erf', 'relu']],
  ['network', { kind: 'convolutional', shape: ['d', 1], channels: '2*ceil(d/2)' }],
  ['training.linearized', [true, false]],
  ['training.records', ['log', 'linear']],
  ['seed', { from: 0, to: 4, plus: 2 }],
  ['variables', { p: [1], q: '2*p', r: { from: 1, to: 2, plus: 5 } }],
])('sweeps may have %s = %j', (path, value) => {
  const sweep = withField(path, value);
  expect([isSweep(sweep), isSweep.errors]).toEqual([true, null]);
  expect(isSpec(sweep)).toBe(false);
  expect(parseSweep(sweep).points.length).toBeGreaterThan(0);
});

test.each<[path: string, value: unknown]>([
  ['data.d', []],
  ['data.d', { from: 4, to: 16 }],
  ['data.d', { from: 4, to: 16, times: 2, plus: 1 }],
  ['data.d', [4, 4]],
  ['data.m', [3, 4]],
  ['network.activation', { from: 1, to: 2, plus: 1 }],
  ['variables', { '2p': 1 }],
  ['training.watched', '2*d'],
  ['network', { kind: 'deep', widths: { from: 4, to: 8, times: 2 } }],
])('sweeps may not have %s = %j', (path, value) => {
  const sweep = withField(path, value);
  expect(isSweep(sweep)).toBe(false);
  expect(() => parseSweep(sweep)).toThrow();
});

test('the command prints them', async () => {
  const folder = temporaryFolder();
  const [run, sweep] = await Promise.all([
    firstLight(folder, ['schema']),
    firstLight(folder, ['schema', 'sweep']),
  ]);
  expect([run.code, sweep.code]).toEqual([0, 0]);
  expect(JSON.parse(run.stdout)).toEqual(JSON.parse(JSON.stringify(specSchema())));
  expect(JSON.parse(sweep.stdout)).toEqual(JSON.parse(JSON.stringify(sweepSchema())));
  expect((await firstLight(folder, ['schema', 'walk'])).code).toBe(2);
});
