import { expect, test } from 'vitest';
import type { FirstLayerImages } from '../../src/experiment/result.ts';
import type { SpecInput } from '../../src/experiment/spec.ts';
import { cifarFile, idxFile } from '../data/image-files.ts';
import { gpu } from '../gpu-device.ts';
import { type Outcome, values } from './deep-arrays.ts';
import { collect } from './collect.ts';

const [n, side] = [12, 4];
const files: Record<string, Uint8Array<ArrayBuffer>> = {
  images: idxFile(
    [n, side, side],
    Array.from({ length: n * side ** 2 }, (_, k) => (k * 53 + ((k * k) % 101)) % 256),
  ),
  labels: idxFile(
    [n],
    Array.from({ length: n }, (_, k) => k % 2),
  ),
  colours: cifarFile(
    Array.from({ length: n }, (_, k) => k % 2),
    (image, channel, row, col) => (image * 37 + channel * 60 + row * col + ((image * row) % 11)) % 256,
  ),
};
const open = (path: string): Promise<ArrayBuffer> => Promise.resolve(files[path].slice().buffer);
type Images = Extract<SpecInput['data'], { distribution: 'files' }>;
const images: Images = { distribution: 'files', x: 'images', y: 'labels', classes: [0, 1] };

async function runOf(input: Partial<SpecInput> & Pick<SpecInput, 'data' | 'network'>): Promise<Outcome> {
  return collect(gpu.device, { training: { eta: 0.5, steps: 3 }, ...input }, { open });
}

const norm = (row: ArrayLike<number>): number => Math.hypot(...Array.from(row));

/** The images against rows of the arrays, of the first `units` of which those that moved most come first. */
function expectRows(outcome: Outcome, names: { start: string; displacement: string }, units: number): void {
  const { units: drawn, of, shape, step }: FirstLayerImages = outcome.result.firstLayer!;
  const [start, displacement] = [values(outcome, names.start), values(outcome, names.displacement)];
  const size = shape.reduce((all, length) => all * length, 1);
  const row = (array: Float64Array, unit: number) =>
    Array.from(array.subarray(unit * size, (unit + 1) * size));
  expect([of, step]).toEqual([units, 3]);
  const moved = Array.from({ length: units }, (_, unit) => norm(row(displacement, unit)));
  const most = moved.toSorted((a, b) => b - a);
  expect(drawn).toHaveLength(Math.min(units, 16));
  for (const [k, one] of drawn.entries()) {
    expect(one.start).toEqual(row(start, one.unit));
    expect(one.displacement).toEqual(row(displacement, one.unit));
    // Equal movements may change places by the device's rounding of their squares.
    expect(Math.abs(one.movement - most[k])).toBeLessThanOrEqual(1e-6 * most[k]);
    expect(one.movement).toBeGreaterThan(0);
  }
  expect(new Set(drawn.map(({ unit }) => unit)).size).toBe(drawn.length);
}

test('two layers on images: rows of W, one of each pair of units', async () => {
  const outcome = await runOf({ data: images, network: { width: 40 } });
  expect(outcome.result.firstLayer!.shape).toEqual([side, side, 1]);
  expectRows(outcome, { start: 'W0', displacement: 'dW' }, 20);
});

test('a deep network on images, averaged: rows of W1 of the first tower', async () => {
  const outcome = await runOf({
    data: { ...images, average: 2 },
    network: { kind: 'deep', widths: [38, 8] },
  });
  expect(outcome.result.firstLayer!.shape).toEqual([2, 2, 1]);
  expectRows(outcome, { start: 'W1_0', displacement: 'dW1_plus' }, 19);
});

test('a convolution: its filters, of any data; channels that are padded on the device', async () => {
  const outcome = await runOf({
    data: { distribution: 'gaussian', d: 75, n: 8, nTest: 0 },
    network: { kind: 'convolutional', shape: [5, 5, 3], channels: [6, 4] },
  });
  expect(outcome.result.firstLayer!.shape).toEqual([3, 3, 3]);
  expectRows(outcome, { start: 'W1_0', displacement: 'dW1_plus' }, 3);
  const ring = await runOf({
    data: { distribution: 'gaussian', d: 8, n: 8, nTest: 0 },
    network: { kind: 'convolutional', shape: [8, 1], channels: 36, filter: 5 },
  });
  expect(ring.result.firstLayer!.shape).toEqual([1, 5, 1]);
  expectRows(ring, { start: 'W1_0', displacement: 'dW1_plus' }, 18);
});

test('as many units as there is room for: five of colour images of 32 × 32', async () => {
  const data: Images = { distribution: 'files', x: 'colours', classes: [0, 1] };
  const { firstLayer } = (await runOf({ data, network: { width: 20 } })).result;
  expect(firstLayer!.shape).toEqual([32, 32, 3]);
  expect(firstLayer!.units).toHaveLength(5);
  expect(
    firstLayer!.units.flatMap(({ start, displacement }) => [...start, ...displacement]).length,
  ).toBeLessThan(2 ** 15);
});

test('a layer at rest has displacements of 0, of its first units', async () => {
  const { firstLayer } = (
    await runOf({
      data: images,
      network: { width: 8 },
      training: { layers: 'second', eta: 0.5, steps: 2 },
    })
  ).result;
  expect(firstLayer!.units.map(({ unit }) => unit)).toEqual([0, 1, 2, 3]);
  for (const { movement, displacement } of firstLayer!.units) {
    expect([movement, ...displacement].every((value) => value === 0)).toBe(true);
  }
});

test.for<[string, Parameters<typeof runOf>[0]]>([
  ['inputs that are no images', { data: { distribution: 'gaussian', d: 4, n: 8 }, network: { width: 4 } }],
  // All 16 directions, but not as pixels.
  ['whitened images', { data: { ...images, prepare: 'whitened' }, network: { width: 4 } }],
  [
    'more channels than colours have',
    {
      data: { distribution: 'gaussian', d: 40, n: 8, nTest: 0 },
      network: { kind: 'convolutional', shape: [8, 5], channels: 4 },
    },
  ],
])('%s: no images', async ([, input]) => {
  expect((await runOf(input)).result.firstLayer).toBeUndefined();
});

test('a run that diverged: none', async () => {
  const training = { eta: 1e4, steps: 40 };
  const { status, firstLayer } = (await runOf({ data: images, network: { width: 8 }, training })).result;
  expect(status.kind).toBe('diverged');
  expect(firstLayer).toBeUndefined();
});
