import { describe, expect, test } from 'vitest';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { ExpectedKernel, denseExpectedKernel } from '../../src/kernel/expected-kernel.ts';
import { FeatureKernel, inputFeatures } from '../../src/kernel/feature-kernel.ts';
import { GramOperator, LinearCombination, type LinearOperator } from '../../src/spectral/operator.ts';
import { spectralNorm } from '../../src/spectral/spectrum.ts';
import { StoredKernel } from '../../src/spectral/stored-kernel.ts';
import { TangentKernel } from '../../src/jacobian/tangent-kernel.ts';
import { type Dense, dense, rowProducts } from '../../src/math/dense.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { featureMatrix, linearFeatures } from '../../src/math/linear-features.ts';
import { expectedKernel } from '../../src/reference/expected-kernel.ts';
import { TwoLayerJacobian } from '../../src/network/two-layer-jacobian.ts';
import { forward } from '../../src/reference/forward.ts';
import { matrixVector } from '../../src/reference/matrix-vector.ts';
import { tangentKernel } from '../../src/reference/ntk.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

// Panels of 320 rows, so that 700 points take several blocks.
const [n, d, m] = [700, 7, 10];
const panels = { maxPanelBytes: 320 * 8 * 4 };
const activation = { name: 'tanh' } as const;

const random = new Float32Numbers(1);
const points = random.matrix(n, d);
const at = () => ({ W: random.matrix(m, d), v: random.vector(m) });
const [here, there] = [at(), at()];
const [u, other] = [random.vector(n), random.vector(n)];

function transpose({ rows, cols, data }: Dense): Dense {
  const flipped = dense(cols, rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) flipped.data[j * rows + i] = data[i * cols + j];
  return flipped;
}

/** Both products of an operator against a stored float64 matrix, relative to the largest entry of the result. */
async function expectProducts(operator: LinearOperator, exact: Dense): Promise<void> {
  for (const [vector, matrix, product] of [
    [u, exact, operator.product.bind(operator)],
    [other, transpose(exact), operator.transposedProduct.bind(operator)],
  ] as const) {
    using input = uploadVector(vector);
    using out = poisonedVector(n);
    await run(product(input, out));
    const wanted = matrixVector(matrix, vector);
    const largest = Math.max(...wanted.map(Math.abs));
    const actual = await out.read();
    const error = Math.max(...wanted.map((value, i) => Math.abs(actual[i] - value)));
    // A few hundred roundings of terms of like size: far below 2e-5; a missed block or factor is of order 1.
    expect(error / largest).toBeLessThan(2e-5);
  }
}

const side = (point: { W: Dense; v: Float64Array }) => ({
  X: points,
  v: point.v,
  ...forward(points, point.W, activation),
});

/** Bytes of one matrix of hidden layer of 256 points. */
const block = 256 * strideOf(m) * 4;

describe.for([
  { blocks: 'several blocks made anew', memory: { blockRows: 256, held: 0 } },
  { blocks: 'some blocks of several held', memory: { blockRows: 256, held: 2 * block } },
  {
    blocks: 'all blocks but one held, which keeps the room to pass',
    memory: { blockRows: 256, held: 8 * block },
  },
  { blocks: 'several blocks held', memory: { blockRows: 256 } },
  { blocks: 'blocks of panels', memory: {} },
])('products without the matrix, $blocks', ({ memory }) => {
  test.for([
    { name: 'Θ₁', first: 1, second: 0 },
    { name: 'Θ₂', first: 0, second: 1 },
    { name: 'η₁Θ₁ + η₂Θ₂', first: 0.7, second: 1.3 },
  ])('$name, at one point and between two', async ({ first, second }) => {
    using X = upload(points, panels);
    using W = upload(here.W);
    using v = uploadVector(here.v);
    using Wt = upload(there.W);
    using vt = uploadVector(there.v);
    using stream = new CommandStream(gpu);
    const weights = [first, second];
    const rates = [first, second];
    const one = new TwoLayerJacobian(X, { activation, W, v });
    const two = new TwoLayerJacobian(X, { activation, W: Wt, v: vt });
    using same = await TangentKernel.create(gpu, stream, { rows: one, weights }, memory);
    using pair = await TangentKernel.create(gpu, stream, { rows: one, cols: two, weights }, memory);
    await stream.finish();
    expect(same.symmetric).toBe(true);
    expect(pair.symmetric).toBe(false);
    await expectProducts(same, tangentKernel(side(here), side(here), rates));
    await expectProducts(pair, tangentKernel(side(here), side(there), rates));
  });

  test('the Gram operator of J₁(W, v) − J₁(W̃, v)', async () => {
    using X = upload(points, panels);
    using W = upload(here.W);
    using Wt = upload(there.W);
    using v = uploadVector(here.v);
    using stream = new CommandStream(gpu);
    const moved = new TwoLayerJacobian(X, { activation, W, v }, Wt);
    using gram = await TangentKernel.create(gpu, stream, { rows: moved, weights: [1, 0] }, memory);
    await stream.finish();
    const [D, Dt] = [here.W, there.W].map((weights) => forward(points, weights, activation).D);
    const difference = dense(
      n,
      m,
      D.data.map((value, k) => value - Dt.data[k]),
    );
    const jacobian = { X: points, A: difference, D: difference, v: here.v };
    await expectProducts(gram, tangentKernel(jacobian, jacobian, [1, 0]));
  });
});

test('K = ΨΨᵀ and XXᵀ, their difference, and its square', async () => {
  using X = upload(points, panels);
  using stream = new CommandStream(gpu);
  const features = linearFeatures(gaussianConstants({ name: 'relu' }, 1.2), d, [1, 1]);
  using K = await FeatureKernel.create(gpu, stream, X, features);
  using inputs = await FeatureKernel.create(gpu, stream, X, inputFeatures(d));
  await stream.finish();
  const [exact, gram] = [rowProducts(featureMatrix(features, points)), rowProducts(points)];
  await expectProducts(K, exact);
  await expectProducts(inputs, gram);

  const difference = dense(
    n,
    n,
    exact.data.map((value, k) => -2 * value + 0.1 * gram.data[k]),
  );
  using sum = await LinearCombination.create(gpu, [
    { coefficient: -2, operator: K },
    { coefficient: 0.1, operator: inputs },
  ]);
  await expectProducts(sum, difference);
  using square = new GramOperator(gpu, sum);
  await expectProducts(square, rowProducts(difference));
});

test.for(['erf', 'relu', 'gelu'] as const)(
  'the expected kernel of %s by products and stored, in panels and blocks',
  async (name) => {
    const size = 300;
    const some = dense(size, d, points.data.slice(0, size * d));
    using X = upload(some, { maxPanelBytes: 64 * 8 * 4 });
    using stream = new CommandStream(gpu);
    const weights = { first: 0.7, second: 1.3 };
    using kernel = await ExpectedKernel.create(gpu, stream, { name }, X, weights);
    const made = await denseExpectedKernel(gpu, { name }, X, weights);
    using stored = await StoredKernel.create(gpu, made.kernel, { symmetric: true });
    await stream.finish();
    expect(X.blocks().length).toBe(5);
    // Closed forms leave nothing out; a series says how much.
    expect(made.truncation > 0).toBe(name === 'gelu');
    expect(kernel.uncertainty).toBe(made.truncation);
    expect(made.truncation).toBeLessThan(1e-3);

    using input = uploadVector(u.slice(0, size));
    using one = poisonedVector(size);
    using two = poisonedVector(size);
    await run(kernel.product(input, one));
    await run(stored.product(input, two));
    // Entries by the same formulas, a few rows of them against the float64 twin; then sums in another order.
    const rows = dense(2, d, some.data.slice(255 * d, 257 * d));
    const exact = expectedKernel({ name }, rows, some, weights, false);
    const entries = (await made.kernel.readAll()).subarray(255 * size, 257 * size);
    for (let k = 0; k < 2 * size; k++) {
      const diagonal = k === 255 || k === size + 256;
      expect(Math.abs(entries[k] - exact.data[k])).toBeLessThan(diagonal ? 1e-3 : 1e-4);
    }
    const [sums, products] = [await one.read(), await two.read()];
    const largest = Math.max(...products.map(Math.abs));
    expect(Math.max(...sums.map((value, i) => Math.abs(value - products[i]))) / largest).toBeLessThan(2e-5);
  },
);

test('a stored kernel, symmetric or not, in panels', async () => {
  const M = random.matrix(n, n);
  const stored = { maxPanelBytes: 320 * 700 * 4 };
  using general = await StoredKernel.create(gpu, upload(M, stored), { symmetric: false });
  await expectProducts(general, M);
  using symmetric = await StoredKernel.create(gpu, upload(rowProducts(points), stored), { symmetric: true });
  await expectProducts(symmetric, rowProducts(points));
});

test('operators of different sizes have no sum', async () => {
  using one = await StoredKernel.create(gpu, upload(dense(3, 3)), { symmetric: true });
  using two = await StoredKernel.create(gpu, upload(dense(4, 4)), { symmetric: true });
  await expect(
    LinearCombination.create(
      gpu,
      [one, two].map((operator) => ({ coefficient: 1, operator })),
    ),
  ).rejects.toThrow('sizes 3, 4');
});

test('operators free what they took', async () => {
  const live = gpu.liveBuffers;
  {
    using X = upload(points, panels);
    using W = upload(here.W);
    using v = uploadVector(here.v);
    using stream = new CommandStream(gpu);
    const rows = new TwoLayerJacobian(X, { activation, W, v });
    using kernel = await TangentKernel.create(gpu, stream, { rows, weights: [1, 1] });
    using K = await FeatureKernel.create(gpu, stream, X, inputFeatures(d));
    using sum = await LinearCombination.create(gpu, [
      { coefficient: 1, operator: kernel },
      { coefficient: -1, operator: K },
    ]);
    using square = new GramOperator(gpu, sum);
    expect(square.size).toBe(n);
    await stream.finish();
  }
  expect(gpu.liveBuffers).toBe(live);
});

/** Every buffer that is made while `work` runs, in bytes; but timers', of which there are as many as submissions in flight. */
async function allocations(work: () => Promise<void>): Promise<number[]> {
  const sizes: number[] = [];
  const create = gpu.createBuffer.bind(gpu);
  gpu.createBuffer = (label, size, usage) => {
    if (label !== 'timestamps') sizes.push(size);
    return create(label, size, usage);
  };
  try {
    await work();
  } finally {
    gpu.createBuffer = create;
  }
  return sizes;
}

test('the norm of a kernel without its matrix allocates nothing that grows like n²', async () => {
  const sizesAt = (size: number) =>
    allocations(async () => {
      using X = upload(new Float32Numbers(size).matrix(size, d));
      using W = upload(here.W);
      using v = uploadVector(here.v);
      using stream = new CommandStream(gpu);
      const rows = new TwoLayerJacobian(X, { activation, W, v });
      using kernel = await TangentKernel.create(gpu, stream, { rows, weights: [1, 0] });
      using K = await FeatureKernel.create(gpu, stream, X, inputFeatures(d));
      using sum = await LinearCombination.create(gpu, [
        { coefficient: 1, operator: kernel },
        { coefficient: -1, operator: K },
      ]);
      await spectralNorm(gpu, sum, { maxProducts: 20 });
    });
  const [small, large] = [await sizesAt(1000), await sizesAt(2000)];
  // The same buffers, none of them more than twice as large (reductions have a first level that is: n/4096 floats).
  expect(large.length).toBe(small.length);
  large.forEach((size, k) => expect(size).toBeLessThanOrEqual(2 * small[k] + 256));
  // Far from n² floats.
  expect(Math.max(...large)).toBeLessThan((4 * 2000 ** 2) / 10);
});
