import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CommandError } from '../../src/node/command-error.ts';
import { readJsonFile } from '../../src/node/json-file.ts';
import { temporaryFolder } from './temporary.ts';

test.each([
  ['{"a": 1,}', 1, 9],
  ['{"a": 1\n  "b": 2}', 2, 3],
  ['{\n  "a": [1, 2\n', 3, 1],
  ["{'a': 1}", 1, 2],
  ['{"a": NaN}', 1, 7],
  ['// why\n{}', 1, 1],
  ['', 1, 1],
])('%j is not JSON, and the message says where', (content, line, column) => {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, content);
  expect(() => readJsonFile(file)).toThrow(`is not JSON: line ${line}, column ${column}:`);
});

test.each([
  [
    '{"training": {}, "data": {}, "training": {}}',
    'line 1, column 30: training is given for the second time, after line 1, column 2',
  ],
  [
    '{\n "data": {"n": 1,\n "n": 2}}',
    'line 3, column 2: n is given for the second time, after line 2, column 11',
  ],
  ['{"a\\u0062": 1, "ab": 2}', 'line 1, column 16: ab is given'],
])('a field that is given twice is refused: %j', (content, words) => {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, content);
  expect(() => readJsonFile(file)).toThrow(`is not clear: ${words}`);
});

test('the same field of several objects is none given twice', () => {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, '[{"a": {"a": "a"}}, {"a": [{"a": ":"}, "a"]}]');
  expect(readJsonFile(file)).toEqual([{ a: { a: 'a' } }, { a: [{ a: ':' }, 'a'] }]);
});

test('a field called __proto__ is a field', () => {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, '{"__proto__": {"name": "x"}}');
  const value = readJsonFile(file) as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect((value as { name?: unknown }).name).toBeUndefined();
});

test.each(['[', '{"a":', '[}', '"\n[', '/* " */ ['])('what is nested deep is refused: %j', (part) => {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, part.repeat(20_000));
  expect(() => readJsonFile(file)).toThrow(CommandError);
});

test('reads JSON, with or without a byte order mark', () => {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, '\uFEFF{"a": [1, "b", null]}');
  expect(readJsonFile(file)).toEqual({ a: [1, 'b', null] });
});

test.each([
  ['Latin-1', Buffer.from('{\n "name": "caf\xe9"}', 'latin1'), 'is not in UTF-8: line 2 has signs'],
  ['UTF-16', Buffer.from('\uFEFF{"name": "café"}', 'utf16le'), 'is text in UTF-16, as Windows PowerShell 5'],
  ['UTF-16 without a mark', Buffer.from('{}', 'utf16le'), 'is text in UTF-16'],
  ['UTF-16, the other way round', Buffer.from('{}', 'utf16le').swap16(), 'is text in UTF-16'],
])('text in %s is not read as other signs', (_what, bytes, words) => {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, bytes);
  expect(() => readJsonFile(file)).toThrow(words);
});

test('a file that is not there is named', () => {
  expect(() => readJsonFile('/nowhere/spec.json')).toThrow(
    '/nowhere/spec.json cannot be read: there is no such file',
  );
});

test('so is a folder', () => {
  const folder = temporaryFolder();
  expect(() => readJsonFile(folder)).toThrow(`${folder} cannot be read: it is a folder.`);
});
