import { expect, test } from 'vitest';
import { tiles } from '../../shaders/parts/tile.ts';
import { sumOutputsAdditions } from '../../shaders/sum-outputs.wgsl.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { dense } from '../../src/math/dense.ts';
import { compileForward, outputFloats, outputParts } from '../../src/programs/forward.ts';
import { compileSumOutputs, sumOutputsLanes } from '../../src/programs/sum-outputs.ts';
import { inPairs } from '../../src/reference/descend-pairs.ts';
import { everyActivation } from '../activations.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';
import { RandomNumbers } from '../reference/random-numbers.ts';

test.for([
  [1, 1],
  [65, 4],
  [130, 33],
  // Several blocks of blocks, by one invocation and by many.
  [3, 5000],
  [1, 20_000],
] as const)('outputs and residuals, rows, parts = %s', async ([n, parts]) => {
  const random = new Float32Numbers(n);
  const made = random.vector(parts * strideOf(n));
  const targets = random.vector(n);
  using outputs = uploadVector(made);
  using y = uploadVector(targets);
  using f = poisonedVector(n);
  using e = poisonedVector(n);
  const scale = 0.3;
  const program = await compileSumOutputs(gpu, parts);
  const block = { binding: outputs.binding, firstRow: 0, rows: n };
  await run([program(block, outputs.binding, { y, f, e }, scale)]);

  // Vectors are padded with zeros, which other programs count on.
  for (const vector of [f, e]) {
    const padded = new Float32Array(await gpu.read(vector.buffer, 0, 4 * strideOf(n)));
    expect(padded.subarray(n).every((value) => value === 0)).toBe(true);
  }
  const sumOf = (of: (value: number) => number) =>
    Float64Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let p = 0; p < parts; p++) sum += scale * of(made[p * strideOf(n) + i]);
      return sum;
    });
  const exact = sumOf((value) => value);
  const additions = sumOutputsAdditions(parts, { lanes: sumOutputsLanes(parts) });
  // The sums that a part passes through; the scale's rounding and the product with it.
  const bound = sumOf(Math.abs).map((sum) => gamma(additions + 2) * sum);
  expectWithin('f', await f.read(), exact, bound);
  expectWithin(
    'e',
    await e.read(),
    exact.map((value, i) => value - targets[i]),
    bound.map((value, i) => value + u * (Math.abs(exact[i] - targets[i]) + value)),
  );
});

/** Every activation as invocations add up, and one as they meet in workgroup memory. */
const starts = everyActivation([0.3]).flatMap((activation, k) => [
  { activation, name: activation.name, m: k % 2 === 0 ? 30 : 32, tile: 'direct-4x4' as const },
  ...(k === 0 ? [{ activation, name: activation.name, m: 30, tile: 'workgroup-8x4' as const }] : []),
]);

test.for(starts)(
  'f is exactly 0 at the symmetric initialization, $name, m = $m, $tile',
  async ({ activation, m, tile: name }) => {
    const [n, d] = [37, 11];
    const tile = tiles[name];
    const random = new RandomNumbers(5);
    const start = random.symmetricInitialization(m, d);
    using X = upload(random.normalMatrix(n, d));
    using W = upload(inPairs(start.W));
    using v = uploadVector(inPairs(dense(m, 1, start.v)).data);
    using y = uploadVector(new Float64Array(n));
    using outputs = poisonedVector(outputFloats(tile, n, m));
    using A = poisonedVector(n * strideOf(m));
    using f = poisonedVector(n);
    using e = poisonedVector(n);
    const options = { activation, phi: true, slopes: false, outputs: true, pairs: true };
    const forward = await compileForward(gpu, options, tile);
    const program = await compileSumOutputs(gpu, outputParts(tile, m));
    await run([
      forward(X.whole(), W, 1 / Math.sqrt(d), { A: A.binding, outputs: outputs.binding }, v),
      program(X.whole(), outputs.binding, { y, f, e }, 1 / Math.sqrt(m)),
    ]);
    expect((await A.read()).some((value) => value !== 0)).toBe(true);
    expect((await f.read()).every((value) => value === 0)).toBe(true);
  },
);

test.for([
  ['direct-8x8', 1_000_002],
  // Which takes a processor long.
  ['workgroup-8x4', 8194],
] as const)('very many units keep their digits, %s, m = %s', async ([name, m]) => {
  const tile = tiles[name];
  const value = Math.fround(0.7);
  using X = upload(dense(1, 1, Float64Array.of(1)));
  using W = upload(dense(m, 1, new Float64Array(m).fill(value)));
  using v = uploadVector(new Float64Array(m).fill(1));
  using y = uploadVector(new Float64Array(1));
  using outputs = poisonedVector(outputFloats(tile, 1, m));
  using f = poisonedVector(1);
  using e = poisonedVector(1);
  const options = { activation: { name: 'identity' }, phi: false, slopes: false, outputs: true } as const;
  const forward = await compileForward(gpu, options, tile);
  const program = await compileSumOutputs(gpu, outputParts(tile, m));
  await run([
    forward(X.whole(), W, 1, { outputs: outputs.binding }, v),
    program(X.whole(), outputs.binding, { y, f, e }, 1 / Math.sqrt(m)),
  ]);
  const exact = value * Math.sqrt(m);
  // One serial sum of as many equal terms is off by more, of a million by 10⁻⁴ and more.
  expectWithin('f of very many units', await f.read(), [exact], [(m > 1e5 ? 3e-6 : 1e-6) * exact]);
});
