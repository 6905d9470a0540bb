import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/math/activation-names.ts';
import {
  type DeepArchitecture,
  deepShape,
  fullyConnected,
  unitGains,
} from '../../src/math/deep/architecture.ts';
import { deepExpectedKernel, expectedPoints, expectedRows } from '../../src/math/deep/expected-kernel.ts';
import { deepKernelAt } from '../../src/math/deep/linear-constants.ts';
import { type Dense, dense } from '../../src/math/dense.ts';
import { towerPoint } from '../../src/reference/deep-network.ts';
import { towerKernel } from '../../src/reference/deep-tangent.ts';
import { expectedKernel } from '../../src/reference/expected-kernel.ts';
import { everyActivation } from '../activations.ts';
import {
  expectedKernels,
  fill,
  kernelArguments,
  referenceNetworks,
  weightedKernel,
} from '../deep-reference.ts';
import { RandomNumbers } from '../reference/random-numbers.ts';

/** Ten printed digits. */
const printed = 1e-9;

const largestDifference = (P: Dense, Q: Dense): number =>
  P.data.reduce((most, value, k) => Math.max(most, Math.abs(value - Q.data[k])), 0);

/** Two inputs of d = 2 with these ‖x‖²/d, ‖x′‖²/d and ⟨x, x′⟩/d. */
function inputsOf({ a, b, c }: { a: number; b: number; c: number }): Dense {
  const along = c / Math.sqrt(a);
  const aside = Math.sqrt(Math.max(0, b - along ** 2));
  return dense(2, 2, [Math.sqrt(2 * a), 0, Math.SQRT2 * along, Math.SQRT2 * aside]);
}

describe.for(expectedKernels)('$name, L = $depth', ({ name, depth, values }) => {
  const activation: Activation = { name };
  const gains = unitGains(depth);
  test.for(kernelArguments.map((at, k) => ({ at, value: values[k] })))('k at $at', ({ at, value }) => {
    expect(Math.abs(deepKernelAt({ activation, gains, weights: gains }, at) - value)).toBeLessThan(printed);
    const network = { architecture: fullyConnected(2, Array<number>(depth).fill(1)), activation };
    const kernel = deepExpectedKernel(network, inputsOf(at));
    // Of one input twice, rounding alone parts it from itself: √ε in the angle of a ReLU.
    const within = at.c === at.a && name === 'relu' ? 1e-7 : printed;
    expect(Math.abs(kernel.data[1] - value)).toBeLessThan(within);
  });
});

test('gains and weights of the layers', () => {
  const { gains, weights, at, value } = weightedKernel;
  const activation: Activation = { name: 'relu' };
  expect(Math.abs(deepKernelAt({ activation, gains, weights }, at) - value)).toBeLessThan(printed);
  const network = { architecture: fullyConnected(2, [1, 1, 1], gains), activation };
  const X = inputsOf(at);
  expect(Math.abs(deepExpectedKernel(network, X, X, weights).data[1] - value)).toBeLessThan(printed);
});

test.for(referenceNetworks)('$title', ({ architecture, name, expected }) => {
  const { d } = deepShape(architecture);
  const X = dense(3, d, fill(3 * d, 0.5, 0.7));
  const { data } = deepExpectedKernel({ architecture, activation: { name } }, X);
  const upper = [0, 1, 2, 4, 5, 8].map((k) => data[k]);
  upper.forEach((value, k) => expect(Math.abs(value - expected[k]), `entry ${k}`).toBeLessThan(printed));
});

test.for(everyActivation([0.2]))('%o: L = 1 is the two-layer kernel', (activation) => {
  const random = new RandomNumbers(11);
  const [X, Xt] = [random.normalMatrix(5, 3), random.normalMatrix(4, 3)];
  const network = { architecture: fullyConnected(3, [1]), activation };
  const weights = { first: 0.7, second: 1.4 };
  for (const other of [X, Xt]) {
    const deep = deepExpectedKernel(network, X, other, [weights.first, weights.second]);
    expect(largestDifference(deep, expectedKernel(activation, X, other, weights))).toBeLessThan(1e-11);
  }
});

/** Pools before and behind a convolution, both readouts, axes of unlike sides, gains and weights. */
const architectures: [string, DeepArchitecture][] = [
  [
    'ring, pools twice, flat',
    {
      positions: [8],
      channels: 2,
      layers: [
        { channels: 96, taps: 2, pool: 2 },
        { channels: 96, taps: 3, pool: 2 },
      ],
      readout: 'flat',
      gains: [1.2, 1.4, 0.8],
    },
  ],
  [
    'torus, pools, mean',
    {
      positions: [4, 2],
      channels: 1,
      layers: [
        { channels: 96, taps: 2, pool: 1 },
        { channels: 96, taps: 2, pool: 2 },
      ],
      readout: 'mean',
      gains: [1.2, 1.4, 0.8],
    },
  ],
  [
    'torus, flat',
    {
      positions: [2, 3],
      channels: 1,
      layers: [
        { channels: 96, taps: 2, pool: 1 },
        { channels: 96, taps: 2, pool: 1 },
      ],
      readout: 'flat',
      gains: [1.2, 1.4, 0.8],
    },
  ],
];

describe.for(architectures)('%s', ([, architecture]) => {
  const shape = deepShape(architecture);
  const activation: Activation = { name: 'gelu' };
  const network = { architecture, activation };
  const weights = [1, 0.5, 2];

  test('is the mean of kernels of wide towers', () => {
    const random = new RandomNumbers(12);
    const X = random.normalMatrix(3, shape.d);
    const expected = deepExpectedKernel(network, X, X, weights);
    const draws = 40;
    const mean = dense(3, 3);
    for (let draw = 0; draw < draws; draw++) {
      const W = shape.layers.map(({ channels, fanIn }) => random.normalMatrix(channels, fanIn));
      const v = Float64Array.from({ length: shape.readout.weights }, () => (random.uniform() < 0.5 ? -1 : 1));
      const point = towerPoint(architecture, activation, { W, v }, X);
      towerKernel(point, point, weights).data.forEach((value, k) => (mean.data[k] += value / draws));
    }
    const size = Math.max(...expected.data);
    // One draw errs by about 3/√96 of the kernel.
    expect(largestDifference(mean, expected)).toBeLessThan(0.1 * size);
  });

  test('blocks of rows and two sets give the entries of the whole', () => {
    const random = new RandomNumbers(13);
    const X = random.normalMatrix(5, shape.d);
    const whole = deepExpectedKernel(network, X, X, weights);
    const points = expectedPoints(network, X);
    const [above, below] = [
      expectedRows(points, points, { weights, rows: 2 }),
      expectedRows(points, points, { weights, firstRow: 2 }),
    ];
    const rejoined = dense(5, 5, [...above.data, ...below.data]);
    expect(largestDifference(rejoined, whole)).toBeLessThan(1e-13);
    const copy = dense(5, shape.d, X.data);
    expect(largestDifference(deepExpectedKernel(network, X, copy, weights), whole)).toBeLessThan(1e-13);
  });
});

test.for(everyActivation([0.2]))('%o: blank images have entries that are numbers', (activation) => {
  for (const [, architecture] of architectures) {
    const { d } = deepShape(architecture);
    const half = fill(d, 1, 2).map((value, k) => (k < d / 2 ? 0 : value));
    const X = dense(3, d, [...new Float64Array(d), ...half, ...fill(d, 2, 1)]);
    const kernel = deepExpectedKernel({ architecture, activation }, X);
    expect(kernel.data.every(Number.isFinite)).toBe(true);
    expect(kernel.data[4]).toBeGreaterThan(0);
  }
});

test('variances are those of each position', () => {
  const architecture: DeepArchitecture = {
    positions: [4],
    channels: 1,
    layers: [
      { channels: 1, taps: 1, pool: 1 },
      { channels: 1, taps: 2, pool: 1 },
    ],
    readout: 'flat',
    gains: [1, 1, 1],
  };
  const X = dense(1, 4, [1, 2, 3, 0]);
  const { variables } = expectedPoints({ architecture, activation: { name: 'relu' } }, X);
  expect(variables[0].map(({ variance }) => variance)).toEqual([1, 4, 9, 0]);
  // E max(z, 0)² = q/2, from the position to the left and the position itself.
  expect(variables[1].map(({ variance }) => variance)).toEqual([0.25, 1.25, 3.25, 2.25]);
});

test('inputs, rows and weights that do not fit', () => {
  const network = { architecture: fullyConnected(3, [1]), activation: { name: 'erf' } } as const;
  expect(() => expectedPoints(network, dense(2, 4))).toThrow('2 × 4');
  const points = expectedPoints(network, dense(2, 3));
  expect(() => expectedRows(points, points, { firstRow: 1, rows: 2 })).toThrow(RangeError);
  expect(() => expectedRows(points, points, { weights: [1] })).toThrow('2 finite numbers');
});
