import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BytePieces } from '../../src/data/byte-pieces.ts';
import { npyHeader } from '../../src/data/npy.ts';
import { readNpz } from '../../src/data/npz.ts';
import { writeNpz } from '../../src/node/npz-file.ts';
import { temporaryFolder } from './temporary.ts';

test('arrays come back from the one file that they are written to', async () => {
  const folder = temporaryFolder();
  const arrays = join(folder, 'arrays');
  mkdirSync(arrays);
  // One is larger than what is read at once.
  const sizes = { X_train: 300_000, y_train: 3 };
  const values = (size: number) => Float32Array.from({ length: size }, (_, k) => Math.fround(Math.sin(k)));
  for (const [name, size] of Object.entries(sizes)) {
    writeFileSync(
      join(arrays, `${name}.npy`),
      Buffer.concat([npyHeader([size]), new Uint8Array(values(size).buffer)]),
    );
  }
  writeFileSync(join(arrays, 'not-an-array.txt'), 'nothing');
  const file = join(folder, 'arrays.npz');
  writeNpz(arrays, file);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  const bytes = new Uint8Array(readFileSync(file)).buffer;
  for (const [name, size] of Object.entries(sizes)) {
    const read = await readNpz(BytePieces.of(bytes), 'arrays.npz', name);
    // Entry by entry an expectation takes seconds.
    expect(read.rows(0, size).every((value, k) => value === Math.fround(Math.sin(k)))).toBe(true);
  }
});
