import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { ResultDocument } from '../../src/experiment/result-document.ts';
import { readTileFile, tileFile, writeTileFile } from '../../src/node/tile-file.ts';
import { parseSizes } from '../../src/node/tune-sizes.ts';
import { parseTileCache } from '../../src/tuning/tile-cache-text.ts';
import { firstLight, place } from './first-light.ts';
import { temporaryFolder } from './temporary.ts';

const entry = {
  adapter: 'one',
  shaders: '00000000',
  use: 'forward',
  shapes: 'short sums, few entries',
  tile: 'direct-4x4',
} as const;

test('tune keeps what it measured, runs use it unless told not to, it is shown and forgotten', async () => {
  const folder = temporaryFolder();
  const env = { XDG_CACHE_HOME: join(folder, 'cache') };
  const tuned = await firstLight(folder, ['tune', '--sizes', '64,8,16', '--budget', '30', ...place], env);
  expect(tuned).toMatchObject({ code: 0, stderr: '' });
  expect(tuned.stdout).toMatch(/→ (direct|subgroup|broadcast)-\d+x\d+\S* +[\d.]+ ms/);

  const { cache, problem } = parseTileCache(readFileSync(tileFile(env), 'utf8'));
  expect(problem).toBeNull();
  expect(cache.entries.map(({ use }) => use)).toContain('ntk');

  const tilesOf = async (...flags: string[]) => {
    const small = ['--set', 'data.n=64', '--set', 'data.d=8', '--set', 'network.width=16', '--set'];
    const args = ['run', 'figure-1', ...small, 'training.steps=2', ...place, ...flags];
    expect(await firstLight(folder, [...args, '--out', 'run'], env)).toMatchObject({ code: 0 });
    const result = JSON.parse(readFileSync(join(folder, 'run', 'result.json'), 'utf8')) as ResultDocument;
    return result.tiles;
  };
  expect(await tilesOf()).toEqual(cache.entries.map(({ use, shapes, tile }) => ({ use, shapes, tile })));
  expect(await tilesOf('--no-tuned')).toEqual([]);

  const shown = await firstLight(folder, ['tune', '--show'], env);
  expect(shown.stdout).toMatch(
    /forward, short sums, few entries +(direct|subgroup|broadcast|workgroup)-\d+x\d+\S* +[\d.]+ ms/,
  );
  await firstLight(folder, ['tune', '--clear'], env);
  expect((await firstLight(folder, ['tune', '--show'], env)).stdout).toContain('Nothing is kept');
});

test('a choice of earlier shaders is shown as such', async () => {
  const folder = temporaryFolder();
  const env = { XDG_CACHE_HOME: folder };
  writeTileFile({ entries: [entry] }, tileFile(env));
  const { stdout } = await firstLight(folder, ['tune', '--show'], env);
  expect(stdout).toMatch(/direct-4x4 .*earlier shaders/);
});

test.each(['', '{"version": 1, "entr', '{"version": 1, "entries": [{"adapter": 1}]}'])(
  'a corrupted file, %j, is ignored, said once, and left to be written anew',
  (content) => {
    const path = tileFile({ XDG_CACHE_HOME: temporaryFolder() });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    const said: string[] = [];
    expect(readTileFile((line) => said.push(line), path)).toEqual({ entries: [] });
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`${path} is ignored`);
    writeTileFile({ entries: [entry] }, path);
    expect(readTileFile((line) => said.push(line), path)).toEqual({ entries: [entry] });
    expect(said).toHaveLength(1);
  },
);

test('a file that cannot be written is named, with what to do', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'first-light'), 'in the way');
  expect(() => writeTileFile({ entries: [] }, join(folder, 'first-light', 'tiles.json'))).toThrow(
    /tiles\.json cannot be written: .*XDG_CACHE_HOME/,
  );
});

test('--sizes that are none are refused', async () => {
  const { code, stderr } = await firstLight(temporaryFolder(), ['tune', '--sizes', '20']);
  expect(code).not.toBe(0);
  expect(stderr).toContain('three positive integers');
});

test.each(['1,2', '1,2,x', '0,1,2', '1.5,2,3'])('%s are no sizes', (text) => {
  expect(() => parseSizes(text)).toThrow(/three positive integers/);
});
