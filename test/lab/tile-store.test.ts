import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { entryOf } from '../../src/tuning/shader-hash.ts';
import type { TuningResult } from '../../src/tuning/tuner.ts';
import { TileStore } from '../../web/lab/tile-store.ts';

const choice = { use: 'forward', shapes: 'medium sums, some entries', tile: 'direct-4x4' } as const;
const result: TuningResult = { choice, milliseconds: { 'direct-4x4': 1.5, 'direct-8x8': 2 } };
const other: TuningResult = { ...result, choice: { ...choice, use: 'ntk' } };

beforeEach(() => localStorage.clear());
afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

test('nothing is kept, and that is no problem', () => {
  const store = new TileStore();
  expect([store.cache.entries, store.problem, store.used, store.lasting]).toEqual([[], null, true, true]);
});

test('what is kept is there again with its times, whether it is used too, until it is forgotten', () => {
  const store = new TileStore();
  store.keep(entryOf('one', result));
  store.keep(entryOf('two', result));
  store.used = false;
  const again = new TileStore();
  expect(
    again.cache.entries.map(({ adapter, use, tile, milliseconds }) => [adapter, use, tile, milliseconds]),
  ).toEqual([
    ['one', 'forward', 'direct-4x4', result.milliseconds],
    ['two', 'forward', 'direct-4x4', result.milliseconds],
  ]);
  expect(again.used).toBe(false);
  again.used = true;
  again.forget('one');
  const third = new TileStore();
  expect(third.used).toBe(true);
  expect(third.cache.entries.map(({ adapter }) => adapter)).toEqual(['two']);
  third.forget('two');
  expect(localStorage.length).toBe(0);
});

test('two tabs keep what both have measured', () => {
  const [here, there] = [new TileStore(), new TileStore()];
  here.keep(entryOf('one', result));
  there.keep(entryOf('one', other));
  expect(new TileStore().cache.entries.map(({ use }) => use)).toEqual(['forward', 'ntk']);
});

test.each([
  ['not JSON', (text: string) => text.slice(0, -10), /not JSON/],
  [
    'another tile',
    (text: string) => text.replace('"tile": "direct-4x4"', '"tile": "none"'),
    /entries\.0\.tile/,
  ],
])('%s: discarded, and said once', (_case, corrupt, why) => {
  new TileStore().keep(entryOf('one', result));
  const key = localStorage.key(0)!;
  localStorage.setItem(key, corrupt(localStorage.getItem(key)!));
  const store = new TileStore();
  expect(store.problem).toMatch(why);
  expect(store.cache.entries).toEqual([]);
  expect(new TileStore().problem).toBeNull();
  store.keep(entryOf('one', result));
  expect(new TileStore().cache.entries).toHaveLength(1);
});

test('where storage is forbidden, it is kept as long as the page', () => {
  vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  });
  const store = new TileStore();
  expect([store.problem, store.lasting]).toEqual([null, false]);
  store.keep(entryOf('one', result));
  store.keep(entryOf('one', other));
  store.used = false;
  expect(store.cache.entries.map(({ use }) => use)).toEqual(['forward', 'ntk']);
  expect(store.used).toBe(false);
  store.forget('one');
  expect(store.cache.entries).toEqual([]);
});

test('where storage is full, the same', () => {
  const store = new TileStore();
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  });
  store.keep(entryOf('one', result));
  store.keep(entryOf('one', other));
  expect(store.lasting).toBe(false);
  expect(store.cache.entries).toHaveLength(2);
});
