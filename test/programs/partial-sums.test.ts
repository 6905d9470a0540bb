import { expect, test } from 'vitest';
import type { Gpu } from '../../src/gpu/device.ts';
import { gradientPartials, sliceRows } from '../../src/programs/partial-sums.ts';

const on = { 'a processor': { adapter: { software: true } }, 'a GPU': { adapter: { software: false } } };

test.each([
  ['a processor', 20_000, 52 * 256, 40],
  ['a processor', 1000, 52 * 256, 4],
  ['a processor', 20_000, 784 * 1024, 1],
  ['a GPU', 20_000, 52 * 256, 79],
  ['a GPU', 20_000, 784 * 1024, 6],
  ['a GPU', 1, 1, 1],
] as const)(
  'on %s the sums over %i rows of %i entries have %i parts, whole slices',
  (adapter, rows, entries, count) => {
    const sums = gradientPartials(on[adapter] as Gpu, rows, entries);
    expect(sums.count).toBe(count);
    expect(sums.rows % sliceRows).toBe(0);
    expect((sums.count - 1) * sums.rows).toBeLessThan(rows);
    expect(sums.count * sums.rows).toBeGreaterThanOrEqual(rows);
  },
);
