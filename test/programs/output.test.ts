import { expect, test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import { dense } from '../../src/math/dense.ts';
import { compileForward } from '../../src/programs/forward.ts';
import { outputAdditions } from '../../shaders/output.wgsl.ts';
import { compileOutput, outputLanes } from '../../src/programs/output.ts';
import { tiles } from '../../shaders/parts/tile.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { inPairs } from '../../src/reference/descend-pairs.ts';
import { output } from '../../src/reference/output.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import {
  Float32Numbers,
  gpu,
  poisonedMatrix,
  poisonedVector,
  run,
  upload,
  uploadVector,
} from '../gpu-device.ts';
import { RandomNumbers } from '../reference/random-numbers.ts';
import { everyActivation } from '../activations.ts';

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
  [2, 30_002],
] as const;

test.for(lanes.flatMap((count) => sizes.map((size) => [...size, count] as const)))(
  'output and residual, n, m, lanes = %s',
  async ([n, m, count]) => {
    const random = new Float32Numbers(n);
    const [a, weights, targets] = [random.matrix(n, m), random.vector(m), random.vector(n)];
    using A = upload(a);
    using v = uploadVector(weights);
    using y = uploadVector(targets);
    using f = poisonedVector(n);
    using e = poisonedVector(n);
    const program = await compileOutput(gpu, { lanes: count });
    await run([program(A.whole(), { A: A.whole().binding, v }, { y, f, e })]);

    // Vectors are padded with zeros, which other programs count on.
    for (const vector of [f, e]) {
      const padded = new Float32Array(await gpu.read(vector.buffer, 0, 4 * strideOf(n)));
      expect(padded.subarray(n).every((value) => value === 0)).toBe(true);
    }
    const exact = output(a, weights);
    // A product and the sums that it passes through; the scale's rounding and the product with it.
    const k = 1 + outputAdditions(m, { lanes: count }) + 2;
    const bound = output(absolute(a), absolute(weights)).map((sum) => gamma(k) * sum);
    expectWithin('f', await f.read(), exact, bound);
    expectWithin(
      'e',
      await e.read(),
      exact.map((value, i) => value - targets[i]),
      bound.map((value, i) => value + u * (Math.abs(exact[i] - targets[i]) + value)),
    );
  },
);

const inTowers = sizes.slice(1, 6).flatMap((size) => lanes.map((count) => [...size, count] as const));

test.for(inTowers)('two towers, n, m, lanes = %s: both are summed', async ([n, m, count]) => {
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
  const options = { lanes: count, towers: true };
  const program = await compileOutput(gpu, options);
  const [one, two] = [
    { A: A.whole().binding, v },
    { A: otherA.whole().binding, v: otherV },
  ];
  const scale = 0.3;
  await run([program(A.whole(), one, { y, f, e }, two, scale)]);

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

test.for(inTowers)('two towers that are one, n, m, lanes = %s: f is exactly 0', async ([n, m, count]) => {
  const random = new Float32Numbers(n + 1);
  const [weights, targets] = [random.vector(m), random.vector(n)];
  using A = upload(random.matrix(n, m));
  using v = uploadVector(weights);
  using opposite = uploadVector(weights.map((value) => -value));
  using y = uploadVector(targets);
  using f = poisonedVector(n);
  using e = poisonedVector(n);
  const program = await compileOutput(gpu, { lanes: count, towers: true });
  const features = A.whole().binding;
  const out = { y, f, e };
  const dispatch = program(A.whole(), { A: features, v }, out, { A: features, v: opposite }, 0.3);
  await run([dispatch]);
  expect((await f.read()).every((value) => value === 0)).toBe(true);
  expect([...(await e.read())]).toEqual([...targets.map((value) => -value)]);
});

const starts = everyActivation([0.3]).flatMap((activation) =>
  [30, 32].flatMap((m) => lanes.map((count) => ({ activation, name: activation.name, m, count }))),
);

test.for(starts)(
  'f is exactly 0 at the symmetric initialization, $name, m = $m, $count lanes',
  async ({ activation, m, count }) => {
    const [n, d] = [37, 11];
    const random = new RandomNumbers(5);
    const start = random.symmetricInitialization(m, d);
    using X = upload(random.normalMatrix(n, d));
    using W = upload(inPairs(start.W));
    using v = uploadVector(inPairs(dense(m, 1, start.v)).data);
    using y = uploadVector(new Float64Array(n));
    using A = poisonedMatrix(n, m);
    using f = poisonedVector(n);
    using e = poisonedVector(n);
    const options = { activation, phi: true, slopes: false, pairs: true };
    const forward = await compileForward(gpu, options, tiles['direct-8x8']);
    const program = await compileOutput(gpu, { lanes: count });
    await run([
      forward(X.whole(), W, 1 / Math.sqrt(d), { A: A.whole().binding }),
      program(X.whole(), { A: A.whole().binding, v }, { y, f, e }),
    ]);
    expect((await A.readAll()).some((value) => value !== 0)).toBe(true);
    expect((await f.read()).every((value) => value === 0)).toBe(true);
  },
);

test('a million units keep their digits', async () => {
  const m = 1_000_002;
  const value = Math.fround(0.7);
  const [a, weights] = [dense(1, m, new Float64Array(m).fill(value)), new Float64Array(m).fill(1)];
  using A = upload(a);
  using v = uploadVector(weights);
  using y = uploadVector(new Float64Array(1));
  using f = poisonedVector(1);
  using e = poisonedVector(1);
  const program = await compileOutput(gpu, { lanes: outputLanes(gpu, m) });
  await run([program(A.whole(), { A: A.whole().binding, v }, { y, f, e })]);
  const exact = output(a, weights);
  // One serial sum of as many equal terms is off by 10⁻⁴ and more.
  expectWithin('f', await f.read(), exact, [3e-6 * exact[0]]);
});
