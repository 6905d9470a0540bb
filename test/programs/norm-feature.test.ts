import { test } from 'vitest';
import { compileNormFeature } from '../../src/programs/norm-feature.ts';
import { normFeature } from '../../src/reference/norm-feature.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
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

  const { theta0, theta1, theta2 } = features;
  const bound = Float64Array.from({ length: n }, (_, i) => {
    let a = 0;
    for (let k = 0; k < d; k++) a += x.data[i * d + k] ** 2 / d;
    const s = Math.sqrt(a) - 1;
    // a: d products and sums, the rounded 1/d and its product. Then ds = da/(2√a); √ is right to 9u (2 ulp of
    // inverseSqrt and a division), and the difference, sum and division of (a − 1)/(√a + 1) add 7u.
    const ds = (gamma(d + 2) * a) / (2 * Math.sqrt(a)) + 16 * u * Math.abs(s) + (u * a) / (1 + Math.sqrt(a));
    const size = Math.abs(theta0) + Math.abs(theta1 * s) + theta2 * s * s;
    return (Math.abs(theta1) + 2 * theta2 * (Math.abs(s) + ds)) * ds + 5 * u * size;
  });
  expectWithin('q', await q.read(), normFeature(x, features), bound);
});
