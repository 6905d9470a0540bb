import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

test('reads JSON, with or without a byte order mark', () => {
  const file = join(temporaryFolder(), 'spec.json');
  writeFileSync(file, '\uFEFF{"a": [1, "b", null]}');
  expect(readJsonFile(file)).toEqual({ a: [1, 'b', null] });
});

test('a file that is not there is named', () => {
  expect(() => readJsonFile('/nowhere/spec.json')).toThrow(
    '/nowhere/spec.json cannot be read: there is no such file',
  );
});
