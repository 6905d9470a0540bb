import { describe, expect, test } from 'vitest';
import { relativeError } from '../../shaders/parts/accuracy.ts';
import { u } from '../../shaders/parts/roundoff.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { type Entries, random } from '../../src/math/random.ts';
import { compileRandom } from '../../src/programs/random.ts';
import { expectWithin } from '../bounds.ts';
import { gpu, poison, poisonedMatrix, readPadded, run, uploadVector } from '../gpu-device.ts';

const kinds: Entries[] = ['normal', 'uniform', 'sign'];
const errorOf: Record<Entries, number> = {
  normal: relativeError.normal,
  uniform: relativeError.uniform,
  sign: 0,
};
const source = { seed: 2 ** 40 + 12345, stream: 3 };

describe.for(kinds)('random, %s', (entries) => {
  test.for([
    [1, 1],
    [67, 5],
    [130, 50],
  ] as const)('n, d = %s: within the bound of its twin, padding 0', async ([n, d]) => {
    using X = poisonedMatrix(n, d);
    const program = await compileRandom(gpu, { entries, scaled: false });
    await run([program(X.whole(), d, source)]);
    const exact = random(entries, n, d, source);
    const bound = exact.data.map((x) => errorOf[entries] * u * Math.abs(x));
    expectWithin(entries, await X.readAll(), exact.data, bound);
    const padding = (await readPadded(X)).filter((_, k) => k % X.stride >= d);
    expect(padding.every((value) => value === 0)).toBe(true);
  });

  test('scales and shift: x_ij = s_j · entry + shift', async () => {
    const [n, d, shift] = [70, 6, 0.5];
    const s = Float64Array.from({ length: d }, (_, j) => Math.fround(2 / (1 + j)));
    using X = poisonedMatrix(n, d);
    using scales = uploadVector(s);
    const program = await compileRandom(gpu, { entries, scaled: true });
    await run([program(X.whole(), d, source, { scales, shift })]);
    const exact = random(entries, n, d, source).data.map((x, k) => s[k % d] * x);
    // The entry's own error, the product's and the sum's roundings.
    const bound = exact.map((x) => (errorOf[entries] + 2) * u * Math.abs(x) + u * (Math.abs(x) + shift));
    expectWithin(
      `${entries}, scaled`,
      await X.readAll(),
      exact.map((x) => x + shift),
      bound,
    );
  });

  test('moments: mean 0, variance 1, kurtosis of its own, columns and rows uncorrelated, 6 sigmas', () => {
    const [n, d] = [4000, 8];
    const { data } = random(entries, n, d, { seed: 7, stream: 1 });
    const kurtosis = { normal: 3, uniform: 9 / 5, sign: 1 }[entries];
    const eighth = { normal: 105, uniform: 9, sign: 1 }[entries]; // E x⁸
    const count = n * d;
    const mean = (f: (x: number, k: number) => number): number =>
      data.reduce((sum, x, k) => sum + f(x, k), 0) / count;
    expect(Math.abs(mean((x) => x))).toBeLessThan(6 * Math.sqrt(1 / count));
    expect(Math.abs(mean((x) => x * x) - 1)).toBeLessThanOrEqual(6 * Math.sqrt((kurtosis - 1) / count));
    expect(Math.abs(mean((x) => x ** 4) - kurtosis)).toBeLessThanOrEqual(
      6 * Math.sqrt((eighth - kurtosis ** 2) / count) + 1e-12,
    );
    // Products of neighbours (both halves of a Box–Muller pair, and rows) have mean 0 and variance 1.
    for (const step of [1, 2, 4, d]) {
      expect(Math.abs(mean((x, k) => x * data[(k + step) % count]))).toBeLessThan(6 * Math.sqrt(1 / count));
    }
  });
});

test('an entry depends on seed, stream, row and column alone: not on n, panels or blocks', async () => {
  const program = await compileRandom(gpu, { entries: 'normal', scaled: false });
  const [n, d] = [300, 7];
  using whole = new Matrix(gpu, 'whole', n, d);
  using panels = new Matrix(gpu, 'panels', n, d, { maxPanelBytes: 128 * 8 * 4 });
  using more = new Matrix(gpu, 'more rows and columns', n + 60, d + 1);
  expect(panels.blocks().length).toBeGreaterThan(1);
  for (const X of [whole, panels, more]) for (const { binding } of X.blocks()) poison(binding);
  await run([
    program(whole.whole(), d, source),
    ...panels.blocks(64).map((block) => program(block, d, source)),
    program(more.whole(), d + 1, source),
  ]);
  const entries = await whole.readAll();
  expect(await panels.readAll()).toEqual(entries);
  const wider = await more.readAll();
  expect(entries.every((x, k) => x === wider[Math.floor(k / d) * (d + 1) + (k % d)])).toBe(true);
});

test('seeds and streams differ, beyond 32 bits of the seed too', () => {
  const first = (seed: number, stream: number): number => random('normal', 1, 1, { seed, stream }).data[0];
  const values = [first(0, 0), first(1, 0), first(2 ** 32, 0), first(0, 1), first(2 ** 53 - 1, 0)];
  expect(new Set(values).size).toBe(values.length);
});
