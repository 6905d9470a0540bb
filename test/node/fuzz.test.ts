import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { afterAll } from 'vitest';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { parseSpec } from '../../src/experiment/parse-spec.ts';
import { CommandError, exitCode } from '../../src/node/command-error.ts';
import { readJsonFile } from '../../src/node/json-file.ts';
import { savedResult } from '../../src/node/saved-result.ts';
import { applySettings, parseSetting } from '../../src/node/set-option.ts';
import { loadSpec } from '../../src/node/spec-source.ts';
import { parseSizes } from '../../src/node/tune-sizes.ts';
import { mutated, mutatedText, oddNumber, oddText } from '../fuzz/documents.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import type { Random } from '../fuzz/random.ts';
import { someSpecText } from '../fuzz/specs.ts';
import { savedDocument, savedSpec, sealedText, writePoint } from './saved-run.ts';

// The readers of Node; those of the page are in test/fuzz/readers.test.ts. A new reader joins by one entry.
const folder = mkdtempSync(join(tmpdir(), 'first-light-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'spec.json');

fuzz({
  name: 'spec file',
  seed: 11,
  inputs: 400,
  make: someSpecText,
  read: (text) => {
    writeFileSync(file, text);
    readJsonFile(file);
    loadSpec(file, []);
  },
  refusals: [CommandError, SpecError],
});

fuzz({
  name: '--set',
  seed: 12,
  inputs: 400,
  make: someSetting,
  read: (settings) =>
    parseSpec(applySettings(JSON.parse(JSON.stringify(savedSpec)), settings.map(parseSetting))),
  refusals: [CommandError, SpecError],
});

fuzz({
  name: 'result of an earlier start',
  seed: 13,
  inputs: 400,
  make: someResult,
  read: (text) => {
    const saved = savedResult(writePoint(join(folder, 'point'), text), savedSpec, false);
    // It is run again, and why is said.
    if (saved.kind !== 'result')
      throw new CommandError(exitCode.input, saved.kind === 'none' ? '' : saved.why);
  },
  refusals: [CommandError],
});

fuzz({
  name: 'sizes to tune for',
  seed: 14,
  inputs: 200,
  make: (random) => (random.chance(0.2) ? '200,30,64' : mutatedText(random, `200,30,${oddNumber(random)}`)),
  read: parseSizes,
  refusals: [InvalidArgumentError],
});

function someSetting(random: Random): string[] {
  const fields = [
    'data.n',
    'training.eta',
    'training.watched.0',
    'training.records',
    'name',
    'claims.0',
    '__proto__.x',
  ];
  return Array.from({ length: 1 + random.below(3) }, () => {
    const value = random.pick([
      String(oddNumber(random)),
      oddText(random),
      '[1,4]',
      '{"steps":[0,5]}',
      '7',
      '.5',
    ]);
    const setting = `${random.pick(fields)}=${value}`;
    return random.chance(0.3) ? mutatedText(random, setting) : setting;
  });
}

/** A result with another content under a right checksum, or a file that was damaged. */
function someResult(random: Random): string {
  if (random.chance(0.05)) return sealedText(savedDocument);
  if (random.chance(0.3)) return mutatedText(random, sealedText(savedDocument));
  try {
    return sealedText(mutated(random, savedDocument) as object);
  } catch {
    return '{}'; // too deep to be written
  }
}
