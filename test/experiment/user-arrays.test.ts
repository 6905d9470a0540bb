import { expect, test } from 'vitest';
import { npyBytes } from '../../src/data/npy.ts';
import { run } from '../../src/experiment/run.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { gpu } from '../gpu-device.ts';

const [n, nTest, d] = [12, 3, 4];
const entry = (i: number, j: number): number => Math.sin(7 * i + 3 * j);

async function file(shape: number[], values: ArrayLike<number>): Promise<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of npyBytes(shape, [Float32Array.from(values)])) parts.push(part);
  return new Blob(parts).arrayBuffer();
}

const matrix = (rows: number): number[] =>
  Array.from({ length: rows * d }, (_, k) => entry(Math.floor(k / d), k % d));

/** Test losses of a run on arrays of which one entry is replaced, or the message that refuses it. */
async function outcome(
  name: 'x' | 'y' | 'xTest' | 'yTest',
  at: number,
  value: number,
  network: Partial<SpecInput['network']>,
): Promise<number[] | string> {
  const arrays = {
    x: { shape: [n, d], values: matrix(n) },
    y: { shape: [n], values: Array.from({ length: n }, (_, i) => (i % 2) - 0.5) },
    xTest: { shape: [nTest, d], values: matrix(nTest) },
    yTest: { shape: [nTest], values: [1, -1, 1] },
  };
  arrays[name].values[at] = value;
  const spec = parseSpec({
    data: { distribution: 'npy', x: 'x.npy', y: 'y.npy', xTest: 'xTest.npy', yTest: 'yTest.npy' },
    network: { width: 8, ...network },
    training: { eta: 0.5, steps: 4 },
  });
  const open = async (path: string) => {
    const { shape, values } = arrays[path.replace('.npy', '') as keyof typeof arrays];
    return file(shape, values);
  };
  const running = run(gpu.device, spec, { open });
  try {
    for (;;) {
      const next = await running.next();
      if (next.done) {
        return next.value.records.flatMap(({ test: measures }) => [
          measures!.losses.network,
          measures!.losses.linear,
        ]);
      }
    }
  } catch (error) {
    expect((error as Error).name).toBe('DataError');
    return (error as Error).message;
  }
}

test.for([
  ['xTest', 5, 1e20, '[1, 1]', 'erf'],
  ['xTest', 5, -1e30, '[1, 1]', 'relu'],
  ['xTest', 11, 1e12, '[2, 3]', 'tanh'],
  ['xTest', 0, 1e6, '[0, 0]', 'sin'],
  ['xTest', 0, 1e16, '[0, 0]', 'sin'],
  ['y', 2, 3e38, '[2]', 'erf'],
  ['yTest', 1, -1e25, '[1]', 'erf'],
] as const)('%s[%s] = %s is named, at %s (%s)', async ([name, at, value, index, activation]) => {
  const message = await outcome(name, at, value, { activation });
  expect(message).toContain(`${name}.npy has ${Math.fround(value)} at index ${index}`);
});

test.for([
  ['xTest', 5, 1e6, 'erf'],
  ['xTest', 5, 1e7, 'relu'],
  ['xTest', 5, 1e6, 'gelu'],
  ['xTest', 5, 500, 'sin'],
  ['y', 2, 1e15, 'erf'],
  ['yTest', 1, -1e15, 'erf'],
] as const)('%s[%s] = %s leaves every loss finite (%s)', async ([name, at, value, activation]) => {
  const losses = await outcome(name, at, value, { activation });
  expect(losses).not.toBeTypeOf('string');
  for (const loss of losses) expect(loss).toSatisfy(Number.isFinite);
});
