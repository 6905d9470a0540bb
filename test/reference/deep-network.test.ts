import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/math/activation-names.ts';
import { type DeepArchitecture, deepShape, fullyConnected } from '../../src/math/deep/architecture.ts';
import { type Dense, dense, rowProducts } from '../../src/math/dense.ts';
import { type Tower, type TowerPoint, towerPoint } from '../../src/reference/deep-network.ts';
import {
  type Pair,
  pairKernel,
  pairPoint,
  pairPullback,
  pairPushforward,
} from '../../src/reference/deep-pair.ts';
import {
  jacobianRows,
  towerKernel,
  towerPullback,
  towerPushforward,
} from '../../src/reference/deep-tangent.ts';
import { firstGradient } from '../../src/reference/first-gradient.ts';
import { forward } from '../../src/reference/forward.ts';
import { tangentKernel } from '../../src/reference/ntk.ts';
import { output, residual } from '../../src/reference/output.ts';
import { secondGradient } from '../../src/reference/second-gradient.ts';
import { fill, referenceNetworks } from '../deep-reference.ts';
import { centralDifference, u } from './central-difference.ts';
import { RandomNumbers } from './random-numbers.ts';

/** The network and inputs of the reference, and θ₋. */
function filled(architecture: DeepArchitecture): { X: Dense; pair: Pair } {
  const shape = deepShape(architecture);
  const W = shape.layers.map(({ channels, fanIn }, k) =>
    dense(channels, fanIn, fill(channels * fanIn, k + 1, 0.3 + 0.1 * (k + 1))),
  );
  const v = fill(shape.readout.weights, 7, 1.1).map(Math.sign);
  const [first, ...deeper] = W;
  const aside = fill(first.data.length, 3, 0.9);
  const other = dense(
    first.rows,
    first.cols,
    first.data.map((value, k) => value + 0.1 * aside[k]),
  );
  return {
    X: dense(3, shape.d, fill(3 * shape.d, 0.5, 0.7)),
    pair: { plus: { W, v }, minus: { W: [other, ...deeper], v } },
  };
}

const upper = ({ rows, cols, data }: Dense): number[] =>
  [...data].filter((_, k) => k % cols >= Math.floor(k / cols) && k < rows * cols);

const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));

function expectClose(actual: ArrayLike<number>, exact: ArrayLike<number>, within: number): void {
  expect(actual.length).toBe(exact.length);
  for (let k = 0; k < exact.length; k++)
    expect(Math.abs(actual[k] - exact[k]), `entry ${k}`).toBeLessThan(within);
}

/** Ten printed digits. */
const printed = 1e-9;
const y = Float64Array.of(1, -1, 1);

describe.for(referenceNetworks)('$title', (reference) => {
  const { name, architecture } = reference;
  const { X, pair } = filled(architecture);
  const point = pairPoint(architecture, { name }, pair, X);

  test('one tower: outputs and kernel', () => {
    expectClose(point.plus.g, reference.g, printed);
    expectClose(upper(towerKernel(point.plus)), reference.towerKernel, printed);
  });

  test('the pair: outputs, loss, gradients and kernel', () => {
    expectClose(point.f, reference.f, printed);
    const e = residual(point.f, y);
    expect(Math.abs(norm(e) ** 2 / (2 * 3) - reference.loss)).toBeLessThan(printed);
    const gradient = pairPullback(
      point,
      e.map((value) => value / 3),
    );
    for (const side of ['plus', 'minus'] as const) {
      const { W, v } = gradient[side];
      expectClose([...W.map(({ data }) => norm(data)), norm(v)], reference.gradientNorms[side], printed);
    }
    expectClose(upper(pairKernel(point)), reference.pairKernel, printed);
  });
});

function randomTower(architecture: DeepArchitecture, random: RandomNumbers): Tower {
  const { layers, readout } = deepShape(architecture);
  return {
    W: layers.map(({ channels, fanIn }) => random.normalMatrix(channels, fanIn)),
    v: random.normals(readout.weights),
  };
}

/** Every kind of layer: gains, two axes of unlike sides, even and odd filters, a pool before and after another convolution. */
const architectures: [string, DeepArchitecture][] = [
  ['fully-connected', fullyConnected(4, [5, 3, 4], [1.3, 0.7, 1.1, 0.9])],
  [
    'ring, flat',
    {
      positions: [4],
      channels: 2,
      layers: [
        { channels: 3, taps: 2, pool: 1 },
        { channels: 2, taps: 3, pool: 2 },
      ],
      readout: 'flat',
      gains: [1.2, 0.8, 1.5],
    },
  ],
  [
    'torus, mean',
    {
      positions: [4, 2],
      channels: 1,
      layers: [
        { channels: 2, taps: 2, pool: 2 },
        { channels: 3, taps: 1, pool: 1 },
      ],
      readout: 'mean',
      gains: [1.2, 0.8, 1.5],
    },
  ],
];

describe.for(architectures)('%s', ([, architecture]) => {
  const activation: Activation = { name: 'gelu' };
  const random = new RandomNumbers(5);
  const n = 3;
  const { d } = deepShape(architecture);
  const X = random.normalMatrix(n, d);
  const pair = { plus: randomTower(architecture, random), minus: randomTower(architecture, random) };
  const targets = random.normals(n);
  const at = (): ReturnType<typeof pairPoint> => pairPoint(architecture, activation, pair, X);
  const point = at();

  test('gradients are the slopes of the loss', () => {
    const loss = (): Float64Array => Float64Array.of(norm(residual(at().f, targets)) ** 2 / (2 * n));
    const e = residual(point.f, targets);
    const gradient = pairPullback(
      point,
      e.map((value) => value / n),
    );
    // Outputs and targets are below 8 in size, and some hundred operations make them.
    const rounding = 1000 * u * 8 ** 2;
    for (const side of ['plus', 'minus'] as const) {
      const parameters = [...pair[side].W.map(({ data }) => data), pair[side].v];
      const slopes = [...gradient[side].W.map(({ data }) => data), gradient[side].v];
      expect(Math.max(...slopes.map((values) => Math.max(...values.map(Math.abs))))).toBeGreaterThan(1e-3);
      parameters.forEach((values, l) => {
        for (let index = 0; index < values.length; index++) {
          const { derivative, bound } = centralDifference(loss, values, index, rounding);
          expect(Math.abs(slopes[l][index] - derivative[0]), `${side} ${l} ${index}`).toBeLessThanOrEqual(
            bound[0],
          );
          expect(bound[0]).toBeLessThan(1e-5);
        }
      });
    }
  });

  test('Jp is the slope along p, JJᵀ the kernel, and Jᵀ the transpose of J', () => {
    const other = { plus: randomTower(architecture, random), minus: randomTower(architecture, random) };
    const step = 1e-5;
    const along = (s: number): Float64Array => {
      const tower = (base: Tower, by: Tower): Tower => ({
        W: base.W.map((W, l) =>
          dense(
            W.rows,
            W.cols,
            W.data.map((value, k) => value + s * by.W[l].data[k]),
          ),
        ),
        v: base.v.map((value, k) => value + s * by.v[k]),
      });
      const moved = { plus: tower(pair.plus, other.plus), minus: tower(pair.minus, other.minus) };
      return pairPoint(architecture, activation, moved, X).f;
    };
    const [above, below] = [along(step), along(-step)];
    const slope = above.map((value, i) => (value - below[i]) / (2 * step));
    expectClose(pairPushforward(point, other), slope, 1e-7);
    const back = random.normals(n);
    const through = pairPushforward(point, pairPullback(point, back));
    const kernel = pairKernel(point);
    const product = back.map((_, i) =>
      back.reduce((sum, value, j) => sum + kernel.data[i * n + j] * value, 0),
    );
    expectClose(through, product, 1e-12);
  });

  test('weights of the layers: those of each layer add up', () => {
    const L = architecture.layers.length;
    const parts = Array.from({ length: L + 1 }, (_, l) =>
      towerKernel(
        point.plus,
        point.plus,
        Array.from({ length: L + 1 }, (_, k) => Number(k === l)),
      ),
    );
    const weights = Array.from({ length: L + 1 }, (_, l) => 0.5 + l);
    const whole = towerKernel(point.plus, point.plus, weights);
    const sum = whole.data.map((_, k) => parts.reduce((all, { data }, l) => all + weights[l] * data[k], 0));
    expectClose(whole.data, sum, 1e-12);
    for (const { data } of parts) expect(data[0]).toBeGreaterThan(1e-4);
  });
});

test('fully-connected kernels by their factors (BB̃ᵀ) ⊙ (HH̃ᵀ)', () => {
  const gains = [1.3, 0.7, 1.1];
  const architecture = fullyConnected(4, [5, 3], gains);
  const random = new RandomNumbers(6);
  const [X, Xt] = [random.normalMatrix(4, 4), random.normalMatrix(3, 4)];
  const [one, two] = [X, Xt].map((set): TowerPoint =>
    towerPoint(architecture, { name: 'tanh' }, randomTower(architecture, random), set),
  );
  const last = rowProducts(one.H[1], two.H[1]).data.map((value) => (gains[2] ** 2 * value) / 3);
  [
    [one.B[0], two.B[0], X, Xt, gains[0] ** 2 / 4],
    [one.B[1], two.B[1], one.H[0], two.H[0], gains[1] ** 2 / 5],
  ].forEach(([B, Bt, H, Ht, factor]) => {
    const slopes = rowProducts(B as Dense, Bt as Dense).data;
    rowProducts(H as Dense, Ht as Dense).data.forEach(
      (value, k) => (last[k] += (factor as number) * slopes[k] * value),
    );
  });
  expectClose(towerKernel(one, two).data, last, 1e-13);
});

test('L = 1 is the two-layer network of both towers stacked', () => {
  const [d, m, n] = [4, 6, 5];
  const random = new RandomNumbers(7);
  const architecture = fullyConnected(d, [m / 2]);
  const activation: Activation = { name: 'softplus' };
  const X = random.normalMatrix(n, d);
  const targets = random.normals(n);
  const pair = { plus: randomTower(architecture, random), minus: randomTower(architecture, random) };
  const W = dense(m, d, [...pair.plus.W[0].data, ...pair.minus.W[0].data]);
  const v = Float64Array.from([...pair.plus.v, ...pair.minus.v.map((value) => -value)]);
  const { A, D } = forward(X, W, activation);
  const f = output(A, v);
  const e = residual(f, targets);
  const point = pairPoint(architecture, activation, pair, X);
  expectClose(point.f, f, 1e-14);
  const gradient = pairPullback(
    point,
    e.map((value) => value / n),
  );
  expectClose(
    [...gradient.plus.W[0].data, ...gradient.minus.W[0].data],
    firstGradient(D, X, v, e).data,
    1e-14,
  );
  expectClose([...gradient.plus.v, ...gradient.minus.v.map((value) => -value)], secondGradient(A, e), 1e-14);
  expectClose(pairKernel(point).data, tangentKernel({ X, A, D, v }).data, 1e-14);
});

describe('at the symmetric initialization', () => {
  const architecture = fullyConnected(5, [4, 6]);
  const activation: Activation = { name: 'relu' };
  const random = new RandomNumbers(8);
  const X = random.normalMatrix(4, 5);
  const tower = randomTower(architecture, random);
  const point = pairPoint(architecture, activation, { plus: tower, minus: tower }, X);

  test('outputs are 0 and the kernel is that of one tower', () => {
    expect([...point.f]).toEqual([0, 0, 0, 0]);
    expectClose(pairKernel(point).data, towerKernel(point.plus).data, 1e-15);
  });

  test('every layer of both towers has a gradient, opposite in the two', () => {
    const { plus, minus } = pairPullback(point, random.normals(4));
    for (const [l, W] of plus.W.entries()) {
      expect(norm(W.data)).toBeGreaterThan(1e-2);
      expect([...minus.W[l].data]).toEqual([...W.data].map((value) => 0 - value));
    }
    expect(norm(plus.v)).toBeGreaterThan(1e-2);
  });

  test('between two parameter points towers meet their own: never the other', () => {
    const moved = { plus: randomTower(architecture, random), minus: randomTower(architecture, random) };
    const later = pairPoint(architecture, activation, moved, X);
    const own = towerKernel(point.plus, later.plus).data;
    const minus = towerKernel(point.minus, later.minus).data;
    const kernel = pairKernel(point, later);
    expectClose(
      kernel.data,
      own.map((value, k) => (value + minus[k]) / 2),
      1e-15,
    );
    // The definition: Jᵀ at one point, J at the other.
    const back = random.normals(4);
    const product = back.map((_, i) =>
      back.reduce((sum, value, j) => sum + kernel.data[i * 4 + j] * value, 0),
    );
    expectClose(pairPushforward(point, pairPullback(later, back)), product, 1e-13);
  });
});

test('readouts: flat has a weight at each position, and mean divides by √C_L outside the mean', () => {
  const layers = [{ channels: 2, taps: 1, pool: 1 }];
  const shared = { positions: [3], channels: 1, layers, gains: [1, 1] };
  const flat = { ...shared, readout: 'flat' } as const;
  const mean = { ...shared, readout: 'mean' } as const;
  expect(deepShape(flat).readout.weights).toBe(6);
  expect(deepShape(mean).readout.weights).toBe(2);
  const W = [dense(2, 1, [1, 2])];
  const X = dense(1, 3, [1, 10, 100]);
  const identity: Activation = { name: 'identity' };
  const only = Float64Array.of(0, 0, 0, 1, 0, 0);
  // Position 1, channel 1: z = 2 · 10.
  expect(towerPoint(flat, identity, { W, v: only }, X).g[0]).toBeCloseTo(20 / Math.sqrt(6), 14);
  const second = Float64Array.of(0, 1);
  expect(towerPoint(mean, identity, { W, v: second }, X).g[0]).toBeCloseTo((2 * 37) / Math.sqrt(2), 13);
});

test('even filters reach one farther to the left; axes are row-major and channels last', () => {
  const layers = [{ channels: 1, taps: 2, pool: 1 }];
  const architecture: DeepArchitecture = {
    positions: [2, 3],
    channels: 2,
    layers,
    readout: 'flat',
    gains: [1, 1],
  };
  const { window } = deepShape(architecture).layers[0];
  // From (1, 0): rows 0 and 1, columns 2 and 0.
  expect([...window.subarray(3 * 4, 4 * 4)]).toEqual([2, 0, 5, 3]);
  const X = dense(1, 12, fill(12, 1, 1));
  const W = dense(1, 8, fill(8, 2, 1));
  const { Z } = towerPoint(architecture, { name: 'identity' }, { W: [W], v: new Float64Array(6).fill(1) }, X);
  const sum = [2, 0, 5, 3].reduce(
    (all, p, t) => all + W.data[2 * t] * X.data[2 * p] + W.data[2 * t + 1] * X.data[2 * p + 1],
    0,
  );
  expect(Z[0].data[3]).toBeCloseTo(sum / Math.sqrt(8), 14);
});

test('one tower: Jᵀ is the transpose of J, row by row', () => {
  const architecture = architectures[1][1];
  const random = new RandomNumbers(9);
  const X = random.normalMatrix(2, deepShape(architecture).d);
  const point = towerPoint(architecture, { name: 'sin' }, randomTower(architecture, random), X);
  const rows = jacobianRows(point);
  const { W, v } = towerPullback(point, Float64Array.of(0, 1));
  [...W.map(({ data }) => data), v].forEach((values, l) => {
    expect([...values]).toEqual([...rows[l].data.subarray(rows[l].cols)]);
  });
  const single = { W: W.map(({ rows, cols }) => dense(rows, cols)), v: v.map((_, k) => Number(k === 1)) };
  expect([...towerPushforward(point, single)]).toEqual([rows[2].data[1], rows[2].data[rows[2].cols + 1]]);
});

describe('architectures that are none', () => {
  const base = architectures[1][1];
  const layer = base.layers[0];
  test.for<[string, DeepArchitecture]>([
    ['gains', { ...base, gains: [1, 1] }],
    ['gains', { ...base, gains: [1, 0, 1] }],
    ['pool', { ...base, layers: [{ ...layer, pool: 3 }, layer] }],
    ['taps', { ...base, layers: [{ ...layer, taps: 0 }, layer] }],
    ['hidden layer', { ...base, layers: [], gains: [1] }],
    ['axes', { ...base, positions: [2, 2, 2] }],
    ['fully-connected', { ...base, positions: [] }],
  ])('%s', ([about, architecture]) => {
    expect(() => deepShape(architecture)).toThrow(RangeError);
    expect(() => deepShape(architecture)).toThrow(about);
  });
});
