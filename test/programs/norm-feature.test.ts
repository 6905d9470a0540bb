import { test } from 'vitest';
import { compileNormFeature } from '../../src/programs/norm-feature.ts';
import { normFeature } from '../../src/reference/norm-feature.ts';
import { expectWithin } from '../bounds.ts';
import { normFeatureBound } from '../norm-feature-bound.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload } from '../gpu-device.ts';

test.for([
  [1, 1],
  [70, 7],
  [65, 50],
] as const)('q(x), n, d = %s', async ([n, d]) => {
  const x = new Float32Numbers(d).matrix(n, d);
  using X = upload(x);
  using q = poisonedVector(n);
  const features = { d, scale: 1, bias: 1, normScale: 1, theta0: 0.4, theta1: -0.3, theta2: 0.2 };
  const program = await compileNormFeature(gpu);
  await run([program(X.whole(), features, q)]);

  expectWithin('q', await q.read(), normFeature(x, features), normFeatureBound(x, features));
});
