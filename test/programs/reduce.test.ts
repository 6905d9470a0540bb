import { expect, test } from 'vitest';
import { reduceRun, reduceWorkgroup } from '../../shaders/reduce.wgsl.ts';
import { Reduction } from '../../src/programs/reduce.ts';
import {
  sumOfClippedSquaredDifferences,
  sumOfSquaredDifferences,
  sumOfSquares,
} from '../../src/reference/reduce.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, uploadVector } from '../gpu-device.ts';

test.for([1, 63, 4096, 4097, 70_001])('sums of %s terms', async (length) => {
  const random = new Float32Numbers(length);
  const [left, right] = [random.vector(length), random.vector(length)];
  using a = uploadVector(left);
  using b = uploadVector(right);
  using target = poisonedVector(5);
  const create = (term: Parameters<typeof Reduction.create>[1], second = false) =>
    Reduction.create(gpu, term, length, target.binding, a.binding, second ? b.binding : undefined);
  using squares = await create('square');
  using differences = await create('squared-difference', true);
  using clipped = await create('clipped-difference', true);
  const scale = 0.5 / length;
  await run([...squares.into(1, scale), ...differences.into(2, scale), ...clipped.into(3, scale)]);

  const sums = await target.read();
  const exact = [
    sumOfSquares(left),
    sumOfSquaredDifferences(left, right),
    sumOfClippedSquaredDifferences(left, right),
  ].map((sum) => scale * sum);
  // A difference and a square; a run, its workgroup's tree, the same again for each further level; the scale twice.
  const levels = Math.max(1, Math.ceil(Math.log(length) / Math.log(reduceWorkgroup * reduceRun)));
  const k =
    3 + levels * (Math.min(reduceRun, Math.ceil(length / reduceWorkgroup)) + Math.log2(reduceWorkgroup)) + 2;
  expectWithin(
    'sums',
    sums.subarray(1, 4),
    exact,
    exact.map((value) => gamma(k) * value),
  );
  expect([sums[0], sums[4]], 'other slots are left alone').toEqual([NaN, NaN]);
});

test('a mean over a million terms is right to 2e-6', async () => {
  const length = 1_000_003;
  const values = new Float64Array(length).fill(Math.fround(0.7));
  using a = uploadVector(values);
  using target = poisonedVector(1);
  using reduction = await Reduction.create(gpu, 'square', length, target.binding, a.binding);
  await run(reduction.into(0, 1 / length));
  const exact = Math.fround(0.7) ** 2;
  // A naive float32 sum of as many equal terms is off by percents.
  expectWithin('mean square', await target.read(), [exact], [2e-6 * exact]);
});
