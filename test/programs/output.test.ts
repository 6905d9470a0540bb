import { expect, test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import { outputAdditions } from '../../shaders/output.wgsl.ts';
import { compileOutput } from '../../src/programs/output.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { output } from '../../src/reference/output.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

/** Processors' and GPUs'. */
const lanes = [1, 32];
const sizes = [
  [1, 2],
  [65, 6],
  [130, 34],
  [65, 24],
  [3, 264],
  // Several blocks of blocks.
  [2, 32_768],
] as const;

const cases = sizes.flatMap((size) => lanes.map((count) => [...size, count] as const));

test.for(cases)('two towers, n, m, lanes = %s: both are summed', async ([n, m, count]) => {
  const random = new Float32Numbers(n);
  const [a, weights, targets] = [random.matrix(n, m), random.vector(m), random.vector(n)];
  const other = { A: random.matrix(n, m), v: random.vector(m) };
  using A = upload(a);
  using v = uploadVector(weights);
  using otherA = upload(other.A);
  using otherV = uploadVector(other.v);
  using y = uploadVector(targets);
  using f = poisonedVector(n);
  using e = poisonedVector(n);
  const options = { lanes: count };
  const program = await compileOutput(gpu, options);
  const [one, two] = [
    { A: A.whole().binding, v },
    { A: otherA.whole().binding, v: otherV },
  ];
  const scale = 0.3;
  await run([program(A.whole(), [one, two], { y, f, e }, scale)]);

  const exact = output(a, weights, other).map((value) => value * scale * Math.sqrt(m));
  const sizeOfOther = { A: absolute(other.A), v: absolute(other.v) };
  const k = 1 + outputAdditions(m, options) + 2;
  const bound = output(absolute(a), absolute(weights), sizeOfOther).map(
    (sum) => gamma(k) * sum * scale * Math.sqrt(m),
  );
  expectWithin('f of two towers', await f.read(), exact, bound);
  expectWithin(
    'e of two towers',
    await e.read(),
    exact.map((value, i) => value - targets[i]),
    bound.map((value, i) => value + u * (Math.abs(exact[i] - targets[i]) + value)),
  );
  for (const vector of [f, e]) {
    const padded = new Float32Array(await gpu.read(vector.buffer, 0, 4 * strideOf(n)));
    expect(padded.subarray(n).every((value) => value === 0)).toBe(true);
  }
});

test.for(cases)('two towers that are one, n, m, lanes = %s: f is exactly 0', async ([n, m, count]) => {
  const random = new Float32Numbers(n + 1);
  const [weights, targets] = [random.vector(m), random.vector(n)];
  using A = upload(random.matrix(n, m));
  using v = uploadVector(weights);
  using opposite = uploadVector(weights.map((value) => -value));
  using y = uploadVector(targets);
  using f = poisonedVector(n);
  using e = poisonedVector(n);
  const program = await compileOutput(gpu, { lanes: count });
  const features = A.whole().binding;
  const out = { y, f, e };
  const towers = [
    { A: features, v },
    { A: features, v: opposite },
  ] as const;
  await run([program(A.whole(), towers, out, 0.3)]);
  expect((await f.read()).every((value) => value === 0)).toBe(true);
  expect([...(await e.read())]).toEqual([...targets.map((value) => -value)]);
});
