import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentOf } from '../../src/experiment/result-document.ts';
import { recordSteps } from '../../src/experiment/record-steps.ts';
import { parseSpec } from '../../src/experiment/spec.ts';
import { jsonPieces, jsonText, withNumbers } from '../../src/experiment/json-text.ts';
import { sha256Of } from '../../src/node/file-sum.ts';
import { findPoints } from '../../src/node/points.ts';
import { savedResult } from '../../src/node/saved-result.ts';
import {
  savedCsv,
  savedDocument,
  savedRecord,
  savedRun,
  savedSpec,
  sealedText,
  writePoint,
} from './saved-run.ts';
import { temporaryFolder } from './temporary.ts';

const [spec, result] = [savedSpec, savedDocument];
const pointWith = (content: object | string): string => writePoint(temporaryFolder(), content);

const { preparation, records } = result;
const claim = {
  claim: 4,
  conditions: [],
  quantities: [],
  series: [],
  fields: [],
  verdict: 'holds',
  silent: false,
  remark: '',
};
const deep = '['.repeat(10_000) + ']'.repeat(10_000);

test('a whole result is read back, numbers that JSON has no word for among its own', () => {
  expect(savedResult(pointWith(result), spec, false)).toMatchObject({
    kind: 'result',
    result: savedRun,
  });
});

test.each<[what: string, content: object | string, why: RegExp]>([
  [
    'deep beyond reading',
    jsonText(result).replace('"timings": {', `"deep": ${deep}, "timings": {`),
    /damaged/,
  ],
  ['cut short', jsonText(result).slice(0, -20), /damaged: /],
  ['empty', '', /damaged: /],
  ['no object', 'null', /damaged: parts are missing/],
  ['something else', { format: 'first-light/claims' }, /damaged: parts are missing/],
  ['without records', { ...result, records: undefined }, /damaged: parts are missing/],
  ['another seed', { ...result, spec: { ...spec, seed: 1 } }, /^of another spec$/],
  ['changed', sealedText(result).replace('"step": 1', '"step": 2'), /changed or is damaged/],
  [
    'another version’s',
    { ...result, provenance: { ...result.provenance, firstLight: '0.0.1' } },
    /^of First Light 0.0.1; this is/,
  ],
  ['stopped', { ...result, status: { kind: 'stopped', step: 1 } }, /^stopped$/],
])('a result that is %s is run again', (_what, content, why) => {
  const saved = savedResult(pointWith(content), spec, false);
  expect(saved.kind === 'unusable' && saved.why).toMatch(why);
});

test.each<[what: string, changed: Partial<Record<keyof typeof result, unknown>>, why: RegExp]>([
  ['of no adapter', { adapter: undefined }, /adapter is not what a run writes/],
  ['of no time', { provenance: { ...savedRun.provenance, startedAt: 'once' } }, /startedAt is not what/],
  ['of another n', { preparation: { ...preparation, n: 21 } }, /its sizes are not those/],
  ['of another d', { preparation: { ...preparation, d: 4 } }, /its sizes are not those/],
  ['of another rate', { preparation: { ...preparation, eta1: 2 } }, /its rates are not those/],
  ['of another horizon', { preparation: { ...preparation, horizon: 8 } }, /its rates are not those/],
  [
    'of another activation',
    { preparation: { ...preparation, constants: { ...preparation.constants, zeta: 0.5 } } },
    /its constants are not those/,
  ],
  [
    'rescaled',
    { preparation: { ...preparation, standardization: { mean: [0], scale: 1 } } },
    /no data to be resc/,
  ],
  [
    'of other points',
    { preparation: { ...preparation, watched: { ...preparation.watched, indices: [0, 2] } } },
    /its watched points are not those/,
  ],
  ['completed at once', { status: { kind: 'completed' } }, /its records are not those of the steps/],
  ['diverged too late', { status: { ...savedRun.status, step: 11 } }, /it diverged after its end/],
  [
    'diverged in no model',
    { status: { ...savedRun.status, model: 'linearized network' } },
    /was not trained/,
  ],
  ['ended somehow', { status: { kind: 'tired' } }, /status\.kind is not what a run writes/],
  ['without a record', { records: records.slice(1) }, /its records are not those of the steps/],
  ['recorded twice', { records: [...records, ...records] }, /its records are not those of the steps/],
  [
    'without test losses',
    { records: records.map((record) => ({ ...record, test: null })) },
    /what its spec asks/,
  ],
  [
    'without a loss',
    { records: records.map((record) => ({ ...record, train: {} })) },
    /networkLoss is not what/,
  ],
  [
    'without an output',
    { records: records.map((record) => ({ ...record, outputs: { ...record.outputs, linear: [0] } })) },
    /what its spec asks/,
  ],
  ['of a claim not asked for', { claims: [{ ...claim, claim: 4 }] }, /its claims are not those/],
  ['of no claim', { claims: [{ claim: 4 }] }, /claims\.0\.conditions is not what/],
  ['without provenance', { provenance: null }, /damaged: parts are missing/],
])('a sealed result that is %s is run again', (_what, changed, why) => {
  const saved = savedResult(pointWith({ ...result, ...changed }), spec, false);
  expect(saved.kind === 'unusable' && saved.why).toMatch(why);
});

test('a completed run with a claim, and one of the user’s arrays, are read back', () => {
  const asking = parseSpec({ ...JSON.parse(JSON.stringify(savedSpec)), claims: [4] });
  const made = recordSteps(asking).map(savedRecord);
  const completed = {
    ...documentOf({ ...savedRun, spec: asking, status: { kind: 'completed' }, records: made }),
    claims: [claim],
  };
  const folder = writePoint(temporaryFolder(), completed, savedCsv(made));
  expect(savedResult(folder, asking, false)).toMatchObject({ kind: 'result' });
  const own = parseSpec({
    ...JSON.parse(JSON.stringify(savedSpec)),
    target: undefined,
    data: { distribution: 'npy', x: 'X.npy', y: 'y.npy', xTest: 'X2.npy', yTest: 'y2.npy' },
  });
  const standardization = { mean: [1, 2, 3, 4, 5], scale: 0.1 };
  const ofArrays = { ...result, spec: own, preparation: { ...preparation, standardization } };
  expect(savedResult(pointWith(ofArrays), own, false)).toMatchObject({ kind: 'result' });

  // A result is of what the files held when it was made.
  const files = temporaryFolder();
  const inputs: Record<string, string> = {};
  const inputFile = (field: string) => join(files, `${field}.npy`);
  for (const field of ['x', 'y', 'xTest', 'yTest']) {
    writeFileSync(inputFile(field), field);
    inputs[field] = sha256Of(inputFile(field));
  }
  const known = pointWith({ ...ofArrays, inputs });
  expect(savedResult(known, own, false, inputFile)).toMatchObject({ kind: 'result' });
  const early = pointWith({ ...ofArrays, inputs: { ...inputs, yTest: undefined } });
  expect(savedResult(early, own, false, inputFile)).toEqual({
    kind: 'unusable',
    why: 'its result.json does not say what y2.npy held',
  });
  writeFileSync(inputFile('y'), 'other labels');
  writeFileSync(inputFile('xTest'), 'other inputs');
  expect(savedResult(known, own, false, inputFile)).toEqual({
    kind: 'unusable',
    why: 'of other data in y.npy, X2.npy',
    another: true,
  });
  rmSync(inputFile('x'));
  expect(() => savedResult(known, own, false, inputFile)).toThrow(/x\.npy cannot be read: ENOENT/);
});

test('a point whose records.csv is not that of its result is run again', () => {
  for (const csv of [
    '',
    'step\n',
    savedCsv([...savedRun.records, savedRecord(2)]),
    savedCsv([savedRecord(0)]),
  ]) {
    const saved = savedResult(writePoint(temporaryFolder(), result, csv), spec, false);
    expect(saved).toEqual({ kind: 'unusable', why: 'its records.csv is not that of its result.json' });
  }
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
  writePoint(join(folder, 'p-0'));
  for (const id of ids.slice(1, 6)) writeFileSync(join(folder, id, 'records.csv'), 'step\n');
  writeFileSync(join(folder, 'p-6', 'failure.json'), '{}');
  const said: string[] = [];
  const runs = ids.map((id) => ({ id, label: id, spec, arrays: false }));
  const { done, left } = findPoints(
    folder,
    runs,
    (kept) => kept.spec.name,
    () => undefined,
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
  const { checksum, ...rest } = JSON.parse(sealedText(value)) as Record<string, unknown>;
  expect(checksum).toMatch(/^[0-9a-f]{64}$/);
  expect(sealedText(value)).toBe(jsonText({ ...rest, checksum }));
});
