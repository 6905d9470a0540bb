import { expect, test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import { compileRowExtremes } from '../../src/programs/row-extremes.ts';
import { rowExtremes } from '../../src/reference/row-extremes.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload } from '../gpu-device.ts';

test.for([
  [1, 1, 1],
  [2, 1, 1],
  [7, 3, 1],
  [70, 5, 1],
  [303, 21, 3],
] as const)('over panels of 128 rows, n, d, panels = %s', async ([n, d, panels]) => {
  const x = new Float32Numbers(n + d).matrix(n, d);
  using X = upload(x, { maxPanelBytes: Math.ceil(d / 4) * 16 * 128 });
  using largest = poisonedVector(n);
  const program = await compileRowExtremes(gpu);
  const blocks = X.blocks();
  expect(blocks.length).toBe(panels);
  await run(
    blocks.flatMap((rows) => blocks.map((cols, index) => program(rows, cols, d, largest, index > 0))),
  );

  // Two maxima differ by no more than what they are taken of: d products and sums, the rounded 1/d and its product.
  const bound = rowExtremes(absolute(x)).map((size) => gamma(d + 2) * size);
  expectWithin('largest', await largest.read(), rowExtremes(x), bound);
});

test('the own norm does not count, however large', async () => {
  const x = { rows: 3, cols: 2, data: Float64Array.of(100, 0, 0, 3, 1, -2) };
  using X = upload(x);
  using largest = poisonedVector(3);
  const program = await compileRowExtremes(gpu);
  await run([program(X.whole(), X.whole(), 2, largest, false)]);
  expect([...(await largest.read())]).toEqual([50, 3, 50]);
});
