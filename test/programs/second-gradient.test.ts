import { expect, test } from 'vitest';
import { Vector } from '../../src/gpu/vector.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { absolute } from '../../src/math/absolute.ts';
import { dense } from '../../src/math/dense.ts';
import { sliceCount, sliceRows } from '../../src/programs/partial-sums.ts';
import { compileSecondGradient, secondGradientSlices, slicesOf } from '../../src/programs/second-gradient.ts';
import { compileSumSlices } from '../../src/programs/sum-slices.ts';
import { secondGradient } from '../../src/reference/second-gradient.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Features, exactly } from '../features.ts';
import { Float32Numbers, gpu, poison, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

test.for([
  [1, 2, 'f32'],
  [3, 6, 'f32'],
  [600, 270, 'f32'],
  [600, 270, 'f16'],
] as const)('Aᵀe, n, m = %s, %s, %s', async ([n, m, storage]) => {
  const random = new Float32Numbers(m);
  const [a, residual] = [exactly(random.matrix(n, m), storage), random.vector(n)];
  using A = Features.of(a, storage);
  using e = uploadVector(residual);
  using slices = new Vector(gpu, 'slices', secondGradientSlices(n, m));
  using total = poisonedVector(m);
  poison(slices.binding);
  const program = await compileSecondGradient(gpu, storage);
  const sum = await compileSumSlices(gpu);
  const block = { binding: A.binding, firstRow: 0, rows: n };
  await run([
    program(block, A.binding, m, e, slicesOf(block, slices.binding)),
    sum(slices.binding, total.binding, strideOf(m), sliceCount(n), false),
  ]);

  const scale = n * Math.sqrt(m); // the program leaves 1/(n√m) to descend
  const k = 1 + Math.min(n, sliceRows) + sliceCount(n);
  expectWithin(
    'gradient of v',
    await total.read(),
    secondGradient(a, residual).map((value) => scale * value),
    secondGradient(absolute(a), absolute(residual)).map((value) => scale * gamma(k) * value),
  );
});

test('Aᵀe for the first units alone', async () => {
  const [n, m, used] = [600, 270, 35];
  const random = new Float32Numbers(used);
  const [a, residual] = [random.matrix(n, m), random.vector(n)];
  using A = upload(a);
  using e = uploadVector(residual);
  using slices = new Vector(gpu, 'slices', secondGradientSlices(n, used));
  // What comes behind them in the vec4 of the last is theirs too; beyond that nothing is written.
  using total = poisonedVector(m);
  poison(slices.binding);
  const [program, sum] = await Promise.all([compileSecondGradient(gpu), compileSumSlices(gpu)]);
  const [block] = A.blocks();
  await run([
    program(block, block.binding, used, e, slicesOf(block, slices.binding), A.stride),
    sum(slices.binding, total.binding, strideOf(used), sliceCount(n), false),
  ]);
  const whole = strideOf(used);
  const first = dense(
    n,
    whole,
    Float64Array.from({ length: n * whole }, (_, k) => a.data[Math.floor(k / whole) * m + (k % whole)]),
  );
  const scale = n * Math.sqrt(whole);
  const sums = await total.read();
  const k = 1 + sliceRows + sliceCount(n);
  expectWithin(
    'gradient of v',
    sums.subarray(0, whole),
    secondGradient(first, residual).map((value) => scale * value),
    secondGradient(absolute(first), absolute(residual)).map((value) => scale * gamma(k) * value),
  );
  expect(sums.subarray(whole).every(Number.isNaN)).toBe(true);
});
