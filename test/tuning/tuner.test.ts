import { afterEach, describe, expect, test } from 'vitest';
import { sharesRows, tiles } from '../../shaders/parts/tile.ts';
import type { Gpu } from '../../src/gpu/device.ts';
import {
  chosenTile,
  heuristicTile,
  offeredTiles,
  preferTiles,
  runnableTiles,
} from '../../src/programs/tile-choice.ts';
import { productUses, shapeClass, shapeClasses } from '../../src/programs/product-shape.ts';
import { shapeFor } from '../../src/tuning/trial.ts';
import { type TrialPlan, type TuningResult, fastest, tune } from '../../src/tuning/tuner.ts';
import { gpu } from '../gpu-device.ts';

const sizes = { n: 96, d: 10, m: 64 };
const now = () => performance.now();

async function collect(results: AsyncGenerator<TuningResult>): Promise<TuningResult[]> {
  const all: TuningResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}

afterEach(() => preferTiles(gpu, []));

test('every use gets an offered tile, each of which was timed; buffers are freed', async () => {
  const before = gpu.liveBuffers;
  const begun: TrialPlan[] = [];
  const begin = (trial: TrialPlan) => void begun.push(trial);
  const results = await collect(tune(gpu, [sizes, sizes], { budget: 600_000, now, begin }));
  const count = productUses.length;
  expect(begun).toEqual(results.map(({ choice: { use, shapes } }, index) => ({ use, shapes, index, count })));
  expect(results.map(({ choice }) => choice.use)).toEqual([...productUses]);
  for (const { choice, milliseconds } of results) {
    expect(Object.keys(milliseconds).sort()).toEqual(offeredTiles(gpu, choice.use).sort());
    for (const time of Object.values(milliseconds)) expect(time).toBeGreaterThan(0);
    expect(offeredTiles(gpu, choice.use)).toContain(choice.tile);
    expect(choice.shapes).toBe(shapeClass(shapeFor(gpu, choice.use, sizes)));
  }
  expect(gpu.liveBuffers).toBe(before);
});

test('one that is interrupted has yielded what it measured, and frees its buffers', async () => {
  const before = gpu.liveBuffers;
  const stop = new AbortController();
  const results: TuningResult[] = [];
  for await (const result of tune(gpu, [sizes], { budget: 600_000, now, signal: stop.signal })) {
    results.push(result);
    stop.abort();
  }
  expect(results).toHaveLength(1);
  expect(gpu.liveBuffers).toBe(before);
});

test('no trial begins after the budget', async () => {
  expect(await collect(tune(gpu, [sizes], { budget: 0, now }))).toEqual([]);
  let clock = 0;
  const slow = tune(gpu, [sizes], { budget: 100, now: () => (clock += 30) });
  expect(await collect(slow)).toHaveLength(1);
});

test('the usual tile stays unless another is clearly faster', () => {
  const times = (usual: number, other: number) =>
    new Map([
      ['direct-8x8', usual],
      ['direct-4x4', other],
    ] as const);
  expect(fastest(times(100, 97), 'direct-8x8')).toBe('direct-8x8');
  expect(fastest(times(100, 90), 'direct-8x8')).toBe('direct-4x4');
  expect(fastest(times(100, 190), 'direct-8x8')).toBe('direct-8x8');
});

describe('the tile of a product', () => {
  const shape = { rows: 1000, cols: 200, inner: 50 };
  const choice = { use: 'forward', shapes: shapeClass(shape), tile: 'direct-4x4' } as const;

  test('is the measured one for its use and shapes, the usual one for others', () => {
    preferTiles(gpu, [choice]);
    expect(chosenTile(gpu, 'forward', shape)).toBe(tiles['direct-4x4']);
    expect(chosenTile(gpu, 'ntk', shape)).toBe(tiles[heuristicTile(gpu, 'ntk', shape)]);
    const other = { ...shape, inner: 5 };
    expect(chosenTile(gpu, 'forward', other)).toBe(tiles[heuristicTile(gpu, 'forward', other)]);
  });

  /** A device with these features and limits. */
  const device = (
    features: string[],
    invocations: number,
    workgroupBytes: number,
    software: boolean,
    description = '',
    subgroupMinSize = 4,
  ) =>
    ({
      device: {
        adapterInfo: { subgroupMinSize },
        features: new Set(features),
        limits: {
          maxComputeInvocationsPerWorkgroup: invocations,
          maxComputeWorkgroupStorageSize: workgroupBytes,
        },
      },
      adapter: { software, description, device: '' },
    }) as unknown as Gpu;
  const kib = 1024;

  test('never needs subgroups, invocations or workgroup memory that are not there', () => {
    const weak = offeredTiles(device([], 128, 16 * kib, false), 'forward');
    expect(weak.filter((name) => sharesRows(tiles[name]))).toEqual([]);
    expect(weak).toContain('workgroup-8x8');
    const swiftshader = offeredTiles(device(['subgroups'], 256, 16 * kib, true), 'forward');
    expect(swiftshader).toContain('subgroup-16x8');
    expect(swiftshader.filter((name) => tiles[name].loads === 'broadcast')).toEqual([]);
    expect(offeredTiles(device(['subgroups'], 256, 32 * kib, false), 'ntk')).toContain('workgroup-16x8');
    expect(weak).not.toContain('workgroup-16x8');
    expect(offeredTiles(device([], 128, 8 * kib, false), 'forward')).not.toContain('workgroup-8x8');
    for (const name of offeredTiles(device([], 32, 16 * kib, false), 'forward')) {
      expect(tiles[name].lanes * tiles[name].groups).toBeLessThanOrEqual(32);
    }
  });

  test.each([
    ['llvmpipe: Mesa 25.0.7 (LLVM 15.0.6)', 8, 'broadcast-8x4'],
    ['llvmpipe: Mesa 26.2.6-1 (LLVM 22.1.8)', 8, 'broadcast-16x4'],
    ['llvmpipe: Mesa 26.2.6-1 (LLVM 22.1.8)', 4, 'broadcast-8x4-narrow'],
    ['llvmpipe', 16, 'broadcast-8x4'],
  ])(
    'on %s in vectors of %i has rows that a subgroup shares, but where there is little to do',
    (name, size, tile) => {
      const lavapipe = device(['subgroups'], 256, 32 * kib, true, name, size);
      for (const use of productUses) {
        expect(heuristicTile(lavapipe, use, { rows: 100, cols: 64, inner: 64 })).toBe('direct-4x4');
        for (const rows of [1000, 20_000])
          expect(heuristicTile(lavapipe, use, { ...shape, rows })).toBe(tile);
        const offered = offeredTiles(lavapipe, use);
        expect(offered).toContain(tile);
        expect(offered).toContain('direct-4x4');
        const shared = runnableTiles(lavapipe, use).filter((other) => tiles[other].loads === 'broadcast');
        for (const other of shared) expect(tiles[other].lanes).toBeLessThanOrEqual(size);
        expect(shared).toContain('broadcast-8x4-narrow');
      }
    },
  );

  test('on lavapipe without subgroups is the smallest, but where there is much to do', () => {
    const lavapipe = device([], 256, 32 * kib, true, 'llvmpipe (LLVM 15.0.6, 256 bits)');
    for (const use of productUses) {
      expect(heuristicTile(lavapipe, use, shape)).toBe('direct-4x4');
      expect(heuristicTile(lavapipe, use, { rows: 20_000, cols: 1024, inner: 784 })).toBe('direct-16x8');
    }
  });

  test('of few multiply-adds is the one that compiles first, on a processor', () => {
    for (const features of [[], ['subgroups']] as GPUFeatureName[][]) {
      const slow = device(features, 256, 32 * kib, true);
      for (const use of productUses) {
        expect(heuristicTile(slow, use, { rows: 37, cols: 18, inner: 10 })).toBe('direct-4x4');
        expect(heuristicTile(slow, use, { rows: 64, cols: 64, inner: 17 })).not.toBe('direct-4x4');
      }
    }
  });

  test('of what is made once, counts how long it takes to compile, on a processor', () => {
    const [slow, fast] = [true, false].map((software) => device(['subgroups'], 256, 32 * kib, software));
    const kernel = (n: number) => ({ rows: n, cols: n, inner: 256 });
    expect(heuristicTile(slow, 'ntk', kernel(512), true)).toBe('direct-4x4');
    expect(heuristicTile(slow, 'ntk', kernel(2048), true)).toBe('subgroup-16x8');
    expect(heuristicTile(slow, 'ntk', kernel(8192), true)).toBe(heuristicTile(slow, 'ntk', kernel(8192)));
    for (const n of [512, 8192]) {
      expect(heuristicTile(fast, 'ntk', kernel(n), true)).toBe(heuristicTile(fast, 'ntk', kernel(n)));
    }
  });

  test.each([
    [true, 1000],
    [false, 100],
    [false, 1000],
    [false, 100_000],
  ])('on a weak device is one that it offers, software %s, %i rows', (software, rows) => {
    const weak = device([], 128, 16 * kib, software);
    const large = { ...shape, rows };
    for (const use of productUses) expect(offeredTiles(weak, use)).toContain(heuristicTile(weak, use, large));
    preferTiles(weak, [{ ...choice, shapes: shapeClass(large), tile: 'subgroup-16x8' }]);
    expect(chosenTile(weak, 'forward', large)).toBe(tiles[heuristicTile(weak, 'forward', large)]);
  });
});

test.each([
  [{ rows: 1, cols: 1, inner: 1 }, 'short sums, few entries'],
  [{ rows: 1000, cols: 256, inner: 64 }, 'medium sums, some entries'],
  [{ rows: 10_000, cols: 4096, inner: 3072 }, 'long sums, many entries'],
])('%j: %s', (shape, name) => {
  expect(shapeClass(shape)).toBe(name);
  expect(shapeClasses).toContain(name);
});
