import { expect, test } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { columnVariances, spectrumMoment } from '../../src/data/covariance.ts';
import type { StoredArray } from '../../src/data/stored-array.ts';
import {
  estimateSpectrumMoment,
  preparedSample,
  standardization,
  standardized,
} from '../../src/data/standardize.ts';
import { random } from '../../src/math/random.ts';
import { u } from '../bounds.ts';

const source = { seed: 5, stream: 0 };

const arrayOf = (data: Float64Array<ArrayBuffer>, d: number): StoredArray => ({
  shape: [data.length / d, d],
  unit: 1,
  rows: (first, count) => data.slice(first * d, (first + count) * d),
});

test('mean 0 and Tr Σ̂ = d on the training set; the same shift and scale on the test set', () => {
  const [n, d] = [400, 7];
  // Means far from 0 compared with the spread, as raw pixels or dates have.
  const raw = random('normal', n, d, source).data.map((x, k) => 1000 * (k % d) + (0.5 + (k % d)) * x);
  const [train, test] = [raw.slice(0, 300 * d), raw.slice(300 * d)];
  const map = standardization(arrayOf(train, d), 'X.npy');
  const result = { train: standardized(train, map), test: standardized(test, map) };

  const mean = Float64Array.from({ length: d }, (_, j) =>
    train.reduce((sum, x, k) => sum + (k % d === j ? x / 300 : 0), 0),
  );
  const variance = train.reduce((sum, x, k) => sum + (x - mean[k % d]) ** 2 / 300, 0);
  const scale = Math.sqrt(d / variance);
  // One rounding to float32, and float64's error of the sums: far below it.
  for (const [values, from] of [
    [result.train, train],
    [result.test, test],
  ] as const) {
    values.forEach((value, k) => {
      const exact = (from[k] - mean[k % d]) * scale;
      expect(Math.abs(value - exact)).toBeLessThanOrEqual(1.001 * u * Math.abs(exact) + 1e-9);
    });
  }
  const trace = result.train.reduce((sum, x) => sum + x * x, 0) / 300;
  expect(Math.abs(trace - d)).toBeLessThanOrEqual(3 * u * d);
});

test('over several chunks the same as in one, and no sample where all fit', () => {
  const [n, d] = [300_000, 7];
  const data = Float64Array.from({ length: n * d }, (_, k) => ((k * 2654435761) % 1000) - 400);
  const mean = Float64Array.from({ length: d }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += data[i * d + j]; // exact: integers
    return sum / n;
  });
  const map = standardization(arrayOf(data, d), 'X.npy');
  map.mean.forEach((value, j) => expect(Math.abs(value - mean[j])).toBeLessThan(1e-12));
  const [sample, all] = [
    preparedSample(arrayOf(data, d), d, (entries) => standardized(entries, map)),
    standardized(data, map),
  ];
  expect([sample.length, sample.findIndex((value, k) => value !== all[k])]).toEqual([n * d, -1]);
});

test.for([1e-170, 1e-300, 1e150])('data of size %s', (size) => {
  const data = Float64Array.of(1, 2, 3, 4, 8, 0).map((x) => x * size);
  const { scale } = standardization(arrayOf(data, 2), 'X.npy');
  // Columns 1, 3, 8 and 2, 4, 0: mean squares 26/3 and 8/3 about the means 4 and 2.
  expect(scale * size).toBeCloseTo(Math.sqrt(2 / (26 / 3 + 8 / 3)), 12);
});

test.for([
  [
    'rows that are all the same',
    new Float64Array(3000).map((_, k) => [0.1, 1e5 / 3, -7][k % 3]),
    '1000 rows of X.npy',
  ],
  [
    'values below what float64 divides by',
    Float64Array.of(1e-310, 0, 0, 0, -2e-310, 0),
    '-2e-310, at index [1, 1]',
  ],
  ['one row', Float64Array.of(1, 2, 3), 'at least two rows'],
  ['values whose squares overflow', Float64Array.of(1e200, 0, 0, 0, -2e200, 0), 'overflows'],
  ['the same', Float64Array.of(1e200, 0, 0, 0, -2e200, 0), 'X.npy is so large'],
  ['the same', Float64Array.of(1e200, 0, 0, 0, -2e200, 0), '-2e+200 at index [1, 1]'],
] as const)('%s: an error that says so', ([, train, what]) => {
  expect(() => standardization(arrayOf(train, 3), 'X.npy')).toThrow(DataError);
  expect(() => standardization(arrayOf(train, 3), 'X.npy')).toThrow(what);
});

/** The definition: the mean over pairs i ≠ j of ⟨x_i, x_j⟩²/d. */
function overPairs(X: Float64Array, d: number): number {
  const n = X.length / d;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      let inner = 0;
      for (let k = 0; k < d; k++) inner += X[i * d + k] * X[j * d + k];
      sum += inner ** 2;
    }
  }
  return sum / (n * (n - 1) * d);
}

test.for([
  [2, 5],
  [9, 9],
  [40, 6],
  [6, 40],
] as const)(
  'the estimate of Tr[Σ²]/d is the mean over pairs, less what centring puts there, n, d = %s',
  ([n, d]) => {
    const X = random('normal', n, d, source).data.map(Math.fround);
    const exact = Math.max(0, overPairs(X, d) - d / (n - 1) ** 2);
    // Float64: fewer than 10⁵ roundings, of terms no larger than ‖XᵀX‖_F² ≤ (Σ‖x‖²)².
    const size = X.reduce((sum, x) => sum + x * x, 0) ** 2 / (n * (n - 1) * d);
    expect(Math.abs(estimateSpectrumMoment(Float32Array.from(X), d) - exact)).toBeLessThan(
      1e5 * 2 ** -53 * size,
    );
  },
);

/** Centred, and of Tr Σ̂ = d. */
function centredAndScaled(X: Float64Array, d: number): Float64Array {
  const n = X.length / d;
  const mean = Float64Array.from({ length: d }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += X[i * d + k];
    return sum / n;
  });
  const centred = X.map((x, k) => x - mean[k % d]);
  const scale = Math.sqrt(X.length / centred.reduce((sum, x) => sum + x * x, 0));
  return centred.map((x) => scale * x);
}

test('is right where there are far fewer points than inputs: 50 × 3072 white ones', () => {
  const [n, d] = [50, 3072];
  const X = centredAndScaled(random('normal', n, d, source).data, d);
  // 2.28 before what centring does was subtracted; it spreads by √(2/(n(n − 1)))·2 and more, at d ≫ n by about d/n · √(2/d).
  expect(Math.abs(estimateSpectrumMoment(Float32Array.from(X), d) - 1)).toBeLessThan(0.15);
});

test('one row: ‖x‖⁴/d', () => {
  expect(estimateSpectrumMoment(Float32Array.of(1, 2), 2)).toBe(12.5);
});

test.for([Infinity, 5e5])('the estimate is unbiased, 6 sigmas, within a budget of %s', (budget) => {
  const [n, d, repeats] = [150, 60, 40];
  const distribution = { distribution: 'gaussian', d, spectrum: { kind: 'power-law', exponent: 1 } } as const;
  const scales = columnVariances(distribution).map(Math.sqrt);
  const estimates = Array.from({ length: repeats }, (_, seed) => {
    const X = random('normal', n, d, { seed, stream: 0 }).data.map((x, k) => x * scales[k % d]);
    return estimateSpectrumMoment(Float32Array.from(centredAndScaled(X, d)), d, n, budget);
  });
  const mean = estimates.reduce((sum, value) => sum + value, 0) / repeats;
  const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (repeats - 1);
  const exact = spectrumMoment(distribution);
  expect(Math.abs(mean - exact)).toBeLessThan(6 * Math.sqrt(variance / repeats));
  // The plug-in estimate would be off by (d − 1)/n and more: the test tells them apart.
  expect(6 * Math.sqrt(variance / repeats)).toBeLessThan(d / n + exact);
});
