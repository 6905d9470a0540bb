import { describe, expect, test } from 'vitest';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { FeatureKernel } from '../../src/kernel/feature-kernel.ts';
import { LinearCombination, NotFiniteError } from '../../src/spectral/operator.ts';
import {
  extremeEigenvalues,
  operatorNorm,
  rectangularNorm,
  spectralNorm,
} from '../../src/spectral/spectrum.ts';
import { StoredKernel } from '../../src/spectral/stored-kernel.ts';
import { TangentKernel } from '../../src/jacobian/tangent-kernel.ts';
import type { Activation } from '../../src/math/activation-names.ts';
import { type Dense, dense, rowProducts } from '../../src/math/dense.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { featureMatrix, linearFeatures } from '../../src/math/linear-features.ts';
import { TwoLayerJacobian } from '../../src/network/two-layer-jacobian.ts';
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
    // That of being the one of this index, which no residual tells: it includes rounding.
    expect(Math.abs(value - eigenvalue)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-2 * 7);
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

const diagonal = (entries: readonly number[]): Dense => {
  const A = dense(entries.length, entries.length);
  entries.forEach((entry, i) => (A.data[i * entries.length + i] = Math.fround(entry)));
  return A;
};

describe('the stated error is that of being the largest', () => {
  test('three eigenvalues that are near, over many', async () => {
    const entries = [1, 0.999, 0.998, ...Array.from({ length: 497 }, (_, i) => 0.9 - (0.8 * i) / 500)];
    using operator = await stored(diagonal(entries));
    for (const seed of [1, 2, 3]) {
      const { value, error, residual, risk } = await spectralNorm(gpu, operator, { seed });
      expect(1 - value).toBeLessThanOrEqual(error);
      expect(value - 1).toBeLessThanOrEqual(8 * 2 ** -24);
      expect(risk).toBe(2.5e-4);
      // One of the three is this near: the residual says no more than that.
      const nearest = Math.min(...entries.slice(0, 3).map((entry) => Math.abs(entry - value)));
      expect(nearest).toBeLessThanOrEqual(residual + 8 * 2 ** -24);
    }
  });

  test('one eigenvalue over the identity, at a coarse tolerance', async () => {
    const n = 1024;
    using operator = await stored(diagonal([2, ...Array.from({ length: n - 1 }, () => 1)]));
    const { value, error, converged } = await spectralNorm(gpu, operator, { tolerance: 0.2 });
    expect(Math.abs(value - 2)).toBeLessThanOrEqual(error);
    expect({ converged, near: Math.abs(value - 2) < 1e-5 }).toEqual({ converged: true, near: true });
  });

  test.for([20, 160])('each eigenvalue of a cycle’s Laplacian as often as it is there, n = %d', async (n) => {
    const A = dense(n, n);
    for (let i = 0; i < n; i++) {
      A.data[i * n + i] = 1;
      A.data[i * n + ((i + 1) % n)] = A.data[((i + 1) % n) * n + i] = -0.5;
    }
    using operator = await stored(A);
    const live = gpu.liveBuffers;
    const { largest, smallest, converged } = await extremeEigenvalues(gpu, operator, 5, {
      ends: ['largest'],
    });
    expect(gpu.liveBuffers).toBe(live);
    expect(smallest).toEqual([]);
    expect(converged).toBe(true);
    // 2, then each of 1 − cos(2πk/n) twice.
    const exact = [0, 1, 1, 2, 2].map((k) => 1 + Math.cos((2 * Math.PI * k) / n));
    for (const [k, { value, error }] of largest.entries()) {
      expect(Math.abs(value - exact[k])).toBeLessThanOrEqual(error);
      if (n === 20) expect(Math.abs(value - exact[k])).toBeLessThan(1e-6);
    }
  });

  test('equal eigenvalues among others, relative to each', async () => {
    const entries = [100, 1, 1, 1, 0.5, ...Array.from({ length: 195 }, (_, i) => 0.3 / (i + 1))];
    using operator = await stored(withSpectrum(entries));
    const { largest, converged } = await extremeEigenvalues(gpu, operator, 5, {
      ends: ['largest'],
      relativeTo: 'each',
      tolerance: 2e-2,
      accuracy: 1e-3,
    });
    expect(converged).toBe(true);
    for (const [k, { value, error }] of largest.entries()) {
      expect(Math.abs(value - entries[k])).toBeLessThanOrEqual(error);
      expect(error).toBeLessThan(0.05 * entries[k]);
    }
  });
});

describe('operators of any scale', () => {
  const decay = Array.from({ length: 60 }, (_, i) => 0.8 ** i);

  test.for([1e-37, 1e-20, 1, 1e20, 1e37])('%d', async (scale) => {
    const entries = decay.map((value) => Math.fround(scale * value));
    using operator = await stored(diagonal(entries));
    const { value, error, converged } = await spectralNorm(gpu, operator);
    expect(converged).toBe(true);
    expect(Math.abs(value - entries[0])).toBeLessThanOrEqual(error);
    // What a device may flush to 0 is more than all there is at 1e-37; the values are right all the same.
    const underflow = 60 * 2 ** -126;
    expect(error).toBeLessThan(1e-2 * entries[0] + 2 * underflow);
    expect(Math.abs(value / entries[0] - 1)).toBeLessThan(1e-5);
    const { largest } = await extremeEigenvalues(gpu, operator, 2);
    for (const [k, found] of largest.entries()) {
      expect(Math.abs(found.value - entries[k])).toBeLessThanOrEqual(found.error);
      expect(found.error).toBeLessThan(1e-5 * entries[0] + 2 * underflow);
    }
  });

  test.for([1e-30, 1e-10, 1e10, 1e30])('an operator that is not symmetric, %d', async (scale) => {
    const A = new Float32Numbers(5).matrix(40, 40);
    const exact = scale * Math.sqrt(denseNorm(rowProducts(A)));
    for (const entry of A.data.keys()) A.data[entry] *= scale;
    using operator = await stored(A, false);
    const { value, error } = await operatorNorm(gpu, operator);
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-2 * exact);
  });

  test('what is below float32 is 0, with an error that includes it', async () => {
    using operator = await stored(diagonal(decay.map((value) => 1e-40 * value)));
    const { value, error } = await spectralNorm(gpu, operator);
    expect(Math.abs(value - 1e-40)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-35);
  });

  test('a kernel of small inputs without its matrix', async () => {
    const [n, d, m] = [80, 8, 32];
    const x = new Float32Numbers(7).matrix(n, d);
    const small = dense(
      n,
      d,
      x.data.map((entry) => Math.fround(1e-10 * entry)),
    );
    const start = new RandomNumbers(8).symmetricInitialization(m, d);
    const w = dense(m, d, start.W.data.map(Math.fround));
    using X = upload(small);
    using W = upload(w);
    using v = uploadVector(start.v);
    using stream = new CommandStream(gpu);
    const rows = new TwoLayerJacobian(X, { activation: { name: 'erf' }, W, v });
    using theta = await TangentKernel.create(gpu, stream, { rows, weights: [1, 0] });
    await stream.finish();
    const exact = denseNorm(
      tangentKernel({ X: small, v: start.v, ...forward(small, w, { name: 'erf' }) }, undefined, [1, 0]),
    );
    const { value, error } = await spectralNorm(gpu, theta);
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(error + 1e-5 * exact);
    expect(error).toBeLessThan(2e-2 * exact);
  });
});

test('what makes no sense is refused, what is undefined is the default', async () => {
  const A = withSpectrum(indefinite);
  using operator = await stored(A);
  const given = await spectralNorm(gpu, operator, { tolerance: undefined, seed: undefined, risk: undefined });
  expect(given).toEqual(await spectralNorm(gpu, operator));
  const live = gpu.liveBuffers;
  for (const count of [1.5, 0, -1, NaN]) {
    await expect(extremeEigenvalues(gpu, operator, count)).rejects.toThrow(RangeError);
  }
  for (const options of [{ tolerance: NaN }, { tolerance: -1 }, { risk: 0 }, { maxProducts: 2.5 }]) {
    await expect(spectralNorm(gpu, operator, options)).rejects.toThrow(RangeError);
  }
  A.data[17] = A.data[17 * A.cols] = NaN;
  using broken = await stored(A);
  const held = gpu.liveBuffers - live;
  await expect(spectralNorm(gpu, broken)).rejects.toThrow(NotFiniteError);
  await expect(extremeEigenvalues(gpu, broken, 2)).rejects.toThrow(NotFiniteError);
  await expect(operatorNorm(gpu, broken)).rejects.toThrow(/NaN/);
  expect(gpu.liveBuffers).toBe(live + held);
  using wide = upload(dense(3, 4));
  await expect(StoredKernel.create(gpu, wide, { symmetric: true })).rejects.toThrow(/3 × 4/);
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
    const weights = [Number(layers !== 'second'), Number(layers !== 'first')];
    const features = linearFeatures(gaussianConstants(activation, 1), d, weights);
    using X = upload(x);
    using W = upload(w);
    using v = uploadVector(start.v);
    using stream = new CommandStream(gpu);
    const rows = new TwoLayerJacobian(X, { activation, W, v });
    using theta = await TangentKernel.create(gpu, stream, { rows, weights });
    using K = await FeatureKernel.create(gpu, stream, X, features);
    using difference = await LinearCombination.create(gpu, [
      { coefficient: 1, operator: theta },
      { coefficient: -1, operator: K },
    ]);
    await stream.finish();
    const { value, converged } = await spectralNorm(gpu, difference);

    const exact = tangentKernel({ X: x, v: start.v, ...forward(x, w, activation) }, undefined, weights);
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
    const rows = new TwoLayerJacobian(X, { activation: { name: 'tanh' }, W, v }, Wt);
    using gram = await TangentKernel.create(gpu, stream, { rows, weights: [1, 0] });
    await stream.finish();
    const { value } = await rectangularNorm(gpu, gram);
    const [D, Dt] = [w, moved].map((weights) => forward(x, weights, { name: 'tanh' }).D);
    const difference = dense(
      n,
      m,
      D.data.map((slope, k) => slope - Dt.data[k]),
    );
    const jacobian = { X: x, A: difference, D: difference, v: signs };
    const exact = Math.sqrt(denseNorm(tangentKernel(jacobian, jacobian, [1, 0])));
    // φ′ is right to some ulp of itself, and the differences are a hundred times smaller.
    expect(Math.abs(value / exact - 1)).toBeLessThan(1e-4);
  });
});
