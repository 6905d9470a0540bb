import { everyActivation } from '../activations.ts';
import { describe, expect, test } from 'vitest';
import { halfError, pairError } from '../../shaders/parts/accuracy.ts';
import { tiles } from '../../shaders/parts/tile.ts';
import { absolute } from '../../src/math/absolute.ts';
import { activationFunctions } from '../../src/math/activations.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { compileForward, outputFloats, outputParts } from '../../src/programs/forward.ts';
import { preactivation } from '../../src/reference/forward.ts';
import { pairDifference } from '../../src/math/pair-difference.ts';
import { dense } from '../../src/math/dense.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Features } from '../features.ts';
import { forwardBounds } from '../forward-bounds.ts';
import {
  Float32Numbers,
  gpu,
  poisonedMatrix,
  poisonedVector,
  run,
  upload,
  uploadVector,
} from '../gpu-device.ts';
import { tilesToTry } from '../tiles.ts';

const activations = everyActivation([0.25, -2]);

/** n, d, m: nothing a multiple of anything, one, and a shape of several workgroups. */
const shapes = [
  [1, 1, 2],
  [7, 5, 6],
  [67, 50, 134],
] as const;

const tilesOfForward = tilesToTry('forward');
/** Every activation with a small tile, and the smallest tiles in either storage. */
const cases = [
  ...activations.map((activation) => ({
    activation,
    tile: tiles['direct-4x4'],
    name: activation.name,
    storage: 'f32' as const,
  })),
  ...tilesOfForward
    .filter(({ smallest }) => smallest)
    .flatMap(({ tile }) =>
      (['f32', 'f16'] as const).map((storage) => ({
        activation: activations[0],
        tile: tiles[tile],
        name: tile,
        storage,
      })),
    ),
];

describe.for(cases)('forward, $name, $storage', ({ activation, tile, storage }) => {
  /** Bounds with what storing adds to them. */
  const rounded = (exact: Float64Array, bounds: Float64Array) =>
    storage === 'f32'
      ? bounds
      : bounds.map((bound, k) => bound + halfError.relative * (Math.abs(exact[k]) + bound) + halfError.floor);

  const shapesHere = storage === 'f32' ? shapes : shapes.slice(-1);

  test.for(shapesHere)('n, d, m = %s: A and B within the bound, padding 0', async ([n, d, m]) => {
    const random = new Float32Numbers(n + d);
    const [x, w, factors] = [random.matrix(n, d), random.matrix(m, d), random.vector(m)];
    using X = upload(x);
    using W = upload(w);
    using v = uploadVector(factors);
    using A = new Features(n, m, storage);
    using B = new Features(n, m, storage);
    const program = await compileForward(gpu, { activation, phi: true, slopes: true, storage }, tile);
    await run([program(X.whole(), W, 1 / Math.sqrt(d), { A: A.binding, B: B.binding }, v)]);

    const bounds = forwardBounds(x, w, activation, (k) => factors[k % m]);
    const [readA, readB] = [await A.read(), await B.read()];
    for (const [name, read] of [['A', readA] as const, ['B', readB] as const]) {
      const { exact, bound } = bounds[name];
      expectWithin(`${name}, ${activation.name}`, read.values, exact, rounded(exact, bound));
    }
    for (const { padding } of [readA, readB]) expect(padding.every((value) => value === 0)).toBe(true);
  });
});

const pairCases = [
  ...activations.flatMap((activation) =>
    shapes.slice(1).map((shape) => ({ activation, shape, name: activation.name, tile: tiles['direct-4x4'] })),
  ),
  ...tilesOfForward.map(({ tile }) => ({
    activation: activations[0],
    shape: shapes[2],
    name: tile,
    tile: tiles[tile],
  })),
];

test.for(pairCases)(
  'pairs of units, $name, n, d, m = $shape: within the bound at every scale of their difference',
  async ({ activation, shape: [n, d, m], tile }) => {
    const random = new Float32Numbers(n + d);
    const x = random.matrix(n, d);
    const w = random.matrix(m, d);
    const factors = random.vector(m);
    // The half-differences of the pairs, from 1 down to 1e-30.
    for (let r = 1; r < m; r += 2) {
      const scale = 10 ** ((-30 * (r - 1)) / m);
      for (let k = 0; k < d; k++) w.data[r * d + k] = Math.fround(scale * w.data[r * d + k]);
    }
    using X = upload(x);
    using W = upload(w);
    using v = uploadVector(factors);
    using A = new Features(n, m, 'f32');
    using B = new Features(n, m, 'f32');
    using outputs = poisonedVector(outputFloats(tile, n, m));
    const options = { activation, phi: true, slopes: true, outputs: true, pairs: true };
    const program = await compileForward(gpu, options, tile);
    const out = { A: A.binding, B: B.binding, outputs: outputs.binding };
    await run([program(X.whole(), W, 1 / Math.sqrt(d), out, v)]);

    const { phi, phiPrime } = activationFunctions(activation);
    const error = pairError(activation);
    const Z = preactivation(x, w);
    const off = preactivation(absolute(x), absolute(w)).data.map((sum) => gamma(d + 2) * sum);
    const exact = { A: dense(n, m), B: dense(n, m) };
    const bound = { A: dense(n, m), B: dense(n, m) };
    for (let k = 0; k < n * m; k += 2) {
      const [mean, half] = Z.data.subarray(k, k + 2);
      const errors = { mean: off[k], half: off[k + 1] };
      const arguments_ = [mean + half, mean - half];
      exact.A.data.set([phi(arguments_[0]) + phi(arguments_[1]), pairDifference(activation, mean, half)], k);
      bound.A.data.set([error.sum(mean, half, errors), error.difference(mean, half, errors)], k);
      const [middle, difference] = [factors[k % m], factors[(k % m) + 1]];
      [middle + difference, middle - difference].forEach((factor, j) => {
        const slope = phiPrime(arguments_[j]);
        const slopeError = error.slope(arguments_[j], errors);
        exact.B.data[k + j] = factor * slope;
        // The factor is rounded, and its product with the slope.
        bound.B.data[k + j] = Math.abs(factor) * (slopeError + 2.1 * u * (Math.abs(slope) + slopeError));
      });
    }
    const [readA, readB] = [await A.read(), await B.read()];
    expectWithin(`A in pairs, ${activation.name}`, readA.values, exact.A.data, bound.A.data);
    expectWithin(`B in pairs, ${activation.name}`, readB.values, exact.B.data, bound.B.data);
    for (const { padding } of [readA, readB]) expect(padding.every((value) => value === 0)).toBe(true);
    expectOutputs(await outputs.read(), readA.values, factors, [n, m], outputParts(tile, m));
  },
);

/** Parts of A v, of the A that was stored: each is a sum of products in float32, whatever its order. */
function expectOutputs(
  parts: Float32Array,
  A: ArrayLike<number>,
  v: Float64Array,
  [n, m]: readonly [number, number],
  count: number,
): void {
  const [exact, bound, sums] = [0, 1, 2].map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < m; r++) {
      exact[i] += A[i * m + r] * v[r];
      bound[i] += gamma(m) * Math.abs(A[i * m + r] * v[r]);
    }
    for (let p = 0; p < count; p++) sums[i] += parts[p * strideOf(n) + i];
  }
  expectWithin('outputs', sums, exact, bound);
}

test.for(tilesOfForward)(
  'outputs alone, of the features that would be stored, $tile',
  async ({ tile: name }) => {
    const tile = tiles[name];
    const [n, d, m] = shapes[2];
    const random = new Float32Numbers(n);
    const factors = random.vector(m);
    using X = upload(random.matrix(n, d));
    using W = upload(random.matrix(m, d));
    using v = uploadVector(factors);
    using A = new Features(n, m, 'f32');
    using outputs = poisonedVector(outputFloats(tile, n, m));
    const of = { activation: activations[0], slopes: false };
    const [features, alone] = [
      await compileForward(gpu, { ...of, phi: true }, tile),
      await compileForward(gpu, { ...of, phi: false, outputs: true }, tile),
    ];
    const scale = 1 / Math.sqrt(d);
    await run([
      features(X.whole(), W, scale, { A: A.binding }),
      alone(X.whole(), W, scale, { outputs: outputs.binding }, v),
    ]);
    const { values } = await A.read();
    expectOutputs(await outputs.read(), values, factors, [n, m], outputParts(tile, m));
  },
);

test('φ′ at exactly 0 is 1 for the piecewise linear activations', async () => {
  using X = upload(new Float32Numbers(1).matrix(3, 4));
  using W = upload({ rows: 2, cols: 4, data: new Float64Array(8) });
  using B = poisonedMatrix(3, 2);
  using v = uploadVector(Float64Array.of(1, -1));
  for (const activation of [{ name: 'relu' }, { name: 'leaky-relu', slope: 0.1 }] as const) {
    const program = await compileForward(gpu, { activation, phi: false, slopes: true }, tiles['direct-8x8']);
    await run([program(X.whole(), W, 0.5, { B: B.whole().binding }, v)]);
    expect([...(await B.readAll())]).toEqual([1, -1, 1, -1, 1, -1]);
  }
});

test('features beyond the largest half are stored as that', async () => {
  const d = 4;
  using X = upload({ rows: 1, cols: d, data: Float64Array.of(1, 0, 0, 0) });
  const data = new Float64Array(4 * d);
  [65504, 65520, -1e30, 0.1].forEach((z, r) => (data[r * d] = z));
  using W = upload({ rows: 4, cols: d, data });
  using A = new Features(1, 4, 'f16');
  const options = { activation: { name: 'identity' }, phi: true, slopes: false, storage: 'f16' } as const;
  const program = await compileForward(gpu, options, tiles['direct-4x4']);
  await run([program(X.whole(), W, 1, { A: A.binding })]);
  const { values } = await A.read();
  const { largest } = halfError;
  expect(values.slice(0, 3)).toEqual([largest, largest, -largest]);
  // 0.1 is no half: rounded, either way.
  expect(values[3]).not.toBe(Math.fround(0.1));
  expect(Math.abs(values[3] - 0.1)).toBeLessThan(0.1 * halfError.relative);
});
