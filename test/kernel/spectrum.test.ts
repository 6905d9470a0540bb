import { describe, expect, test } from 'vitest';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { FeatureKernel } from '../../src/kernel/feature-kernel.ts';
import { LinearCombination } from '../../src/kernel/operator.ts';
import {
  extremeEigenvalues,
  operatorNorm,
  rectangularNorm,
  spectralNorm,
} from '../../src/kernel/spectrum.ts';
import { StoredKernel } from '../../src/kernel/stored-kernel.ts';
import { TangentKernel } from '../../src/kernel/tangent-kernel.ts';
import type { Activation } from '../../src/math/activation-names.ts';
import { type Dense, dense, rowProducts } from '../../src/math/dense.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { featureMatrix, linearFeatures } from '../../src/math/linear-features.ts';
import { forward } from '../../src/reference/forward.ts';
import { tangentKernel } from '../../src/reference/ntk.ts';
import { Float32Numbers, gpu, poisonedVector, upload, uploadVector } from '../gpu-device.ts';
import { RandomNumbers } from '../reference/random-numbers.ts';
import { denseEigenvalues, denseNorm } from './dense-eigenvalues.ts';

const stored = (matrix: Dense, symmetric = true) => StoredKernel.create(gpu, upload(matrix), { symmetric });

/** HΛH with a Householder reflection H: these eigenvalues, no entry special. */
function withSpectrum(eigenvalues: readonly number[], seed = 1): Dense {
  const n = eigenvalues.length;
  const g = new RandomNumbers(seed).normals(n);
  const square = g.reduce((sum, value) => sum + value * value, 0);
  const H = dense(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) H.data[i * n + j] = Number(i === j) - (2 * g[i] * g[j]) / square;
  const A = dense(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) A.data[i * n + j] += H.data[i * n + k] * eigenvalues[k] * H.data[k * n + j];
    }
  }
  return dense(n, n, A.data.map(Math.fround));
}

/** An indefinite spectrum with a dense middle. */
const indefinite = Array.from({ length: 150 }, (_, k) => Math.sin(k) * 2)
  .concat([5, 4.9, -7, -6.5])
  .sort((a, b) => b - a);

test('largest and smallest eigenvalues of an indefinite matrix, with residuals that hold', async () => {
  const A = withSpectrum(indefinite);
  using operator = await stored(A);
  const { largest, smallest, converged } = await extremeEigenvalues(gpu, operator, 2);
  const exact = denseEigenvalues(A);
  expect(converged).toBe(true);
  const pairs = [
    ...largest.map((found, k) => [found, exact[k]] as const),
    ...smallest.map((found, k) => [found, exact.at(-1 - k)!] as const),
  ];
  for (const [{ value, residual, error }, eigenvalue] of pairs) {
    expect(Math.abs(value - eigenvalue) / 7).toBeLessThan(1e-5);
    // The certificate: the products' own rounding is (n + 20)u‖A‖ at most.
    const rounding = 174 * 2 ** -24 * 7;
    expect(Math.abs(value - eigenvalue)).toBeLessThanOrEqual(residual + rounding);
    expect(error).toBeLessThanOrEqual(residual);
    expect(Math.abs(value - eigenvalue)).toBeLessThanOrEqual(error + rounding);
  }
  const norm = await spectralNorm(gpu, operator);
  expect(norm.signed).toBeCloseTo(exact.at(-1)!, 4);
  expect(norm.value).toBe(-norm.signed);
});

test('an isolated end does not hide the other one, which is larger and comes late', async () => {
  // Found within a few steps: 1. Dense down to −1.02, so that its edge comes slowly.
  const spectrum = [1, ...Array.from({ length: 400 }, (_, k) => -1.02 * Math.cos((Math.PI * k) / 1200))];
  using operator = await stored(withSpectrum(spectrum));
  const { signed, error } = await spectralNorm(gpu, operator);
  expect(signed).toBeLessThan(-1);
  expect(Math.abs(signed + 1.02)).toBeLessThanOrEqual(error + 420 * 2 ** -24);
});

test('the eigenvector is given where asked for', async () => {
  const A = withSpectrum(indefinite);
  using operator = await stored(A);
  using vector = poisonedVector(indefinite.length);
  const { signed } = await spectralNorm(gpu, operator, {}, vector);
  const y = await vector.read();
  const n = y.length;
  let square = 0;
  for (let i = 0; i < n; i++) {
    let image = 0;
    for (let j = 0; j < n; j++) image += A.data[i * n + j] * y[j];
    square += (image - signed * y[i]) ** 2;
  }
  expect(Math.sqrt(square)).toBeLessThan(0.02 * 7);
  expect(y.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 4);
});

describe('small, degenerate and zero operators', () => {
  test.for([
    { name: 'one number', spectrum: [-3] },
    { name: 'two', spectrum: [1, -1] },
    { name: 'a multiple of the identity', spectrum: [2, 2, 2, 2, 2] },
    { name: 'rank one', spectrum: [4, 0, 0, 0, 0, 0, 0, 0] },
    { name: 'zero', spectrum: [0, 0, 0] },
  ])('$name', async ({ spectrum }) => {
    using operator = await stored(withSpectrum(spectrum));
    const { value, converged } = await spectralNorm(gpu, operator);
    const exact = Math.max(...spectrum.map(Math.abs));
    expect(converged).toBe(true);
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(1e-5 * exact);
  });
});

test('what has not converged says so, and its residual still holds', async () => {
  const spectrum = Array.from({ length: 300 }, (_, k) => 1 - (k / 300) ** 2 / 10);
  using operator = await stored(withSpectrum(spectrum));
  const { value, error, converged, products } = await spectralNorm(gpu, operator, { maxProducts: 5 });
  expect(converged).toBe(false);
  expect(products).toBe(6);
  expect(value).toBeLessThan(1);
  expect(error).toBeGreaterThan(1e-5);
});

test('what is all rounding is not pursued', async () => {
  const noise = new Float32Numbers(3).vector(64 * 64).map((value) => 1e-7 * value);
  const A = dense(64, 64);
  for (let i = 0; i < 64; i++)
    for (let j = 0; j < 64; j++) A.data[i * 64 + j] = noise[i * 64 + j] + noise[j * 64 + i];
  using operator = await stored(A);
  const { converged, products } = await spectralNorm(gpu, operator, { rounding: 1e-3 });
  expect(converged).toBe(true);
  expect(products).toBeLessThan(20);
});

test('an operator that is not symmetric: its norm by AᵀA; Lanczos refuses it', async () => {
  const A = new Float32Numbers(5).matrix(40, 40);
  using operator = await stored(A, false);
  const { value, converged } = await operatorNorm(gpu, operator);
  const exact = Math.sqrt(denseNorm(rowProducts(A)));
  expect(converged).toBe(true);
  expect(Math.abs(value / exact - 1)).toBeLessThan(1e-5);
  await expect(spectralNorm(gpu, operator)).rejects.toThrow(RangeError);
});

test('the same seed gives the same bits and leaves nothing behind; another seed the same value', async () => {
  const A = withSpectrum(indefinite);
  using operator = await stored(A);
  const live = gpu.liveBuffers;
  const one = await spectralNorm(gpu, operator, { seed: 1 });
  expect(await spectralNorm(gpu, operator, { seed: 1 })).toEqual(one);
  const two = await spectralNorm(gpu, operator, { seed: 2 });
  expect(two.value).not.toBe(one.value);
  expect(Math.abs(two.value / one.value - 1)).toBeLessThan(1e-5);
  expect(gpu.liveBuffers).toBe(live);
});

test('an abort ends it with its reason and leaves nothing behind', async () => {
  using operator = await stored(withSpectrum(indefinite));
  const live = gpu.liveBuffers;
  const reason = new Error('enough');
  await expect(spectralNorm(gpu, operator, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(gpu.liveBuffers).toBe(live);
});

describe('kernels against a float64 dense eigensolver on the same arrays', () => {
  const activations: Activation[] = [{ name: 'erf' }, { name: 'relu' }, { name: 'softplus' }];
  test.for(
    activations.flatMap((activation) =>
      (['first', 'second', 'both'] as const).map((layers) => ({ name: activation.name, activation, layers })),
    ),
  )('‖Θ − K‖, $name, $layers', async ({ activation, layers }) => {
    const [n, d, m] = [180, 20, 64];
    const random = new Float32Numbers(7);
    const x = random.matrix(n, d);
    const start = new RandomNumbers(8).symmetricInitialization(m, d);
    const w = dense(m, d, start.W.data.map(Math.fround));
    const weights = { first: Number(layers !== 'second'), second: Number(layers !== 'first') };
    const rates = { eta1: weights.first, eta2: weights.second };
    const features = linearFeatures(gaussianConstants(activation, 1), d, rates.eta1, rates.eta2);
    using X = upload(x);
    using W = upload(w);
    using v = uploadVector(start.v);
    using stream = new CommandStream(gpu);
    const side = { X, at: { W, v } };
    using theta = await TangentKernel.create(gpu, stream, activation, side, side, weights);
    using K = await FeatureKernel.create(gpu, stream, X, features);
    using difference = await LinearCombination.create(gpu, [
      { coefficient: 1, operator: theta },
      { coefficient: -1, operator: K },
    ]);
    await stream.finish();
    const { value, converged } = await spectralNorm(gpu, difference);

    const exact = tangentKernel({ X: x, v: start.v, ...forward(x, w, activation) }, undefined, rates);
    const linear = rowProducts(featureMatrix(features, x));
    for (const entry of exact.data.keys()) exact.data[entry] -= linear.data[entry];
    expect(converged).toBe(true);
    expect(Math.abs(value / denseNorm(exact) - 1)).toBeLessThan(1e-4);
  });

  test('‖J₁(W, v) − J₁(W̃, v)‖ of parameters that are near', async () => {
    const [n, d, m] = [120, 15, 40];
    const random = new Float32Numbers(9);
    const x = random.matrix(n, d);
    const w = random.matrix(m, d);
    const moved = dense(
      m,
      d,
      w.data.map((value, k) => Math.fround(value + 0.01 * Math.sin(k))),
    );
    const signs = new RandomNumbers(8).symmetricInitialization(m, d).v;
    using X = upload(x);
    using W = upload(w);
    using Wt = upload(moved);
    using v = uploadVector(signs);
    using stream = new CommandStream(gpu);
    const side = { X, at: { W, v }, minus: Wt };
    using gram = await TangentKernel.create(gpu, stream, { name: 'tanh' }, side, side, {
      first: 1,
      second: 0,
    });
    await stream.finish();
    const { value } = await rectangularNorm(gpu, gram);
    const [D, Dt] = [w, moved].map((weights) => forward(x, weights, { name: 'tanh' }).D);
    const difference = dense(
      n,
      m,
      D.data.map((slope, k) => slope - Dt.data[k]),
    );
    const jacobian = { X: x, A: difference, D: difference, v: signs };
    const exact = Math.sqrt(denseNorm(tangentKernel(jacobian, jacobian, { eta1: 1, eta2: 0 })));
    // φ′ is right to some ulp of itself, and the differences are a hundred times smaller.
    expect(Math.abs(value / exact - 1)).toBeLessThan(1e-4);
  });
});
