import { test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import { preactivation } from '../../src/reference/forward.ts';
import { compileForward } from '../../src/programs/forward.ts';
import { compileTangent } from '../../src/programs/tangent.ts';
import { tangent } from '../../src/reference/tangent.ts';
import { expectWithin, gamma } from '../bounds.ts';
import {
  Float32Numbers,
  gpu,
  poisonedMatrix,
  poisonedVector,
  run,
  upload,
  uploadVector,
} from '../gpu-device.ts';

test.for([
  [1, 1, 2],
  [9, 5, 6],
  [67, 21, 34],
] as const)('J₁ vec Δ + J₂ δ, n, d, m = %s', async ([n, d, m]) => {
  const random = new Float32Numbers(n);
  const x = random.matrix(n, d);
  const [a, slopes] = [random.matrix(n, m), random.matrix(n, m)];
  const moveW = random.matrix(m, d);
  const [weights, moveV] = [random.vector(m), random.vector(m)];
  using X = upload(x);
  using A = upload(a);
  using D = upload(slopes);
  using Delta = upload(moveW);
  using S = poisonedMatrix(n, m);
  using v = uploadVector(weights);
  using delta = uploadVector(moveV);
  using y = uploadVector(new Float64Array(n));
  using out = poisonedVector(n);
  using e = poisonedVector(n);
  const product = await compileForward(gpu, {
    activation: { name: 'identity' },
    phi: true,
    phiPrime: false,
  });
  const program = await compileTangent(gpu);
  const [blockA, blockD, blockS] = [A, D, S].map((matrix) => matrix.whole().binding);
  await run([
    product(X.whole(), Delta, 1 / Math.sqrt(d), { A: blockS }),
    program(X.whole(), { A: blockA, D: blockD, S: blockS }, v, delta, { y, u: out, e }),
  ]);

  const exact = tangent({ X: x, A: a, D: slopes, v: weights }, moveW, moveV);
  const size = tangent(
    { X: absolute(x), A: absolute(a), D: absolute(slopes), v: absolute(weights) },
    absolute(moveW),
    absolute(moveV),
  );
  // S: d + 2 roundings; then two products, 2m sums, the scale and its product.
  expectWithin(
    'u',
    await out.read(),
    exact,
    size.map((value) => gamma(d + 2 + 2 + 2 * m + 2) * value),
  );
  expectWithin(
    'S',
    await S.readAll(),
    preactivation(x, moveW).data,
    preactivation(absolute(x), absolute(moveW)).data.map((value) => gamma(d + 2) * value),
  );
});
