import { expect, test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import { compileLinearOutput } from '../../src/programs/linear-output.ts';
import { linearOutput } from '../../src/reference/linear-output.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';
import { featuresOf, padBeta, shapes } from './linear-points.ts';

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
  const program = await compileLinearOutput(gpu, { residual: true });
  await run([program(X.whole(), features, beta, { q, y, u: out, e })]);
  using alone = poisonedVector(n);
  const outputs = await compileLinearOutput(gpu, { residual: false });
  await run([outputs(X.whole(), features, beta, { q, u: alone })]);

  const exact = linearOutput(features, x, qs, weights);
  // d products and sums, a rounded constant and its product, two more sums.
  const bound = linearOutput(features, absolute(x), absolute(qs), absolute(weights)).map(
    (size) => gamma(d + 5) * size,
  );
  expectWithin('u', await out.read(), exact, bound);
  expect(await alone.read()).toEqual(await out.read());
  expectWithin(
    'e',
    await e.read(),
    exact.map((value, i) => value - targets[i]),
    bound.map((value, i) => value + u * (Math.abs(exact[i] - targets[i]) + value)),
  );
});
