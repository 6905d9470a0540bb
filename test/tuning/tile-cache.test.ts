import { expect, test } from 'vitest';
import type { TileChoice } from '../../src/programs/product-shape.ts';
import { entryOf, shaderHash } from '../../src/tuning/shader-hash.ts';
import { adapterKey, choicesFor, withChoice, withoutAdapter } from '../../src/tuning/tile-cache.ts';
import { parseTileCache, tileCacheText } from '../../src/tuning/tile-cache-text.ts';

const choice: TileChoice = { use: 'forward', shapes: 'medium sums, some entries', tile: 'direct-4x4' };
const empty = { entries: [] };

test('what was kept is there again, for its adapter alone', () => {
  const text = tileCacheText(withChoice(empty, entryOf('one', { choice })));
  const { cache, problem } = parseTileCache(text);
  expect(problem).toBeNull();
  expect(choicesFor(cache, 'one', shaderHash)).toEqual([choice]);
  expect(choicesFor(cache, 'another', shaderHash)).toEqual([]);
});

test('a new choice takes the place of the one for the same use and shapes', () => {
  const first = withChoice(empty, entryOf('one', { choice }));
  const cache = withChoice(
    withChoice(first, entryOf('two', { choice })),
    entryOf('one', { choice: { ...choice, tile: 'direct-8x8' } }),
  );
  expect(choicesFor(cache, 'one', shaderHash)).toEqual([{ ...choice, tile: 'direct-8x8' }]);
  expect(choicesFor(cache, 'two', shaderHash)).toEqual([choice]);
});

test('an adapter is forgotten alone', () => {
  const cache = withChoice(withChoice(empty, entryOf('one', { choice })), entryOf('two', { choice }));
  expect(withoutAdapter(cache, 'one').entries.map(({ adapter }) => adapter)).toEqual(['two']);
});

test('times are kept beside the choice, and are no part of it', () => {
  const milliseconds = { 'direct-4x4': 1.5, 'direct-8x8': 2 };
  const { cache } = parseTileCache(
    tileCacheText(withChoice(empty, entryOf('one', { choice, milliseconds }))),
  );
  expect(cache.entries[0].milliseconds).toEqual(milliseconds);
  expect(choicesFor(cache, 'one', shaderHash)).toEqual([choice]);
  // A tile that is gone by now takes nothing else with it.
  const older = tileCacheText(withChoice(empty, entryOf('one', { choice, milliseconds }))).replace(
    '8x8',
    '99x99',
  );
  expect(parseTileCache(older).cache.entries[0].milliseconds).toEqual({ 'direct-4x4': 1.5 });
});

test('a choice made with other shaders is none', () => {
  const [entry] = withChoice(empty, entryOf('one', { choice })).entries;
  expect(choicesFor({ entries: [{ ...entry, shaders: '00000000' }] }, 'one', shaderHash)).toEqual([]);
});

test.each([
  ['not JSON', '{"version": 1, "entries": [', /not JSON/],
  ['another version', '{"version": 2, "entries": []}', /^version .*: 2$/],
  ['no entries', '{"version": 1}', /^entries .*: missing$/],
  [
    'a tile that does not exist',
    tileCacheText(withChoice(empty, entryOf('one', { choice }))).replace('direct-4x4', 'direct-99x99'),
    /^entries\.0\.tile .*: "direct-99x99"$/,
  ],
  ['something else', '[]', /whole/],
])('%s: discarded, and said why', (_case, text, why) => {
  const { cache, problem } = parseTileCache(text);
  expect(cache).toEqual(empty);
  expect(problem).toMatch(why);
});

test('nothing kept is no problem', () => {
  expect(parseTileCache(null)).toEqual({ cache: empty, problem: null });
});

test('an adapter is another one in another browser', () => {
  const adapter = { vendor: 'v', architecture: '', device: 'd', description: '' };
  const description = { ...adapter, software: false, features: [], limits: {} };
  expect(adapterKey(description, 'Mozilla/5.0 HeadlessChrome/150')).toBe('Chromium · v · d');
  expect(adapterKey(description, 'Mozilla/5.0 Gecko Firefox/153')).toBe('Firefox · v · d');
});
