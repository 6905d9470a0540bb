import { expect, test } from 'vitest';
import type { Activation } from '../../src/math/activation-names.ts';
import { type DeepArchitecture, deepShape, fullyConnected } from '../../src/math/deep/architecture.ts';
import { deepFeatureMatrix } from '../../src/math/deep/linear-features.ts';
import { deepLinearModel } from '../../src/math/deep/linear-models.ts';
import { dense } from '../../src/math/dense.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { linearFeatures } from '../../src/math/linear-features.ts';
import { pairKernel, pairPoint } from '../../src/reference/deep-pair.ts';
import { trainPair } from '../../src/reference/deep-train.ts';
import { train } from '../../src/reference/train.ts';
import { RandomNumbers } from './random-numbers.ts';

function expectClose(actual: ArrayLike<number>, exact: ArrayLike<number>, within: number): void {
  expect(actual.length).toBe(exact.length);
  for (let k = 0; k < exact.length; k++)
    expect(Math.abs(actual[k] - exact[k]), `entry ${k}`).toBeLessThan(within);
}

test('L = 1: every output is that of the two-layer twin, at two rates', () => {
  const [n, d, half] = [8, 4, 5];
  const random = new RandomNumbers(71);
  const activation: Activation = { name: 'gelu' };
  const set = (rows: number) => {
    const X = random.normalMatrix(rows, d);
    return { X, y: random.signQuadratic(X) };
  };
  const [training, testing] = [set(n), set(3)];
  const W = random.normalMatrix(half, d);
  const v = Float64Array.from({ length: half }, () => (random.uniform() < 0.5 ? -1 : 1));
  const [eta1, eta2] = [0.8, 0.3];
  const features = linearFeatures(gaussianConstants(activation, 1), d, [eta1, eta2]);
  const recordAt = [0, 1, 20];
  const two = train({
    train: training,
    test: testing,
    activation,
    W0: dense(2 * half, d, [...W.data, ...W.data]),
    v0: Float64Array.from([...v, ...v.map((sign) => -sign)]),
    rates: [eta1, eta2],
    features,
    recordAt,
    linearized: true,
  }).records;
  const architecture = fullyConnected(d, [half]);
  const model = deepLinearModel({ architecture, activation }, { weights: [1, eta2 / eta1] });
  const deep = trainPair({
    architecture,
    activation,
    start: { plus: { W: [W], v }, minus: { W: [W], v } },
    train: training,
    test: testing,
    rates: [eta1, eta2],
    features: { train: deepFeatureMatrix(model, training.X), test: deepFeatureMatrix(model, testing.X) },
    linearized: true,
    recordAt,
  });
  expect(deep.map(({ step }) => step)).toEqual(recordAt);
  deep.forEach((record, k) => {
    for (const which of ['train', 'test'] as const) {
      expectClose(record[which]!.network, two[k].outputs[which]!.network, 1e-12);
      expectClose(record[which]!.linearized!, two[k].outputs[which]!.linearized!, 1e-12);
      // M comes by interpolation.
      expectClose(record[which]!.linear!, two[k].outputs[which]!.linear, 1e-6);
    }
  });
  expect(Math.max(...deep[2].train.network.map(Math.abs))).toBeGreaterThan(0.3);
});

test('the linearization is gradient descent with the kernel of weights η_l/η', () => {
  const architecture: DeepArchitecture = {
    positions: [4],
    channels: 1,
    layers: [
      { channels: 4, taps: 3, pool: 1 },
      { channels: 3, taps: 2, pool: 2 },
    ],
    readout: 'flat',
    gains: [1.2, 1, 1],
  };
  const random = new RandomNumbers(72);
  const shape = deepShape(architecture);
  const X = random.normalMatrix(5, shape.d);
  const y = random.normals(5);
  const tower = {
    W: shape.layers.map(({ channels, fanIn }) => random.normalMatrix(channels, fanIn)),
    v: random.normals(shape.readout.weights),
  };
  const start = { plus: tower, minus: tower };
  const rates = [0.4, 0, 0.1];
  const steps = 12;
  const problem = { architecture, activation: { name: 'tanh' }, start, rates } as const;
  const [record] = trainPair({
    ...problem,
    train: { X, y },
    test: null,
    features: null,
    linearized: true,
    recordAt: [steps],
  });
  const point = pairPoint(architecture, problem.activation, start, X);
  const theta = pairKernel(point, point, rates);
  let u = new Float64Array(5);
  for (let step = 0; step < steps; step++) {
    u = u.map(
      (value, i) => value - u.reduce((sum, at, j) => sum + (theta.data[i * 5 + j] * (at - y[j])) / 5, 0),
    );
  }
  expectClose(record.train.linearized!, u, 1e-13);
  // The layer whose rate is 0 rests, and the others do not.
  expect([...record.parameters.plus.W[1].data]).toEqual([...tower.W[1].data]);
  expect([...record.parameters.plus.W[0].data]).not.toEqual([...tower.W[0].data]);
  const loss = (f: Float64Array): number => f.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0);
  expect(loss(record.train.network)).toBeLessThan(loss(new Float64Array(5)));
});
