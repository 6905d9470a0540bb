import { expect, test } from 'vitest';
import { TooLargeError } from '../../src/gpu/errors.ts';
import { Matrix, panelRows } from '../../src/gpu/matrix.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { Float32Numbers, gpu, readPadded, upload, uploadVector } from '../gpu-device.ts';

/** Room for 64 rows of 7 columns in each panel. */
const smallPanels = { maxPanelBytes: 64 * 8 * 4 };

test.for([
  [1, 1],
  [5, 7],
  [129, 4],
] as const)('entries come back as written, padding stays 0, rows, cols = %s', async ([rows, cols]) => {
  const values = new Float32Numbers(rows).matrix(rows, cols);
  using matrix = upload(values);
  expect(await matrix.readAll()).toEqual(Float32Array.from(values.data));
  const padding = (await readPadded(matrix)).filter((_, k) => k % matrix.stride >= cols);
  expect(padding.length).toBe(rows * (matrix.stride - cols));
  expect(padding.every((value) => value === 0)).toBe(true);
});

test('a matrix larger than a binding is cut into panels, and reads and writes across them', async () => {
  const values = new Float32Numbers(1).matrix(200, 7);
  using matrix = upload(values, smallPanels);
  expect(matrix.blocks().map(({ firstRow, rows }) => [firstRow, rows])).toEqual([
    [0, 64],
    [64, 64],
    [128, 64],
    [192, 8],
  ]);
  expect(new Set(matrix.blocks().map(({ binding }) => binding.buffer)).size).toBe(4);
  expect(await matrix.readAll()).toEqual(Float32Array.from(values.data));
  const part = new Float32Array(70 * 7).fill(5);
  matrix.write(part, 60);
  const expected = Float32Array.from(values.data);
  expected.set(part, 60 * 7);
  expect(await matrix.readAll()).toEqual(expected);
  expect(() => matrix.whole()).toThrow(TooLargeError);
});

test('only whole rows that fit are written', () => {
  using matrix = new Matrix(gpu, 'm', 3, 4);
  expect(() => matrix.write(new Float32Array(14))).toThrow(RangeError);
  expect(() => matrix.write(new Float32Array(8), 2)).toThrow(
    '8 entries from row 2 on are not whole rows of a 3 × 4 matrix.',
  );
});

test('matrices with different panels are walked in blocks that lie in one panel of each', () => {
  using a = new Matrix(gpu, 'a', 200, 7, smallPanels);
  using b = new Matrix(gpu, 'b', 200, 3, { maxPanelBytes: 128 * 4 * 4 });
  const blocks = Matrix.blocksTogether([a, b], 64).map(([left, right]) => [
    left.firstRow,
    left.rows,
    right.firstRow,
    right.rows,
  ]);
  expect(blocks).toEqual([
    [0, 64, 0, 64],
    [64, 64, 64, 64],
    [128, 64, 128, 64],
    [192, 8, 192, 8],
  ]);
});

test('rows too long for 64 of them to fit a binding are refused with the sizes', () => {
  expect(() => panelRows('W', 1000, 100, 64 * 100 * 4 - 1)).toThrow(
    'W has rows of 100 numbers (400 bytes); this adapter binds at most 25599 bytes at a time, and 64 rows must fit.',
  );
  expect(panelRows('W', 63, 100, 63 * 400)).toEqual([63]);
});

test('a vector comes back as written, and disposal frees the buffers', async () => {
  const live = gpu.liveBuffers;
  {
    using vector = uploadVector(Float64Array.of(1, 2, 3));
    expect([...(await vector.read())]).toEqual([1, 2, 3]);
    using matrix = new Matrix(gpu, 'm', 200, 7, smallPanels);
    expect(gpu.liveBuffers).toBe(live + 1 + matrix.blocks().length);
  }
  expect(gpu.liveBuffers).toBe(live);
  const tooLong = gpu.device.limits.maxStorageBufferBindingSize / 4 + 1;
  expect(() => new Vector(gpu, 'y', tooLong)).toThrow(TooLargeError);
  expect(gpu.liveBuffers).toBe(live);
});
