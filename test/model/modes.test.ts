import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { PointSet } from '../../src/data/point-set.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { ClosedForm, featureMoments } from '../../src/model/closed-form.ts';
import { ErrorModes } from '../../src/model/error-modes.ts';
import { LinearModel } from '../../src/model/linear-model.ts';
import { Modes } from '../../src/model/modes.ts';
import { absolute } from '../../src/math/absolute.ts';
import { type Dense, dense, rowProducts } from '../../src/math/dense.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { featureMatrix, linearFeatures } from '../../src/math/linear-features.ts';
import { linearGradient } from '../../src/reference/linear-gradient.ts';
import { normFeature } from '../../src/reference/norm-feature.ts';
import { sliceCount, sliceRows } from '../../src/programs/partial-sums.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, uploadVector } from '../gpu-device.ts';
import { normFeatureBound } from '../norm-feature-bound.ts';

const unit = 2 ** -53;
/** Every one of ζ, ν, ϑ₀, ϑ₁, ϑ₂ differs from 0. */
const constants = gaussianConstants({ name: 'softplus' }, 1.7);

const cases = [
  { name: 'both layers', n: 90, d: 6, rates: [2, 2] },
  { name: 'rates of their own', n: 90, d: 6, rates: [3, 0.7] },
  { name: 'first layer alone: a feature less', n: 90, d: 5, rates: [2, 0] },
  { name: 'fewer points than features', n: 5, d: 9, rates: [2, 2] },
  { name: 'several slices of rows', n: 700, d: 3, rates: [1, 1] },
] as const;

function problemOf({ n, d, rates }: (typeof cases)[number]) {
  const random = new Float32Numbers(n + d);
  const [X, y, e] = [random.matrix(n, d), random.vector(n), random.vector(n)];
  const features = linearFeatures(constants, d, rates);
  const moments = featureMoments(features, X, y);
  return { X, y, e, features, modes: new Modes({ solution: new ClosedForm(moments), moments }) };
}

/** Eigenvalues of K/n and unit eigenvectors, from the n × n matrix and nothing else: those that are not 0. */
function eigenvectors(Psi: Dense): { values: number[]; vectors: Float64Array[]; error: number[] } {
  const n = Psi.rows;
  const K = Matrix.from1DArray(n, n, rowProducts(Psi).data).div(n);
  const solved = new EigenvalueDecomposition(K, { assumeSymmetric: true });
  const order = solved.realEigenvalues.map((_, k) => k);
  order.sort((a, b) => solved.realEigenvalues[b] - solved.realEigenvalues[a]);
  const all = order.map((k) => solved.realEigenvalues[k]);
  // Backward error of the solver and of K, as norms of a matrix: by Davis and Kahan over the gap for a vector.
  const backward = 16 * n * unit * K.trace();
  const values = all.filter((value) => value > 1e-9 * all[0]);
  const gap = (k: number) =>
    Math.min(...[k - 1, k + 1].filter((j) => j in all).map((j) => Math.abs(all[k] - all[j])));
  return {
    values,
    vectors: values.map((_, k) => Float64Array.from(solved.eigenvectorMatrix.getColumn(order[k]))),
    error: values.map((_, k) => (4 * backward) / gap(k)),
  };
}

const product = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
const rms = (a: Float64Array): number => Math.sqrt(product(a, a) / a.length);

describe.for(cases)('$name', (setup) => {
  const { X, y, e, features, modes } = problemOf(setup);
  const { n, rates } = setup;
  const q = normFeature(X, features);
  const exact = eigenvectors(featureMatrix(features, X));
  /** ⟨u_k, e⟩/√n by the eigenvectors of the n × n matrix, signed as Modes signs them. */
  const along = (vector: Float64Array): number[] =>
    exact.vectors.map((u) => (Math.sign(-product(u, y)) * product(u, vector)) / Math.sqrt(n));

  test('eigenvalues, errors at the start and along each mode: those of K = ΨΨᵀ itself', () => {
    expect(modes.rank).toBe(exact.values.length);
    expect(modes.rank).toBe(Math.min(n, setup.d + (rates[1] > 0 ? 2 : 1)));
    const slack = exact.error.map((error) => error * rms(e));
    // From moments, one more root of the eigenvalue in the condition.
    const bound = slack.map((s, k) => s * Math.sqrt(exact.values[0] / exact.values[k]) + 1e-14);
    expectWithin(
      'eigenvalues',
      modes.eigenvalues,
      exact.values,
      exact.values.map(() => 32 * n * unit * exact.values[0]),
    );
    expectWithin('at the start', modes.initial, along(y.map((value) => -value)), bound);
    expect(modes.initial.every((value) => value >= 0)).toBe(true);
    expectWithin('along', modes.along(linearGradient(features, X, q, e)), along(e), bound);
  });

  test('by Claim C.1, (1 − ηλ_k)^t is what gradient descent on the linear model leaves', () => {
    const eta = 1.2 / modes.eigenvalues[0];
    let u = new Float64Array(n);
    const Psi = featureMatrix(features, X);
    for (let t = 1; t <= 5; t++) {
      const residual = u.map((value, i) => value - y[i]);
      const gradient = linearGradient(features, X, q, residual);
      u = u.map(
        (value, i) => value - eta * product(Psi.data.subarray(i * Psi.cols, (i + 1) * Psi.cols), gradient),
      );
      const errors = modes.along(
        linearGradient(
          features,
          X,
          q,
          u.map((value, i) => value - y[i]),
        ),
      );
      for (let k = 0; k < modes.rank; k++) {
        const left = modes.remaining(k + 1, eta, t) * modes.initial[k];
        const condition = Math.sqrt(modes.eigenvalues[0] / modes.eigenvalues[k]);
        expect(Math.abs(errors[k] - left)).toBeLessThanOrEqual(64 * (n + t) * unit * condition * rms(y));
      }
    }
  });

  test('the device’s measurement, within the bound of its sums', async () => {
    using stream = new CommandStream(gpu);
    using set = new PointSet(gpu, 'test', n, setup.d);
    set.X.write(Float32Array.from(X.data));
    set.y.write(Float32Array.from(y));
    using linear = await LinearModel.create(gpu, features, n);
    using residuals = uploadVector(e);
    using zeros = uploadVector(new Float64Array(n));
    await linear.prepare(stream, set);
    using errors = new ErrorModes(gpu, linear, set, modes, [residuals, zeros]);
    errors.measure(stream);
    stream.flush();
    const [measured, none] = await errors.read();
    expect(none.along.every((error) => error === 0)).toBe(true);
    expect(errors.last[0]).toBe(measured);
    const wanted = modes.along(linearGradient(features, X, q, e));
    // Each moment: a sum in slices, of products with rounded scales; q has an error of its own.
    const sizes = linearGradient(features, absolute(X), absolute(q), absolute(e));
    const moments = sizes.map((size) => gamma(4 + Math.min(n, sliceRows) + sliceCount(n)) * size);
    const dq = normFeatureBound(X, features);
    moments[setup.d + 1] += 2 * features.normScale * (product(dq, absolute(e)) / n);
    const bound = Array.from(modes.eigenvalues, (lambda) => Math.hypot(...moments) / Math.sqrt(lambda));
    expectWithin('errors along modes', measured.along, wanted, bound);
    expect(measured.inSpan).toBe(product(measured.along, measured.along));
  });
});

test('some are chosen by their count or their numbers; octaves show them all', () => {
  const { modes } = problemOf(cases[0]);
  expect(modes.rank).toBe(8);
  expect(modes.choose(3)).toEqual({
    rank: 8,
    indices: [1, 2, 3],
    eigenvalues: [...modes.eigenvalues.slice(0, 3)],
    initial: [...modes.initial.slice(0, 3)],
  });
  expect(modes.choose(100).indices).toHaveLength(8);
  expect(modes.choose([8, 2]).eigenvalues).toEqual([modes.eigenvalues[7], modes.eigenvalues[1]]);
  expect(() => modes.choose([2, 9])).toThrow(/no mode 9.*rank 8/);
  expect(() => modes.choose([0])).toThrow(/no mode 0/);
  expect(modes.octaves()).toEqual([1, 2, 4, 8]);
});

test('Ψ = 0 has no modes', () => {
  const moments = { gram: dense(3, 3), cross: new Float64Array(3), targetSquare: 1, gramError: 0 };
  const modes = new Modes({ solution: new ClosedForm(moments), moments });
  expect([modes.rank, modes.octaves(), modes.choose(5).indices]).toEqual([0, [], []]);
});
