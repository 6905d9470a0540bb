import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { averaged, imageShape } from '../../src/data/images.ts';
import { InputFacts, type Preparing, preparation, preparedSize } from '../../src/data/prepare-images.ts';
import { standardization } from '../../src/data/standardize.ts';
import type { StoredArray } from '../../src/data/stored-array.ts';
import { principalDirections, whitening } from '../../src/data/whitening.ts';
import { random } from '../../src/math/random.ts';
import { u } from '../bounds.ts';

const arrayOf = (shape: readonly number[], data: Float64Array, unit: 1 | 255 = 1): StoredArray => {
  const size = shape.slice(1).reduce((product, length) => product * length, 1);
  return { shape, unit, rows: (first, count) => data.slice(first * size, (first + count) * size) };
};

const [n, nTest, d] = [60, 20, 6];
/** Pixels as images have them: of mean not 0, neighbours alike, one direction much larger than others. */
const pixels = (rows: number, stream: number): Float64Array => {
  const g = random('normal', rows, d, { seed: 3, stream }).data;
  return g.map((value, k) => 4 + value + 3 * g[k - (k % d)] * ((k % d) + 1) + 0.01 * (k % d));
};
const train = arrayOf([n, d], pixels(n, 0));
const testRows = pixels(nTest, 1);

function prepared(preparing: Preparing): { X: Float32Array; Xtest: Float32Array; d: number } {
  const made = preparation(train, preparing, 'X');
  return {
    X: made.prepare(train.rows(0, n), 0, 'X'),
    Xtest: made.prepare(testRows, 0, 'Xt'),
    d: made.d,
  };
}

const means = (X: ArrayLike<number>, cols: number): number[] =>
  Array.from({ length: cols }, (_, j) => {
    let sum = 0;
    for (let k = j; k < X.length; k += cols) sum += X[k];
    return (sum * cols) / X.length;
  });

/** XᵀX/n */
function covariance(X: ArrayLike<number>, cols: number): Matrix {
  const rows = X.length / cols;
  const S = Matrix.zeros(cols, cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      for (let k = 0; k < cols; k++) {
        S.set(j, k, S.get(j, k) + (X[i * cols + j] * X[i * cols + k]) / rows);
      }
    }
  }
  return S;
}

/** The largest entry of |A − B|. */
const apart = (A: Matrix, B: Matrix): number => Matrix.sub(A, B).abs().max();

/** Of what float32 keeps of d numbers of size up to 10 and products of two of them. */
const close = 200 * d * u;

describe('statistics come from the training set alone', () => {
  test('centred: mean 0, Tr Σ̂ = d, one scale for all', () => {
    const { X, Xtest } = prepared({ kind: 'centred' });
    for (const mean of means(X, d)) expect(Math.abs(mean)).toBeLessThan(close);
    expect(Math.abs(covariance(X, d).trace() - d)).toBeLessThan(d * close);
    const mean = means(train.rows(0, n), d);
    const ratio = X[1] / (train.rows(0, 1)[1] - mean[1]);
    Xtest.forEach((value, k) => {
      expect(Math.abs(value - (testRows[k] - mean[k % d]) * ratio)).toBeLessThan(close);
    });
    // Test rows alone would have another mean.
    expect(Math.abs(means(Xtest, d)[5])).toBeGreaterThan(0.01);
  });

  test('sphere: centred before, then ‖x‖ = √d for every row, of test rows by their own norms', () => {
    const [sphere, centred] = [prepared({ kind: 'sphere' }), prepared({ kind: 'centred' })];
    for (const [of, from] of [
      [sphere.X, centred.X],
      [sphere.Xtest, centred.Xtest],
    ]) {
      for (let start = 0; start < of.length; start += d) {
        const [x, c] = [of.slice(start, start + d), from.slice(start, start + d)];
        const norm = (row: Float32Array) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
        expect(Math.abs(norm(x) ** 2 / d - 1)).toBeLessThan(close);
        x.forEach((value, j) =>
          expect(Math.abs(value - (c[j] * Math.sqrt(d)) / norm(c))).toBeLessThan(close),
        );
      }
    }
  });

  test('raw: one scale and no mean', () => {
    const { X, Xtest } = prepared({ kind: 'raw' });
    const raw = train.rows(0, n);
    const scale = Math.sqrt((n * d) / raw.reduce((sum, value) => sum + value * value, 0));
    X.forEach((value, k) => expect(Math.abs(value - raw[k] * scale)).toBeLessThan(close));
    Xtest.forEach((value, k) => expect(Math.abs(value - testRows[k] * scale)).toBeLessThan(close));
    expect(Math.abs(covariance(X, d).trace() - d)).toBeLessThan(d * close);
  });

  test.for([1, 3, 6])('whitened: the first %s principal directions, each of variance 1', (components) => {
    const white = prepared({ kind: 'whitened', components, onto: 'principal' });
    expect(white.d).toBe(components);
    // Whitening divides by standard deviations down to a tenth of the mean's: as much more is left of roundings.
    expect(apart(covariance(white.X, components), Matrix.eye(components))).toBeLessThan(20 * close);
    // They are the directions of most variance: no other direction of the centred inputs correlates with none of them.
    const centred = prepared({ kind: 'centred' }).X;
    const { realEigenvalues } = new EigenvalueDecomposition(covariance(centred, d), {
      assumeSymmetric: true,
    });
    const largest = realEigenvalues.sort((a, b) => b - a).slice(0, components);
    let explained = 0;
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < components; k++) {
        let product = 0;
        for (let i = 0; i < n; i++) product += (centred[i * d + j] * white.X[i * components + k]) / n;
        explained += product ** 2;
      }
    }
    const sum = largest.reduce((total, value) => total + value, 0);
    expect(Math.abs(explained / sum - 1)).toBeLessThan(20 * close);
    expect(white.Xtest.length).toBe(nTest * components);
  });

  test('ZCA: pixels stay pixels, of all whitenings the nearest to the identity', () => {
    const white = prepared({ kind: 'whitened', components: d, onto: 'pixels' });
    expect(white.d).toBe(d);
    expect(apart(covariance(white.X, d), Matrix.eye(d))).toBeLessThan(20 * close);
    // Σ^{−1/2} is the one that is symmetric and of positive eigenvalues.
    const map = preparation(train, { kind: 'centred' }, 'X');
    const A = whitening(principalDirections(train, map, 'X'), d, 'pixels');
    const W = new Matrix(Array.from({ length: d }, (_, j) => [...A.slice(j * d, (j + 1) * d)]));
    expect(apart(W, W.transpose())).toBeLessThan(1e-10);
    expect(Math.min(...new EigenvalueDecomposition(W).realEigenvalues)).toBeGreaterThan(0);
    const some = prepared({ kind: 'whitened', components: 2, onto: 'pixels' });
    expect(Math.abs(covariance(some.X, d).trace() - d)).toBeLessThan(20 * d * close);
  });
});

test('more directions than there is variance in are refused with their number; unasked, all are taken', () => {
  const data = pixels(n, 0).map((value, k, all) => (k % d === 5 ? all[k - 5] + all[k - 4] : value));
  const flat = arrayOf([n, d], data);
  expect(() => preparation(flat, { kind: 'whitened', components: 6, onto: 'principal' }, 'X.npy')).toThrow(
    new DataError(
      'data.components is 6, but the 60 training rows of X.npy, of 6 inputs, vary in 5 directions only; take at most 5.',
    ),
  );
  const made = preparation(flat, { kind: 'whitened', components: undefined, onto: 'principal' }, 'X.npy');
  expect([made.d, made.whitened]).toEqual([5, { components: 5, rank: 5 }]);
  const few = arrayOf([3, d], pixels(3, 0));
  expect(preparation(few, { kind: 'whitened', components: undefined, onto: 'pixels' }, 'X').whitened).toEqual(
    {
      components: 2,
      rank: 2,
    },
  );
  expect(preparedSize(784, { kind: 'whitened', components: undefined, onto: 'principal' })).toBe(100);
  expect(preparedSize(784, { kind: 'whitened', components: 50, onto: 'pixels' })).toBe(784);
});

test('what cannot be prepared is refused, with file and row', () => {
  const zeros = arrayOf([3, 2], new Float64Array(6));
  expect(() => preparation(zeros, { kind: 'raw' }, 'X.npy')).toThrow(/X\.npy .*largest entry is 0/);
  const cross = arrayOf([3, 2], Float64Array.of(1, 0, -1, 0, 0, 0));
  const made = preparation(cross, { kind: 'sphere' }, 'X.npy');
  expect(() => made.prepare(Float64Array.of(5, 0, 0, 0), 7, 'Xt.npy')).toThrow(
    /^Row 8 of Xt\.npy is the mean of the training rows/,
  );
  const sized = (rows: number, cols: number): StoredArray =>
    arrayOf(
      [rows, cols],
      new Float64Array(rows * cols).map((_, k) => k % 7),
    );
  const whitened: Preparing = { kind: 'whitened', components: 1, onto: 'pixels' };
  expect(() => preparation(sized(1100, 1025), whitened, 'X')).toThrow(
    /1100 rows of 1025 inputs; .* at most 1024 inputs, or of as many rows.*data\.average.*at most 1024 rows \(data\.n\)/,
  );
  expect(() => preparation(sized(2, 5000), whitened, 'X')).toThrow(
    /5000 inputs; .* at most 4096.*data\.average/,
  );
});

describe('principal directions of fewer rows than inputs', () => {
  const [few, wide] = [40, 60];
  const data = random('normal', few, wide, { seed: 4, stream: 0 }).data.map(
    (value, k) => 3 + value / (1 + (k % wide)),
  );
  const rows = arrayOf([few, wide], Float64Array.from(data));

  test('are those of the covariance, which has the same for rows that come twice', () => {
    const twice = arrayOf([2 * few, wide], Float64Array.from([...data, ...data]));
    const [gram, dense] = [rows, twice].map((array) =>
      principalDirections(array, standardization(array, 'X'), 'X'),
    );
    // One less than there are rows, since their mean is subtracted.
    expect([gram.rank, dense.rank]).toEqual([few - 1, few - 1]);
    for (let k = 0; k < gram.rank; k++) {
      expect(Math.abs(gram.variances[k] / dense.variances[k] - 1)).toBeLessThan(1e-6);
      let product = 0;
      for (let j = 0; j < wide; j++)
        product += gram.directions[k * wide + j] * dense.directions[k * wide + j];
      expect(Math.abs(Math.abs(product) - 1)).toBeLessThan(1e-6);
    }
    const maps = [gram, dense].map((directions) => whitening(directions, 20, 'pixels'));
    maps[0].forEach((entry, k) => expect(Math.abs(entry - maps[1][k])).toBeLessThan(1e-6));
  });

  test('colour images of 32 × 32: variance 1 along each of the components', () => {
    const [count, components] = [24, 10];
    const image = random('normal', count, 3072, { seed: 5, stream: 0 }).data;
    const made = preparation(
      arrayOf([count, 3072], Float64Array.from(image)),
      { kind: 'whitened', components, onto: 'principal' },
      'X',
    );
    expect([made.d, made.whitened]).toEqual([components, { components, rank: count - 1 }]);
    const X = made.prepare(Float64Array.from(image), 0, 'X');
    for (let a = 0; a < components; a++) {
      for (let b = 0; b < components; b++) {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += X[i * components + a] * X[i * components + b];
        expect(Math.abs(sum / count - Number(a === b))).toBeLessThan(1e-5);
      }
    }
  });
});

test('facts of inputs are those of their definitions, over all pairs', () => {
  const { X } = prepared({ kind: 'raw' });
  const facts = new InputFacts(d);
  facts.add(X.subarray(0, 10 * d));
  facts.add(X.subarray(10 * d));
  const row = (i: number) => X.subarray(i * d, (i + 1) * d);
  const inner = (i: number, j: number) => row(i).reduce((sum, value, k) => sum + value * row(j)[k], 0) / d;
  let pairs = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) pairs += inner(i, j) / (n * (n - 1));
  expect(facts.meanInnerProduct).toBeCloseTo(pairs, 10);
  const squares = Array.from({ length: n }, (_, i) => inner(i, i));
  const mean = squares.reduce((sum, value) => sum + value, 0) / n;
  const variance = squares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  expect(facts.normSpread).toBeCloseTo(Math.sqrt(variance), 10);
});

describe('images', () => {
  // Two images of 4 × 2 pixels and 2 channels, each number its place.
  const data = Float64Array.from({ length: 32 }, (_, k) => k);
  const images = arrayOf([2, 4, 2, 2], data, 255);

  test('are averaged block by block, channel by channel, in units of a byte', () => {
    const half = averaged(images, [4, 2, 2], 2, 'X');
    // Image 0, rows 0 and 1: channel 0 has 0, 2, 4, 6; channel 1 has 1, 3, 5, 7.
    const expected = [3, 4, 11, 12, 19, 20, 27, 28].map((value) => value / 255);
    expect(half.shape).toEqual([2, 4]);
    [...half.rows(0, 2)].forEach((value, k) => expect(value).toBeCloseTo(expected[k], 14));
    [...half.rows(1, 1)].forEach((value, k) => expect(value).toBeCloseTo(expected[4 + k], 14));
    expect(
      [...averaged(images, [4, 2, 2], 1, 'X').rows(0, 2)].map((value) => Math.round(value * 255)),
    ).toEqual([...data]);
    const vectors = averaged(arrayOf([4, 8], data), null, 1, 'X');
    expect([vectors.shape, [...vectors.rows(1, 1)]]).toEqual([
      [4, 8],
      [8, 9, 10, 11, 12, 13, 14, 15],
    ]);
  });

  test('have the shape that their file tells, or the user', () => {
    expect(imageShape(images, undefined, 'X')).toEqual([4, 2, 2]);
    expect(imageShape(arrayOf([2, 4, 4], data), undefined, 'X')).toEqual([4, 4, 1]);
    expect(imageShape(arrayOf([2, 16], data), [4, 4], 'X')).toEqual([4, 4, 1]);
    expect(imageShape(arrayOf([2, 16], data), undefined, 'X')).toBeNull();
  });

  test.for<[what: string, run: () => unknown, words: RegExp]>([
    [
      'a side that does not divide',
      () => averaged(images, [4, 2, 2], 4, 'X.npy'),
      /data\.average is 4, which does not divide the 4 × 2 pixels of the images in X\.npy/,
    ],
    [
      'averaging what is no image',
      () => averaged(arrayOf([2, 16], data), null, 2, 'X.npy'),
      /data\.average is 2, but the rows of X\.npy, shape \(2, 16\), are no images; .*data\.shape/,
    ],
    [
      'a shape of other numbers',
      () => imageShape(arrayOf([2, 16], data), [5, 3], 'X.npy'),
      /data\.shape is \[5, 3\], which is 15 numbers, but a row of X\.npy has 16/,
    ],
    [
      'a shape that the file contradicts',
      () => imageShape(images, [2, 4, 2], 'X.npy'),
      /data\.shape is \[2, 4, 2\], but X\.npy has images of shape \(4, 2, 2\)/,
    ],
    [
      'channels first',
      () => imageShape(arrayOf([1, 3, 2, 5], data), undefined, 'X.npy'),
      /np\.moveaxis\(X, 1, -1\)/,
    ],
  ])('%s is refused', ([, run, words]) => {
    expect(run).toThrow(DataError);
    expect(run).toThrow(words);
  });
});
