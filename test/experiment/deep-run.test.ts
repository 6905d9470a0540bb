import { describe, expect, test } from 'vitest';
import type { SetMeasures } from '../../src/experiment/result.ts';
import type { SpecInput } from '../../src/experiment/spec.ts';
import { activationOf, ratesOf } from '../../src/experiment/spec-facts.ts';
import { deepShape } from '../../src/math/deep/architecture.ts';
import { deepFeatureMatrix } from '../../src/math/deep/linear-features.ts';
import { adaptedLinearModel, deepLinearModel, fittedLinearModel } from '../../src/math/deep/linear-models.ts';
import type { Dense } from '../../src/math/dense.ts';
import { greatestOf } from '../../src/math/statistics.ts';
import { type Pair, moved, pairKernel, pairPoint } from '../../src/reference/deep-pair.ts';
import { type DeepTrainingRecord, trainPair } from '../../src/reference/deep-train.ts';
import { everyRun } from '../extent.ts';
import { gpu } from '../gpu-device.ts';
import { collect } from './collect.ts';
import { type Outcome, architectureIn, matrix, towerIn, values } from './deep-arrays.ts';

type Values = ArrayLike<number>;

/** Outputs, displacements and kernels by their norms; the README promises 2e-4, and an error in a program is far above either. */
const accuracy = 1e-5;

function distance(a: Values, b: Values): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
const norm = (values: Values): number => distance(values, new Float64Array(values.length));
const meanSquare = (values: Values): number => norm(values) ** 2 / values.length;

/** Where float64 has 0, as of a layer at rest, so has the run. */
function expectNear(label: string, actual: Values, exact: Values): void {
  expect(actual.length, label).toBe(exact.length);
  expect(distance(actual, exact), label).toBeLessThanOrEqual(accuracy * norm(exact));
}

/** What was sent, in order, each of its shape. */
function expectArrays(outcome: Outcome): void {
  const { n, nTest, d } = outcome.result.preparation;
  const { layers, readout } = deepShape(architectureIn(outcome));
  const weights = (nameOf: (layer: string) => string): [string, number[]][] => [
    ...layers.map(({ channels, fanIn }, l): [string, number[]] => [nameOf(`W${l + 1}`), [channels, fanIn]]),
    [nameOf('v'), [readout.weights]],
  ];
  const { linear = [], linearized } = outcome.result.spec.training;
  const models = [
    'f',
    'lin',
    ...linear.filter((key) => key !== 'theory'),
    ...(linearized ? ['linearized'] : []),
  ];
  expect([...outcome.arrays].map(([name, { shape }]) => [name, shape])).toEqual([
    ['X_train', [n, d]],
    ['y_train', [n]],
    ['X_test', [nTest, d]],
    ['y_test', [nTest]],
    ...weights((layer) => `${layer}_0`),
    ...weights((layer) => `d${layer}_plus`),
    ...weights((layer) => `d${layer}_minus`),
    ...models.flatMap((prefix) => [
      [`${prefix}_train`, [n]],
      [`${prefix}_test`, [nTest]],
    ]),
    ['kernel', [n, n]],
  ]);
}

/** Outputs of a linear model on both sets at these steps, by descent on its features. */
function linearOutputs(
  features: { train: Dense; test: Dense },
  y: Values,
  eta: number,
  steps: readonly number[],
): { train: Float64Array; test: Float64Array }[] {
  const { rows: n, cols, data } = features.train;
  const beta = new Float64Array(cols);
  const outputs = (Psi: Dense) =>
    Float64Array.from({ length: Psi.rows }, (_, i) =>
      beta.reduce((sum, value, k) => sum + Psi.data[i * cols + k] * value, 0),
    );
  const recorded = [];
  for (let step = 0; step <= steps.at(-1)!; step++) {
    const u = outputs(features.train);
    if (steps.includes(step)) recorded.push({ train: u, test: outputs(features.test) });
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < cols; k++) beta[k] -= (eta / n) * data[i * cols + k] * (u[i] - y[i]);
    }
  }
  return recorded;
}

/** Squares within what outputs off by the accuracy make of them: ‖a‖ off by ε moves a² by 2aε + ε². */
function expectSquares(label: string, actual: number, exact: number, scale: number): void {
  const error = accuracy * Math.sqrt(scale);
  expect(Math.abs(actual - exact), label).toBeLessThanOrEqual(
    2 * Math.sqrt(exact) * error + error * error + accuracy * exact,
  );
}

/** Losses and distances of one record, of outputs by their models' keys; the network's first. */
function expectMeasures(
  label: string,
  measures: SetMeasures,
  outputs: [string, Float64Array][],
  y: Float64Array,
): void {
  const f = outputs[0][1];
  const lin = outputs[1][1];
  const between = (a: Values, b: Values) => distance(a, b) ** 2 / y.length;
  expect(Object.keys(measures.losses), label).toEqual(outputs.map(([key]) => key));
  for (const [key, u] of outputs) {
    const scale = meanSquare(u) + meanSquare(f) + meanSquare(lin);
    expectSquares(`${label}, loss, ${key}`, 2 * measures.losses[key]!, between(u, y), scale);
    if (key === 'network') continue;
    expectSquares(`${label}, distance, ${key}`, measures.discrepancies[key]!, between(f, u), scale);
    if (key === 'linear') continue;
    expectSquares(`${label}, from linear, ${key}`, measures.fromLinear![key]!, between(u, lin), scale);
  }
}

/** A run against float64 from its own arrays: every array of the end, and every record. */
function expectToFollow(outcome: Outcome): void {
  const { result } = outcome;
  const { spec, preparation, records } = result;
  expect(result.status).toEqual({ kind: 'completed' });
  expectArrays(outcome);
  const architecture = architectureIn(outcome);
  const activation = activationOf(spec.network);
  const tower = towerIn(outcome, (layer) => `${layer}_0`);
  const start: Pair = { plus: tower, minus: tower };
  const train = { X: matrix(outcome, 'X_train'), y: values(outcome, 'y_train') };
  const testSet = { X: matrix(outcome, 'X_test'), y: values(outcome, 'y_test') };
  const rates = ratesOf(spec);
  const eta = greatestOf(rates);
  const weights = rates.map((rate) => rate / eta);
  const network = { architecture, activation };
  const { spectrumMoment } = preparation;
  const features = {
    lin: () => deepLinearModel(network, { weights, spectrumMoment, sample: train.X }),
    adapted: () => adaptedLinearModel(network, weights),
    fitted: () => fittedLinearModel(network, train.X, weights),
  };
  const steps = records.map(({ step }) => step);
  const wanted = (['lin', 'adapted', 'fitted'] as const).filter((name) =>
    outcome.arrays.has(`${name}_train`),
  );
  const linear = wanted.map((name) => {
    const model = features[name]();
    const both = { train: deepFeatureMatrix(model, train.X), test: deepFeatureMatrix(model, testSet.X) };
    return { name, outputs: linearOutputs(both, train.y, eta, steps) };
  });

  const exact: DeepTrainingRecord[] = trainPair({
    ...network,
    ...{ start, train, test: testSet, rates, features: null },
    linearized: spec.training.linearized,
    recordAt: steps,
  });
  exact.forEach((at, k) => {
    for (const set of ['train', 'test'] as const) {
      const outputs: [string, Float64Array][] = [
        ['network', at[set]!.network],
        ...linear.map(({ name, outputs }): [string, Float64Array] => [
          name === 'lin' ? 'linear' : name,
          outputs[k][set],
        ]),
      ];
      if (at[set]!.linearized) outputs.push(['linearized', at[set]!.linearized]);
      const y = set === 'train' ? train.y : testSet.y;
      expectMeasures(`${set}, step ${at.step}`, records[k][set]!, outputs, y);
      if (set === 'train') continue;
      for (const [key, u] of outputs) {
        const watched = u.subarray(0, spec.training.watched as number);
        expect(distance(records[k].outputs[key]!, watched), key).toBeLessThanOrEqual(accuracy * norm(u));
      }
    }
    const moves = moved(
      at.parameters,
      -1,
      start,
      rates.map(() => 1),
    );
    const { W, v } = moves.plus;
    const both = (l: number): number =>
      l < W.length
        ? Math.hypot(norm(W[l].data), norm(moves.minus.W[l].data))
        : norm([...v, ...moves.minus.v]);
    rates.forEach((_, l) => {
      const name = l < W.length ? `W${l + 1}` : 'v';
      const error = Math.abs(records[k].movement[name] - both(l));
      expect(error, `movement of ${name}`).toBeLessThanOrEqual(accuracy * both(l));
    });
  });

  const last = exact.at(-1)!;
  const end = moved(
    last.parameters,
    -1,
    start,
    rates.map(() => 1),
  );
  for (const sign of ['plus', 'minus'] as const) {
    const { W, v } = end[sign];
    W.forEach(({ data }, l) => expectNear(`dW${l + 1}_${sign}`, values(outcome, `dW${l + 1}_${sign}`), data));
    expectNear(`dv_${sign}`, values(outcome, `dv_${sign}`), v);
  }
  for (const set of ['train', 'test'] as const) {
    expectNear(`f_${set}`, values(outcome, `f_${set}`), last[set]!.network);
    for (const { name, outputs } of linear) {
      expectNear(`${name}_${set}`, values(outcome, `${name}_${set}`), outputs.at(-1)![set]);
    }
    if (spec.training.linearized) {
      expectNear(`linearized_${set}`, values(outcome, `linearized_${set}`), last[set]!.linearized!);
    }
  }
  const kernel = pairKernel(pairPoint(architecture, activation, start, train.X));
  expectNear('kernel', values(outcome, 'kernel'), kernel.data);
}

const data = (d: number) => ({ distribution: 'gaussian', d, n: 37, nTest: 18 }) as const;

/** Sizes that are no multiples of anything; no layers, ways of pooling, readouts or models that are not in one of them. */
const followed: { title: string; spec: SpecInput }[] = [
  {
    title: 'L = 1, erf',
    spec: {
      data: data(9),
      network: { kind: 'deep', widths: [22], activation: 'erf' },
      training: { eta: 2, steps: 12, linearized: true, linear: ['adapted'] },
    },
  },
  {
    title: 'L = 2, gelu, gains of its own',
    spec: {
      data: data(10),
      network: { kind: 'deep', widths: [18, 14], activation: 'gelu', gains: [1.2, 0.9, 1.1] },
      training: { eta: 0.8, steps: 12, linearized: true },
    },
  },
  {
    title: 'L = 3, relu, the middle layer at rest',
    spec: {
      data: data(7),
      network: { kind: 'deep', depth: 3, width: 16, activation: 'relu' },
      training: { eta: 0.2, steps: 12, rates: [1, 0, 2, 0.5], linearized: true },
    },
  },
  {
    title: 'L = 4, erf, every linear model',
    spec: {
      data: data(12),
      network: { kind: 'deep', widths: [20, 12, 10, 8], activation: 'erf' },
      training: { eta: 2, steps: 12, linear: ['theory', 'adapted', 'fitted'] },
    },
  },
  {
    title: 'a ring, L = 1, relu, one channel, an even filter, pooled flat',
    spec: {
      data: data(10),
      network: {
        kind: 'convolutional',
        ...{ shape: [10, 1], channels: [14], filter: 4, pool: [5], activation: 'relu' },
      },
      training: { eta: 0.8, steps: 12, linear: ['fitted'] },
    },
  },
  {
    title: 'a ring, L = 2, erf, three channels, the mean of all positions',
    spec: {
      data: data(18),
      network: { kind: 'convolutional', shape: [6, 3], channels: [10, 12], readout: 'mean' },
      training: { eta: 5, steps: 12, linearized: true },
    },
  },
  {
    title: 'a torus, L = 2, gelu, three channels, pooled between layers and behind the last',
    spec: {
      data: data(108),
      network: {
        kind: 'convolutional',
        ...{ shape: [6, 6, 3], channels: [8, 10], filter: 3, pool: [2, 3], activation: 'gelu' },
      },
      training: { eta: 0.8, steps: 12, rates: [1, 0.5, 2], linearized: true },
    },
  },
  {
    title: 'a torus that is no square, L = 3, erf, one channel, pooled between layers, the readout at rest',
    spec: {
      data: data(24),
      network: { kind: 'convolutional', shape: [4, 6, 1], channels: [8, 6, 10], filter: 2, pool: [2, 1, 1] },
      training: { eta: 4, steps: 12, rates: [1, 1, 1, 0], linearized: true, linear: ['theory', 'fitted'] },
    },
  },
];

const measured = everyRun ? followed : followed.filter(({ title }) => /^L = 3|^a torus, L = 2/.test(title));

describe('a run of a deep or convolutional network follows float64 from its own arrays', () => {
  test.for(measured)('$title', async ({ spec }) => {
    const outcome = await collect(gpu.device, { seed: 5, ...spec, kernel: 'both' });
    expectToFollow(outcome);
    // Both towers are the same at t = 0, and what they give cancels to the last bit.
    const start = outcome.result.records[0];
    expect(start.step).toBe(0);
    expect(Object.values(start.outputs).flat()).toEqual(
      Object.values(start.outputs)
        .flat()
        .map(() => 0),
    );
    expect(Object.values(start.movement).every((moved) => moved === 0)).toBe(true);
    expect(Object.values(start.train.discrepancies).every((apart) => apart === 0)).toBe(true);
  });
});

test.for([0, 6])('two runs of one spec give the same bits: %i', async (index) => {
  const { spec } = followed[index];
  const [one, two] = [await collect(gpu.device, spec), await collect(gpu.device, spec)];
  expect(two.result.records).toEqual(one.result.records);
  for (const [name, { data }] of one.arrays) {
    expect(new Uint32Array(two.arrays.get(name)!.data.buffer), name).toEqual(new Uint32Array(data.buffer));
  }
  const other = await collect(gpu.device, { ...spec, seed: 99 });
  expect(other.result.records).not.toEqual(one.result.records);
});

test.for(['erf', 'relu', 'gelu'])('one hidden layer is the two-layer network: %s', async (activation) => {
  const spec = {
    seed: 7,
    data: data(11),
    training: { eta: 1, steps: 20, linearized: true, rates: [1, 0.5] },
  };
  const two = await collect(gpu.device, { ...spec, network: { width: 26, activation } });
  const deep = await collect(gpu.device, { ...spec, network: { kind: 'deep', widths: [26], activation } });
  // The same numbers, drawn on the host in float64 there and on the device here.
  expectNear('W(0)', values(deep, 'W1_0'), values(two, 'W0').subarray(0, 13 * 11));
  expect(deep.arrays.get('v_0')!.data).toEqual(two.arrays.get('v0')!.data.slice(0, 13));
  expect(deep.result.records.map(({ step }) => step)).toEqual(two.result.records.map(({ step }) => step));
  two.result.records.forEach((record, k) => {
    const other = deep.result.records[k];
    for (const set of ['train', 'test'] as const) {
      for (const [key, loss] of Object.entries(record[set]!.losses)) {
        expect(Math.abs(other[set]!.losses[key]! / loss! - 1), `loss, ${key}`).toBeLessThan(accuracy);
      }
    }
    for (const [key, outputs] of Object.entries(record.outputs)) {
      expectNear(`watched, ${key}`, other.outputs[key]!, outputs!);
    }
    const { W, v, beta } = record.movement;
    const { W1, v: v1, beta: beta1 } = other.movement;
    expectNear('movement', [W1, v1, beta1], [W, v, beta]);
  });
  expect(deep.result.preparation.horizon).toBeCloseTo(
    two.result.preparation.horizon / deep.result.preparation.deep!.k1,
    9,
  );
});

test.each([
  [{ kind: 'deep', widths: [8, 8], activation: 'relu' }, [Math.SQRT2, Math.SQRT2, 1]],
  [{ kind: 'deep', widths: [8], activation: 'relu' }, [1, 1]],
  [{ kind: 'deep', widths: [8, 8], activation: 'erf' }, [1, 1, 1]],
  [{ kind: 'deep', widths: [8, 8], activation: 'relu', gains: [1.5, 1, 0.5] }, [1.5, 1, 0.5]],
] as const)('the gains that were chosen are in the result, %j', async (network, gains) => {
  const data = { distribution: 'gaussian', d: 5, n: 12, nTest: 0 } as const;
  const { result } = await collect(gpu.device, { data, network, training: { eta: 0.1, steps: 1 } } as never);
  expect(result.preparation.deep!.gains).toEqual(gains);
});
