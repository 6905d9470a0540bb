import { describe, expect, test } from 'vitest';
import { claimsSuite } from '../../src/experiment/claims-suite.ts';
import { deepScopeOf } from '../../src/experiment/network-facts.ts';
import { activationOf, ratesOf } from '../../src/experiment/spec-facts.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { parseSweep } from '../../src/experiment/sweep.ts';
import { deepExpectedKernel } from '../../src/math/deep/expected-kernel.ts';
import { deepFeatureMatrix } from '../../src/math/deep/linear-features.ts';
import { deepLinearModel } from '../../src/math/deep/linear-models.ts';
import { type Dense, dense, rowProducts } from '../../src/math/dense.ts';
import { columnSpan, squareInSpan } from '../../src/math/span.ts';
import { greatestOf } from '../../src/math/statistics.ts';
import { pairKernel, pairPoint } from '../../src/reference/deep-pair.ts';
import type { ClaimMeasurement, Quantity } from '../../src/theory/claim.ts';
import { expectedPointCount } from '../../src/theory/expected-cost.ts';
import { denseNorm } from '../spectral/dense-eigenvalues.ts';
import { Float32Numbers, gpu } from '../gpu-device.ts';
import { npyFile } from '../npy-file.ts';
import { collect } from './collect.ts';
import { type Outcome, architectureIn, matrix, towerIn, values } from './deep-arrays.ts';

const data = { distribution: 'gaussian', d: 12, n: 60, nTest: 40 } as const;
const training = { eta: 1.5, steps: 25, linearized: true } as const;
const conv = { kind: 'convolutional' as const, shape: [4, 3], filter: 3, activation: 'erf' };

const specs: Record<string, SpecInput> = {
  'fully-connected, erf, L = 2': {
    data,
    network: { kind: 'deep', widths: [24, 16], activation: 'erf' },
    training,
    claims: 'all',
  },
  'fully-connected, GELU, L = 2, rates of their own': {
    data,
    network: { kind: 'deep', widths: [24, 16], activation: 'gelu' },
    training: { ...training, eta: 0.3, rates: [1, 0.5, 0.25] },
    claims: [17],
  },
  'convolution, flat': {
    data,
    network: { ...conv, channels: [8, 8], readout: 'flat' as const },
    training: { ...training, eta: 4 },
    claims: [17],
  },
  'convolution, mean of the positions': {
    data,
    network: { ...conv, channels: [8], readout: 'mean' as const },
    training: { ...training, eta: 4 },
    claims: [17],
  },
};

const claim17 = ({ result }: Outcome): ClaimMeasurement => result.claims.find(({ claim }) => claim === 17)!;
const quantityOf = (measurement: ClaimMeasurement, key: string): Quantity =>
  measurement.quantities.find((quantity) => quantity.key === key)!;

const minus = (A: Dense, B: Dense): Dense =>
  dense(
    A.rows,
    A.cols,
    A.data.map((entry, k) => entry - B.data[k]),
  );
const withoutDiagonal = ({ rows, cols, data }: Dense): Dense =>
  dense(
    rows,
    cols,
    data.map((entry, k) => (k % (cols + 1) === 0 ? 0 : entry)),
  );

/** Θ*, Θ(0) and K in float64, from the arrays that the run sent. */
function kernelsOf(outcome: Outcome): { expected: Dense; initial: Dense; linear: Dense } {
  const { spec, preparation } = outcome.result;
  const network = { architecture: architectureIn(outcome), activation: activationOf(spec.network) };
  const rates = ratesOf(spec);
  const weights = rates.map((rate) => rate / greatestOf(rates));
  const X = matrix(outcome, 'X_train');
  const tower = towerIn(outcome, (layer) => `${layer}_0`);
  const { spectrumMoment } = preparation;
  const features = deepLinearModel(network, { weights, spectrumMoment, sample: X });
  return {
    expected: deepExpectedKernel(network, X, X, weights),
    initial: pairKernel(
      pairPoint(network.architecture, network.activation, { plus: tower, minus: tower }, X),
      undefined,
      weights,
    ),
    linear: rowProducts(deepFeatureMatrix(features, X)),
  };
}

const meanSquare = (a: Float64Array): number => a.reduce((sum, value) => sum + value * value, 0) / a.length;

describe.each(Object.entries(specs))('%s', (name, spec) => {
  let outcome: Outcome;
  let measurement: ClaimMeasurement;

  test('kernels stand to each other as in float64', async () => {
    outcome = await collect(gpu.device, spec);
    measurement = claim17(outcome);
    const { expected, initial, linear } = kernelsOf(outcome);
    const unit = data.n / data.d;
    const exact: Record<string, number> = {
      expected_distance: denseNorm(minus(expected, linear)) / unit,
      expected_share: denseNorm(minus(expected, linear)) / denseNorm(linear),
      initial_distance: denseNorm(minus(initial, expected)) / unit,
      initial_share: denseNorm(minus(initial, linear)) / denseNorm(linear),
      ...(name.startsWith('convolution') && {
        expected_off_diagonal: denseNorm(withoutDiagonal(minus(expected, linear))) / unit,
      }),
    };
    for (const [key, value] of Object.entries(exact)) {
      const { value: measured, error } = quantityOf(measurement, key);
      expect(Math.abs(measured - value), key).toBeLessThanOrEqual(error! + 1e-4 * value);
      expect(error!, key).toBeLessThan(0.02 * value);
    }
    expect(measurement.quantities.some(({ key }) => key === 'expected_off_diagonal')).toBe(
      name.startsWith('convolution'),
    );
  });

  test('discrepancies are those of the records up to T, on the clock', () => {
    const { records, preparation } = outcome.result;
    const { clock, k1 } = preparation.deep!;
    const T = (0.5 * data.d * Math.log(data.d)) / (preparation.eta * k1);
    const within = records.filter(({ step }) => step >= 1 && step <= T);
    expect(within.length).toBeGreaterThan(2);
    const largest = (of: (record: (typeof records)[number]) => number): number => Math.max(...within.map(of));
    expect(quantityOf(measurement, 'train_discrepancy').value).toBe(
      largest(({ train }) => train.discrepancies.linear),
    );
    expect(quantityOf(measurement, 'test_discrepancy').value).toBe(
      largest(({ test }) => test!.clippedDiscrepancy),
    );
    expect(quantityOf(measurement, 'linearization_discrepancy').value).toBe(
      largest(({ train }) => train.discrepancies['linearized']!),
    );
    const relative = within
      .filter(({ step }) => step * clock >= 0.5)
      .map(({ train }) => train.discrepancies.linear / train.linearSquare!);
    if (relative.length > 0) {
      expect(quantityOf(measurement, 'relative_discrepancy').value).toBe(Math.max(...relative));
    }
    const series = measurement.series.find(({ key }) => key === 'train_discrepancy')!;
    expect(series.axis).toBe('clock');
    expect(series.x).toEqual(records.filter(({ step }) => step > 0).map(({ step }) => step * clock));
    const { losses } = within.at(-1)!.train;
    expect(quantityOf(measurement, 'loss_ratio').value).toBe(losses.network / losses.linear);
  });

  test('the test residual is split onto the span of the test inputs and off it', () => {
    const [X, y] = [matrix(outcome, 'X_test'), values(outcome, 'y_test')];
    const span = columnSpan(X);
    for (const [prefix, model] of [
      ['f', 'network'],
      ['lin', 'linear'],
    ]) {
      const residual = values(outcome, `${prefix}_test`).map((f, i) => f - y[i]);
      const inSpan = squareInSpan(span, residual) / y.length;
      const at = (key: string): number => measurement.series.find((one) => one.key === key)!.y.at(-1)!;
      expect(at(`span_${model}`)).toBeCloseTo(inSpan, 5);
      expect(at(`off_span_${model}`)).toBeCloseTo(meanSquare(residual) - inSpan, 5);
    }
  });

  test('its conditions say what kind of network it is', () => {
    const verdictOf = (start: string) =>
      measurement.conditions.find(({ hypothesis }) => hypothesis.startsWith(start))?.verdict;
    expect(verdictOf('*η* ≤ *n*/‖*Θ*(0)‖')).toBeDefined();
    if (name.startsWith('convolution')) {
      expect(verdictOf('a readout of every position')).toBe(name.includes('flat') ? 'met' : 'not met');
    } else expect(verdictOf('*QC*')).toBeUndefined();
    // Of one size what is to fall is not shown.
    expect(measurement.verdict).not.toBe('holds');
  });
});

const measured = async (network: SpecInput['network'], change: Partial<SpecInput> = {}) =>
  claim17(await collect(gpu.device, { data, network, training, claims: [17], ...change }));

test('an activation without a linear part is not judged, and said to have none', async () => {
  const measurement = await measured(
    { kind: 'deep', widths: [8], activation: 'x^2' },
    { training: { eta: 0.1, steps: 3 } },
  );
  expect(measurement.verdict).toBe('conditions not met');
  expect(measurement.remark).toMatch(/E \*φ\*′ ≠ 0/);
  for (const { value, relation } of measurement.quantities) {
    expect(Number.isFinite(value)).toBe(true);
    expect(relation).toBe('beside');
  }
});

test('a linear part that is small beside the constant is one', async () => {
  const measurement = await measured(
    { kind: 'deep', depth: 12, width: 2, activation: 'sigmoid' },
    { training: { eta: 0.1, steps: 3 } },
  );
  expect(measurement.remark).not.toMatch(/E \*φ\*′ ≠ 0/);
});

test.each<{ name: string; network: SpecInput['network']; sees: boolean }>([
  {
    name: 'labels that no odd network learns at first',
    network: { kind: 'deep', widths: [16, 12], activation: 'erf' },
    sees: true,
  },
  {
    name: 'a mean pixel that is 0 at every input',
    network: { ...conv, shape: [4, 1], channels: [6, 6], readout: 'mean' as const },
    sees: false,
  },
])('nothing is divided by what rounding leaves of 0: $name', async ({ network, sees }) => {
  const X = new Float32Numbers(5).matrix(24, 4).data;
  const blind = X.map((value, k) => (k % 2 === 0 ? value : -X[k - 1]));
  const input: SpecInput = {
    data: { distribution: 'npy', x: 'X', y: 'y' },
    network,
    training: { eta: 0.5, steps: 12, records: 'linear' },
    claims: [17],
  };
  const ones = Array<number>(24).fill(1);
  const open = (path: string): Promise<ArrayBuffer> =>
    Promise.resolve(path === 'X' ? npyFile([24, 4], sees ? X : blind).buffer : npyFile([24], ones).buffer);
  const measurement = claim17(await collect(gpu.device, input, { open }));
  expect(quantityOf(measurement, 'relative_discrepancy')).toMatchObject({
    value: Number.NaN,
    relation: 'falls',
  });
  expect(measurement.verdict).toBe(sees ? 'undecided' : 'conditions not met');
  // ‖K‖ is what shares are of.
  const shares = measurement.quantities.filter(({ key }) => key.endsWith('_share'));
  expect(shares.length).toBe(sees ? 2 : 0);
});

test('discrepancies of which no step was recorded leave it undecided', async () => {
  const measurement = await measured(
    { kind: 'deep', widths: [24], activation: 'erf' },
    { training: { eta: 1.5, steps: 40, records: { steps: [0, 40] } } },
  );
  expect(quantityOf(measurement, 'train_discrepancy')).toMatchObject({
    value: Number.NaN,
    relation: 'falls',
  });
  expect(measurement.verdict).toBe('undecided');
});

test('gains rescale time, and no verdict hangs on them', async () => {
  const ratio = async (gains: number[]): Promise<number> => {
    const measurement = await measured(
      { kind: 'deep', widths: [24], activation: 'erf', gains },
      { training: { eta: 1e-3, steps: 1 } },
    );
    const { value, bound } = quantityOf(measurement, 'expected_distance');
    return value / bound!.value;
  };
  expect((await ratio([1, 10])) / (await ratio([1, 1]))).toBeCloseTo(1, 2);
});

test('a pool after the last layer is a pool', () => {
  const pooled = (pool: number[]) => {
    const network = { ...conv, shape: [6, 2], channels: pool.map(() => 8), pool };
    return deepScopeOf(parseSpec({ data, network, training }).network)!.convolution!.pooled;
  };
  expect(pooled([1])).toBe(false);
  expect(pooled([2])).toBe(true);
  expect(pooled([1, 3])).toBe(true);
});

test('"all" of a deep network are the claim on the inputs and its own', () => {
  const { spec } = parseSweep(specs['fully-connected, erf, L = 2']).points[0];
  expect(spec.claims).toBe('all');
});

describe('the basis of a span', () => {
  const random = new Float32Numbers(3);
  const A = random.matrix(30, 5);

  test('is orthonormal, and leaves out what depends on others', () => {
    const data = new Float32Array(30 * 7);
    for (let i = 0; i < 30; i++) {
      const row = Array.from(A.data.subarray(i * 5, (i + 1) * 5));
      data.set([...row.slice(0, 2), 0, row[0] - 3 * row[1], ...row.slice(2)], i * 7);
    }
    const { vectors } = columnSpan({ rows: 30, cols: 7, data });
    expect(vectors.length).toBe(5);
    for (const [k, u] of vectors.entries()) {
      for (const [l, v] of vectors.entries()) {
        const product = u.reduce((sum, value, i) => sum + value * v[i], 0);
        expect(product).toBeCloseTo(k === l ? 1 : 0, 12);
      }
    }
  });

  test('holds its columns whole, and nothing that is orthogonal to them', () => {
    const span = columnSpan(A);
    const column = Float64Array.from({ length: 30 }, (_, i) => A.data[i * 5] - 2 * A.data[i * 5 + 4]);
    const square = (v: Float64Array): number => v.reduce((sum, value) => sum + value * value, 0);
    expect(squareInSpan(span, column) / square(column)).toBeCloseTo(1, 12);
    const other = Float64Array.from(random.matrix(30, 1).data);
    const rest = other.slice();
    for (const vector of span.vectors) {
      const along = vector.reduce((sum, value, i) => sum + value * other[i], 0);
      for (let i = 0; i < 30; i++) rest[i] -= along * vector[i];
    }
    expect(squareInSpan(span, rest)).toBeLessThan(1e-20);
    expect(squareInSpan(span, other) + square(rest)).toBeCloseTo(square(other), 10);
  });
});

describe('points of the expected kernel', () => {
  const flat = { positions: [8, 8], channels: 1, readout: 'flat', gains: [1, 1, 1] } as const;
  const layers = [
    { channels: 8, taps: 3, pool: 1 },
    { channels: 8, taps: 3, pool: 1 },
  ];

  test('are all of a small set, fewer the more pairs of positions there are', () => {
    expect(expectedPointCount({ ...flat, layers }, 100)).toBe(100);
    const [one, all] = (['flat', 'mean'] as const).map((readout) =>
      expectedPointCount({ ...flat, readout, layers }, 100_000),
    );
    expect(one).toBeLessThanOrEqual(2000);
    expect(all).toBeLessThan(one / 5);
    expect(all).toBeGreaterThan(20);
    // An entry goes over all pairs of 96 × 96 positions.
    expect(expectedPointCount({ ...flat, positions: [96, 96], readout: 'mean', layers }, 1000)).toBe(0);
  });
});

describe('the suite', () => {
  test('of one claim has its groups alone, and images where their files are', () => {
    const files = { x: 'x', y: 'y', xTest: 'xt', yTest: 'yt' };
    const slugs = (images?: typeof files): string[] =>
      claimsSuite('small', { only: [17], images }).groups.map(({ slug }) => slug);
    expect(slugs()).not.toContain('images');
    expect(slugs(files)).toContain('images');
    const { groups } = claimsSuite('small', { only: [17], images: files });
    expect(groups.every(({ sweep }) => JSON.stringify(sweep['claims']) === '[17]')).toBe(true);
    for (const { sweep } of groups) expect(parseSweep(sweep).points.length).toBeGreaterThan(0);
    const both = claimsSuite('small', { only: [5, 17] }).groups;
    expect(both.length).toBeGreaterThan(groups.length);
    expect(both.find(({ slug }) => slug === 'first-layer')!.sweep['claims']).toEqual([5]);
  });
});
