import { test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import type { LinearFeatures } from '../../src/math/linear-features.ts';
import { compileLinearGradient, linearGradientSlices } from '../../src/programs/linear-gradient.ts';
import { betaLength, compileLinearOutput } from '../../src/programs/linear-output.ts';
import { compileSumSlices, sliceCount, sliceRows } from '../../src/programs/sum-slices.ts';
import { linearGradient } from '../../src/reference/linear-gradient.ts';
import { linearOutput } from '../../src/reference/linear-output.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

const shapes = [
  [1, 1],
  [70, 7],
  [600, 50],
] as const;

/** β (d + 2 entries) in its layout on the device. */
function padBeta(beta: Float64Array, d: number): Float64Array {
  const padded = new Float64Array(betaLength(d));
  padded.set(beta.subarray(0, d));
  padded.set(beta.subarray(d), strideOf(d));
  return padded;
}

const featuresOf = (d: number): LinearFeatures => ({
  d,
  scale: 0.3,
  bias: 0.7,
  normScale: 0.9,
  theta0: 0.1,
  theta1: 0.2,
  theta2: 0.3,
});

test.for(shapes)('Ψβ and its residual, n, d = %s', async ([n, d]) => {
  const random = new Float32Numbers(d);
  const [x, qs, weights, targets] = [
    random.matrix(n, d),
    random.vector(n),
    random.vector(d + 2),
    random.vector(n),
  ];
  using X = upload(x);
  using q = uploadVector(qs);
  using y = uploadVector(targets);
  using beta = uploadVector(padBeta(weights, d));
  using out = poisonedVector(n);
  using e = poisonedVector(n);
  const features = featuresOf(d);
  const program = await compileLinearOutput(gpu);
  await run([program(X.whole(), features, beta, { q, y, u: out, e })]);

  const exact = linearOutput(features, x, qs, weights);
  // d products and sums, a rounded constant and its product, two more sums.
  const bound = linearOutput(features, absolute(x), absolute(qs), absolute(weights)).map(
    (size) => gamma(d + 5) * size,
  );
  expectWithin('u', await out.read(), exact, bound);
  expectWithin(
    'e',
    await e.read(),
    exact.map((value, i) => value - targets[i]),
    bound.map((value, i) => value + u * (Math.abs(exact[i] - targets[i]) + value)),
  );
});

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
