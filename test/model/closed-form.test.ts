import { SVD, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { ClosedForm, type FeatureMoments, featureMoments } from '../../src/model/closed-form.ts';
import { type LinearFeatures, featureMatrix, linearFeatures } from '../../src/math/linear-features.ts';
import { type Dense, dense } from '../../src/math/dense.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { linearGradient } from '../../src/reference/linear-gradient.ts';
import { linearOutput } from '../../src/reference/linear-output.ts';
import { normFeature } from '../../src/reference/norm-feature.ts';
import { residual } from '../../src/reference/output.ts';
import { sumOfSquaredDifferences, sumOfSquares } from '../../src/reference/reduce.ts';
import { RandomNumbers } from '../reference/random-numbers.ts';

const u = 2 ** -53;
const norm = (a: Float64Array): number => Math.sqrt(sumOfSquares(a));
const distance = (a: Float64Array, b: Float64Array): number => Math.sqrt(sumOfSquaredDifferences(a, b));

/** softplus: every one of ζ, ν, ϑ₀, ϑ₁, ϑ₂ differs from 0. */
const constants = gaussianConstants({ name: 'softplus' }, 1.7);

describe('linearFeatures', () => {
  const d = 5;
  const X = new RandomNumbers(1).normalMatrix(7, d);
  const { zeta, nu, theta0, theta1, theta2 } = constants;

  /** K₁ and K₂ as THEORY.md, section 4 writes them. */
  function kernels(i: number, j: number): { first: number; second: number } {
    let product = 0;
    let squares = [0, 0];
    for (let k = 0; k < d; k++) {
      product += X.data[i * d + k] * X.data[j * d + k];
      squares = [squares[0] + X.data[i * d + k] ** 2, squares[1] + X.data[j * d + k] ** 2];
    }
    const [q, qt] = squares.map((square) => {
      const s = Math.sqrt(square) / Math.sqrt(d) - 1;
      return theta0 + theta1 * s + theta2 * s ** 2;
    });
    return {
      first: (zeta ** 2 * product + nu ** 2) / d,
      second: (zeta ** 2 * product) / d + nu ** 2 / (2 * d) + q * qt,
    };
  }

  test.for([
    [5, 0],
    [0, 3],
    [2, 2],
    [0.25, 4],
    [7, 0.5],
  ] as const)('η₁ = %d, η₂ = %d: η times the kernel is η₁K₁ + η₂K₂', ([eta1, eta2]) => {
    const Psi = featureMatrix(linearFeatures(constants, d, [eta1, eta2]), X);
    const eta = Math.max(eta1, eta2);
    for (let i = 0; i < X.rows; i++) {
      for (let j = 0; j < X.rows; j++) {
        let K = 0;
        let size = 0;
        for (let k = 0; k < d + 2; k++) {
          const term = Psi.data[i * (d + 2) + k] * Psi.data[j * (d + 2) + k];
          K += term;
          size += Math.abs(term);
        }
        const { first, second } = kernels(i, j);
        // d + 2 products, each of a few dozen roundings on the way from the constants.
        expect(Math.abs(eta * K - (eta1 * first + eta2 * second))).toBeLessThanOrEqual(
          (d + 2 + 40) * u * eta * size,
        );
      }
    }
  });

  test('the first layer alone has no norm feature: the last column is 0', () => {
    const Psi = featureMatrix(linearFeatures(constants, d, [5, 0]), X);
    for (let i = 0; i < X.rows; i++) expect(Psi.data[i * (d + 2) + d + 1]).toBe(0);
  });

  test('rates that train nothing are refused', () => {
    expect(() => linearFeatures(constants, d, [0, 0])).toThrow(/η₁ = 0 and η₂ = 0/);
    expect(() => linearFeatures(constants, d, [-1, 2])).toThrow(/η₁ = -1/);
    expect(() => linearFeatures(constants, d, [NaN, 2])).toThrow(/η₁ = NaN/);
  });
});

/** Gradient descent by the reference programs, one step at a time. */
function* descend(
  features: LinearFeatures,
  X: Dense,
  y: Float64Array,
  eta: number,
): Generator<{ beta: Float64Array; loss: number }> {
  const q = normFeature(X, features);
  let beta = new Float64Array(features.d + 2);
  for (;;) {
    const e = residual(linearOutput(features, X, q, beta), y);
    yield { beta, loss: sumOfSquares(e) / (2 * y.length) };
    const gradient = linearGradient(features, X, q, e);
    beta = Float64Array.from(beta, (value, k) => value - eta * gradient[k]);
  }
}

const trace = ({ gram }: FeatureMoments): number =>
  gram.data.reduce((sum, value, index) => (index % (gram.rows + 1) === 0 ? sum + value : sum), 0);

/**
 * Bound on ‖β closed − β iterated‖ at time t where η is stable. (a) The closed form is exact for a Gram matrix off by
 * ε = γ_{n+1}Tr + 8pu‖G‖ (summation, eigensolver), and β = η Σ_{j<t}(I − ηG)^j c moves by at most η²t²/2 · ε‖c‖, plus
 * p roundings of the result. (b) Each iterated step errs by γ_{n+d+8} of the sizes it adds up, and no step magnifies.
 */
function betaBound(moments: FeatureMoments, n: number, eta: number, t: number): number {
  const p = moments.gram.rows;
  const tr = trace(moments);
  const epsilon = moments.gramError + 8 * p * u * tr;
  const c = norm(moments.cross);
  const beta = eta * t * c;
  const sizes = tr * beta + Math.sqrt(tr * moments.targetSquare);
  return ((eta * t) ** 2 / 2) * epsilon * c + 4 * p * u * beta + t * eta * (n + p + 8) * u * sizes;
}

const cases = [
  { name: 'n > p', n: 40, d: 6, rates: [2, 2], sphere: false },
  { name: 'n < p', n: 5, d: 9, rates: [2, 2], sphere: false },
  { name: 'first layer: a column of zeros', n: 40, d: 6, rates: [2, 0], sphere: false },
  {
    name: 'sphere: constant norm feature, collinear with the bias',
    n: 40,
    d: 6,
    rates: [2, 2],
    sphere: true,
  },
  { name: 'one sample', n: 1, d: 1, rates: [1, 3], sphere: false },
] as const;

describe.for(cases)('$name', ({ n, d, rates, sphere }) => {
  const random = new RandomNumbers(n + d);
  const X = random.normalMatrix(n, d);
  if (sphere) {
    for (let i = 0; i < n; i++) {
      const row = X.data.subarray(i * d, (i + 1) * d);
      const length = norm(row);
      row.forEach((value, k) => (row[k] = (value * Math.sqrt(d)) / length));
    }
  }
  const y = random.normals(n);
  const features = linearFeatures(constants, d, rates);
  const moments = featureMoments(features, X, y);
  const closed = new ClosedForm(moments);
  const Psi = featureMatrix(features, X);

  test('the same β and loss as gradient descent', () => {
    for (const fraction of [0.1, 0.9]) {
      const eta = fraction * closed.largestStableRate;
      let t = 0;
      for (const { beta, loss } of descend(features, X, y, eta)) {
        const bound = betaBound(moments, n, eta, t);
        expect(distance(closed.beta(eta, t), beta)).toBeLessThanOrEqual(bound);
        // Gradient of the loss ≤ √(2·loss·λ_max) ≤ √(‖y‖²/n·λ_max); computing either loss costs about n + p roundings.
        const slope = Math.sqrt(moments.targetSquare * closed.eigenvalues[0]);
        const rounding = 4 * (n + d + 8) * u * moments.targetSquare;
        expect(Math.abs(closed.loss(eta, t) - loss)).toBeLessThanOrEqual(slope * bound + rounding);
        if (++t > 30) break;
      }
    }
  });

  test('2n/‖K‖: below it the loss never grows, above it it does', () => {
    const K = Matrix.from1DArray(n, d + 2, Psi.data);
    const spectral = new SVD(K, { autoTranspose: true }).norm2 ** 2;
    expect(Math.abs(closed.largestStableRate - (2 * n) / spectral)).toBeLessThanOrEqual(
      (closed.largestStableRate * (8 * (d + 2) * trace(moments) * u + moments.gramError)) /
        closed.eigenvalues[0] +
        16 * (d + 2) * u * closed.largestStableRate,
    );
    const losses = (eta: number): number[] => [0, 1, 2, 3, 10, 100, 101].map((t) => closed.loss(eta, t));
    const stable = losses(0.999 * closed.largestStableRate);
    for (const [k, loss] of stable.slice(1).entries()) expect(loss).toBeLessThanOrEqual(stable[k]);
    const unstable = losses(1.2 * closed.largestStableRate);
    expect(unstable.at(-1)!).toBeGreaterThan(unstable.at(-2)!);
    expect(unstable.at(-2)!).toBeGreaterThan(unstable[0]);
  });

  test('after a very long time: the least-squares solution of least norm', () => {
    const svd = new SVD(Matrix.from1DArray(n, d + 2, Psi.data), { autoTranspose: true });
    const singular = svd.diagonal.filter((value) => value ** 2 / n > moments.gramError * 10);
    expect(closed.eigenvalues.filter((value) => value > 0).length).toBe(singular.length);
    const solution = new Float64Array(d + 2);
    for (let k = 0; k < singular.length; k++) {
      let coordinate = 0;
      for (let i = 0; i < n; i++) coordinate += svd.leftSingularVectors.get(i, k) * y[i];
      for (let j = 0; j < d + 2; j++) {
        solution[j] += (svd.rightSingularVectors.get(j, k) * coordinate) / singular[k];
      }
    }
    // Perturbation of the normal equations: the relative error of β is at most about p²uκ(G), κ over the row space.
    const smallest = singular.at(-1)! ** 2 / n;
    const condition = trace(moments) / smallest;
    const bound = 8 * (d + 2) * (n + d + 2) * u * condition * Math.sqrt(moments.targetSquare / smallest);
    const eta = 0.5 * closed.largestStableRate;
    for (const t of [1e12, Infinity]) {
      expect(distance(closed.beta(eta, t), solution)).toBeLessThanOrEqual(bound);
      expect(closed.loss(eta, t) - closed.optimum).toBeLessThanOrEqual(u * moments.targetSquare);
    }
    const q = normFeature(X, features);
    const atSolution = sumOfSquares(residual(linearOutput(features, X, q, solution), y)) / (2 * n);
    expect(Math.abs(closed.optimum - atSolution)).toBeLessThanOrEqual(
      8 * (n + d + 2) * u * condition * moments.targetSquare,
    );
  });
});

test('from t = 0 the loss is ‖y‖²/(2n) and β is 0; one step is η Ψᵀy/n', () => {
  // A tiny eigenvalue: 1 − (1 − ηλ)^t, written as it stands, would have lost all but two digits of ηλ.
  const moments: FeatureMoments = {
    gram: dense(2, 2, [1, 0, 0, 1e-14]),
    cross: Float64Array.of(0.5, 1e-8),
    targetSquare: 1,
    gramError: 1e-16,
  };
  const closed = new ClosedForm(moments);
  expect(closed.beta(0.25, 0)).toEqual(new Float64Array(2));
  expect(Math.abs(closed.loss(0.25, 0) - 0.5)).toBeLessThanOrEqual(4 * u);
  const [first, second] = closed.beta(0.25, 1);
  expect(Math.abs(first - 0.125)).toBeLessThanOrEqual(8 * u * 0.125);
  expect(Math.abs(second - 0.25e-8)).toBeLessThanOrEqual(8 * u * 0.25e-8);
});

test('Ψ = 0: nothing to learn, every rate is stable', () => {
  const closed = new ClosedForm({
    gram: dense(3, 3),
    cross: new Float64Array(3),
    targetSquare: 0.8,
    gramError: 0,
  });
  expect(closed.largestStableRate).toBe(Infinity);
  expect(closed.optimum).toBe(0.4);
  expect(closed.beta(1, Infinity)).toEqual(new Float64Array(3));
});

test('float32 inputs give the moments of the values they hold', () => {
  const X = new RandomNumbers(8).normalMatrix(6, 3);
  const single = { rows: 6, cols: 3, data: Float32Array.from(X.data) };
  const features = linearFeatures(constants, 3, [1, 1]);
  const widened = dense(6, 3, single.data);
  const y = [1, -1, 1, 1, -1, 1];
  expect(featureMoments(features, single, y)).toEqual(featureMoments(features, widened, y));
});

describe('at the edge of stability and beyond, as t → ∞', () => {
  // λ = 0.7 and 0.2 with c = 0.3 and 0.1: 2/0.7 is not a float64, so that ηλ is 2 to rounding only.
  const moments = (cross: Float64Array): FeatureMoments => ({
    gram: dense(2, 2, [0.7, 0, 0, 0.2]),
    cross,
    targetSquare: 1,
    gramError: 0,
  });
  const closed = new ClosedForm(moments(Float64Array.of(0.3, 0.1)));
  const edge = closed.largestStableRate;

  test.for([1, 1 + 2 * u, 1 - 2 * u, 1 + 16 * u])(
    'η = 2/λ_max times %d: the loss stays, β has no limit',
    (share) => {
      const kept = 0.3 ** 2 / (2 * 0.7);
      expect(Math.abs(closed.loss(share * edge, Infinity) - (closed.optimum + kept))).toBeLessThanOrEqual(
        8 * u,
      );
      // The limit is that of the times that can be reached.
      expect(Math.abs(closed.loss(share * edge, 1e6) - (closed.optimum + kept))).toBeLessThan(1e-7);
      expect(() => closed.beta(share * edge, Infinity)).toThrow(RangeError);
      expect(() => closed.beta(share * edge, Infinity)).toThrow(/no limit/);
      expect(closed.beta(share * edge, 7).every(Number.isFinite)).toBe(true);
    },
  );

  test('above it the loss grows without bound and β has no limit; below it both end at the optimum', () => {
    expect(closed.loss(1.1 * edge, Infinity)).toBe(Infinity);
    expect(() => closed.beta(1.1 * edge, Infinity)).toThrow(RangeError);
    expect(closed.loss(0.999 * edge, Infinity)).toBe(closed.optimum);
    expect(Math.abs(closed.beta(0.999 * edge, Infinity)[0] - 0.3 / 0.7)).toBeLessThanOrEqual(4 * u);
  });

  test('a direction in which there is nothing to learn neither swings nor grows', () => {
    const other = new ClosedForm(moments(Float64Array.of(0, 0.1)));
    for (const eta of [edge, 1.1 * edge]) {
      expect(other.loss(eta, Infinity)).toBe(other.optimum);
      expect([...other.beta(eta, Infinity)].map((value) => value / 0.5 - 1).at(1)).toBeCloseTo(0, 14);
    }
    const zero = new ClosedForm({ ...moments(new Float64Array(2)), targetSquare: 0 });
    expect(zero.loss(1.1 * edge, Infinity)).toBe(0);
    expect(zero.beta(1.1 * edge, Infinity)).toEqual(new Float64Array(2));
  });

  test('without a rate nothing moves', () => {
    expect(closed.loss(0, Infinity)).toBeCloseTo(0.5, 15);
    expect(closed.beta(0, Infinity)).toEqual(new Float64Array(2));
    for (const eta of [NaN, -1]) {
      expect(() => closed.beta(eta, 1)).toThrow(RangeError);
      expect(() => closed.loss(eta, 1)).toThrow(RangeError);
    }
  });
});

test('bad times and values are refused', () => {
  const moments = {
    gram: dense(1, 1, [1]),
    cross: Float64Array.of(1),
    targetSquare: 1,
    gramError: 0,
  };
  const closed = new ClosedForm(moments);
  expect(() => closed.beta(1, 0.5)).toThrow(/time is 0.5/);
  expect(() => closed.loss(1, -1)).toThrow(/time is -1/);
  expect(() => closed.loss(1, NaN)).toThrow(/time is NaN/);
  expect(() => new ClosedForm({ ...moments, cross: Float64Array.of(NaN) })).toThrow(/contain NaN/);
  expect(() => new ClosedForm({ ...moments, gram: dense(1, 1, [Infinity]) })).toThrow(/contain Infinity/);
});
