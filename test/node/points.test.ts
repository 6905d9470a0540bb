import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { version } from '../../package.json';
import { parseSpec } from '../../src/experiment/spec.ts';
import { jsonPieces, jsonText, withNumbers } from '../../src/experiment/json-text.ts';
import { sealedJsonPieces } from '../../src/node/sealed-json.ts';
import { findPoints } from '../../src/node/points.ts';
import { savedResult } from '../../src/node/saved-result.ts';
import { temporaryFolder } from './temporary.ts';

const spec = parseSpec({
  name: 'NaN',
  data: { distribution: 'gaussian', d: 5, n: 20 },
  network: { width: 8 },
  training: { eta: 1, steps: 10 },
});

const result = {
  format: 'first-light/result',
  version: 1,
  provenance: { firstLight: version, environment: null, startedAt: '2026-01-01T00:00:00.000Z' },
  spec,
  preparation: { horizon: Infinity },
  status: { kind: 'diverged', step: 1, model: 'network', loss: NaN },
  records: [],
  claims: [],
};

const sealedJsonText = (value: object): string => [...sealedJsonPieces(value)].join('');

/** A folder of a point in which `content` stands for its result. */
function pointWith(content: object | string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'result.json'), typeof content === 'string' ? content : sealedJsonText(content));
  writeFileSync(join(folder, 'records.csv'), 'step\n');
  return folder;
}

test('a whole result is read back, numbers that JSON has no word for among its own', () => {
  expect(savedResult(pointWith(result), spec, false)).toMatchObject({ kind: 'result', result });
});

test.each<[what: string, content: object | string, why: RegExp]>([
  ['cut short', jsonText(result).slice(0, -20), /damaged: /],
  ['empty', '', /damaged: /],
  ['no object', 'null', /damaged: parts are missing/],
  ['something else', { format: 'first-light/claims' }, /damaged: parts are missing/],
  ['without records', { ...result, records: undefined }, /damaged: parts are missing/],
  ['another seed', { ...result, spec: { ...spec, seed: 1 } }, /^of another spec$/],
  ['changed', sealedJsonText(result).replace('"step": 1', '"step": 2'), /changed or is damaged/],
  [
    'another version’s',
    { ...result, provenance: { ...result.provenance, firstLight: '0.0.1' } },
    /^of First Light 0.0.1; this is/,
  ],
  ['stopped', { ...result, status: { kind: 'stopped', step: 3 } }, /^stopped$/],
])('a result that is %s is run again', (_what, content, why) => {
  const saved = savedResult(pointWith(content), spec, false);
  expect(saved.kind === 'unusable' && saved.why).toMatch(why);
});

test('a point whose records.csv is gone is run again', () => {
  const folder = pointWith(result);
  rmSync(join(folder, 'records.csv'));
  expect(savedResult(folder, spec, false)).toEqual({ kind: 'unusable', why: 'without records.csv' });
});

test('arrays that were not asked for then are run for now', () => {
  const folder = pointWith(result);
  expect(savedResult(folder, spec, true)).toEqual({ kind: 'unusable', why: 'without arrays' });
  mkdirSync(join(folder, 'arrays'));
  writeFileSync(join(folder, 'arrays', 'X_train.npy'), '');
  expect(savedResult(folder, spec, true).kind).toBe('result');
});

test('points are sorted into done and to do, and what is run again is said in few lines', () => {
  const folder = temporaryFolder();
  const ids = Array.from({ length: 8 }, (_, k) => `p-${k}`);
  for (const id of ids.slice(0, 7)) mkdirSync(join(folder, id));
  writeFileSync(join(folder, 'p-0', 'result.json'), sealedJsonText(result));
  writeFileSync(join(folder, 'p-0', 'records.csv'), 'step\n');
  for (const id of ids.slice(1, 6)) writeFileSync(join(folder, id, 'records.csv'), 'step\n');
  writeFileSync(join(folder, 'p-6', 'failure.json'), '{}');
  const said: string[] = [];
  const runs = ids.map((id) => ({ id, label: id, spec, arrays: false }));
  const { done, left } = findPoints(
    folder,
    runs,
    (kept) => kept.spec.name,
    (line) => said.push(line),
  );
  expect([...done.keys()]).toEqual(['p-0']);
  expect(left.map(({ id }) => id)).toEqual(ids.slice(1));
  expect(said).toEqual([
    'Run again (left half-written): p-1, p-2, p-3 and 2 more.',
    'Run again (failed before): p-6.',
    '1 of 8 points are on disk already.',
  ]);
});

test('numbers survive the file', () => {
  const value = { a: [NaN, -Infinity, 1], b: { c: Infinity, d: null, e: 'text' } };
  expect(withNumbers(JSON.parse(jsonText(value)))).toEqual(value);
});

test('a result is written in pieces to the same text as at once, sealed', () => {
  const value = {
    ...result,
    records: [{ step: 0, outputs: [1, NaN] }, { step: 1, outputs: [] }, undefined],
    timings: { note: 'two\nlines', gpu: null },
    absent: undefined,
    empty: [],
  };
  expect([...jsonPieces(value)].join('')).toBe(jsonText(value));
  expect([...jsonPieces({})].join('')).toBe(jsonText({}));
  const { checksum, ...rest } = JSON.parse(sealedJsonText(value)) as Record<string, unknown>;
  expect(checksum).toMatch(/^[0-9a-f]{64}$/);
  expect(sealedJsonText(value)).toBe(jsonText({ ...rest, checksum }));
});
