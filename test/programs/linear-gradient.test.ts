import { test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import { compileLinearGradient, linearGradientSlices } from '../../src/programs/linear-gradient.ts';
import { betaLength } from '../../src/programs/linear-output.ts';
import { sliceCount, sliceRows } from '../../src/programs/partial-sums.ts';
import { compileSumSlices } from '../../src/programs/sum-slices.ts';
import { linearGradient } from '../../src/reference/linear-gradient.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';
import { featuresOf, padBeta, shapes } from './linear-points.ts';

test.for(shapes)('Ψᵀe, n, d = %s', async ([n, d]) => {
  const random = new Float32Numbers(d + 1);
  const [x, qs, residual] = [random.matrix(n, d), random.vector(n), random.vector(n)];
  using X = upload(x);
  using q = uploadVector(qs);
  using e = uploadVector(residual);
  using slices = poisonedVector(linearGradientSlices(n, d));
  using total = poisonedVector(betaLength(d));
  const features = featuresOf(d);
  const program = await compileLinearGradient(gpu);
  const sum = await compileSumSlices(gpu);
  await run([
    program(X.whole(), features, { q, e }, slices.binding),
    sum(slices.binding, total.binding, betaLength(d), sliceCount(n), false),
  ]);

  const scaled = (gradient: Float64Array, factor: number) =>
    padBeta(
      gradient.map((value) => factor * n * value),
      d,
    );
  const k = 3 + Math.min(n, sliceRows) + sliceCount(n);
  expectWithin(
    'gradient of β',
    await total.read(),
    scaled(linearGradient(features, x, qs, residual), 1),
    scaled(linearGradient(features, absolute(x), absolute(qs), absolute(residual)), gamma(k)),
  );
});
