import { test } from 'vitest';
import { Vector } from '../../src/gpu/vector.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { absolute } from '../../src/math/absolute.ts';
import { compileSecondGradient, secondGradientSlices } from '../../src/programs/second-gradient.ts';
import { compileSumSlices, sliceCount, sliceRows } from '../../src/programs/sum-slices.ts';
import { secondGradient } from '../../src/reference/second-gradient.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poison, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

test.for([
  [1, 2],
  [3, 6],
  [600, 270],
] as const)('Aᵀe, n, m = %s', async ([n, m]) => {
  const random = new Float32Numbers(m);
  const [a, residual] = [random.matrix(n, m), random.vector(n)];
  using A = upload(a);
  using e = uploadVector(residual);
  using slices = new Vector(gpu, 'slices', secondGradientSlices(n, m));
  using total = poisonedVector(m);
  poison(slices.binding);
  const program = await compileSecondGradient(gpu);
  const sum = await compileSumSlices(gpu);
  await run([
    program(A.whole(), A.whole().binding, m, e, slices.binding),
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
