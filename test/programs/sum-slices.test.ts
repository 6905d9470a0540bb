import { test } from 'vitest';
import { compileSumSlices } from '../../src/programs/sum-slices.ts';
import { absolute } from '../../src/math/absolute.ts';
import { sumSlices } from '../../src/reference/sum-slices.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, uploadVector } from '../gpu-device.ts';

test.for([
  [4, 1],
  [12, 5],
  [1028, 9],
] as const)('sums slices and adds to earlier blocks, length, slices = %s', async ([length, count]) => {
  const parts = new Float32Numbers(length).vector(length * count);
  using slices = uploadVector(parts);
  using total = poisonedVector(length);
  const program = await compileSumSlices(gpu);
  const bind = (accumulate: boolean) => program(slices.binding, total.binding, length, count, accumulate);
  const exact = sumSlices(parts, length);
  const size = sumSlices(absolute(parts), length);
  await run([bind(false)]);
  expectWithin(
    'sum',
    await total.read(),
    exact,
    size.map((value) => gamma(count) * value),
  );
  await run([bind(true)]);
  expectWithin(
    'sum of two blocks',
    await total.read(),
    exact.map((value) => 2 * value),
    size.map((value) => gamma(count + 1) * 2 * value),
  );
});
