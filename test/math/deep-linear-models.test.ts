import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/math/activation-names.ts';
import {
  type DeepArchitecture,
  deepShape,
  fullyConnected,
  unitGains,
} from '../../src/math/deep/architecture.ts';
import { type NetworkFamily, deepExpectedKernel } from '../../src/math/deep/expected-kernel.ts';
import {
  type DeepLayers,
  adaptedSquare,
  deepConstants,
  deepKernelAt,
} from '../../src/math/deep/linear-constants.ts';
import { asDeepFeatures, deepFeatureMatrix, featureCount } from '../../src/math/deep/linear-features.ts';
import { adaptedLinearModel, deepLinearModel, fittedLinearModel } from '../../src/math/deep/linear-models.ts';
import { positionMixing } from '../../src/math/deep/position-mixing.ts';
import { type Dense, dense, rowProducts } from '../../src/math/dense.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { featureMatrix, linearFeatures } from '../../src/math/linear-features.ts';
import { everyActivation } from '../activations.ts';
import { referenceConstants } from '../deep-reference.ts';
import { RandomNumbers } from '../reference/random-numbers.ts';

const formulas: Activation[] = ['x*sigmoid(1.702*x)', 'min(max(x,-1),1)', 'max(x,0)'].map((formula) => ({
  name: 'formula',
  formula,
}));
const activations = [...everyActivation([0.2]), ...formulas];

const layersOf = (activation: Activation, depth: number): DeepLayers => ({
  activation,
  gains: unitGains(depth),
  weights: unitGains(depth),
});

/** RᵀR */
const gram = (rows: readonly (readonly number[])[]): number[] =>
  [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)));

function expectClose(actual: ArrayLike<number>, exact: ArrayLike<number>, within: number): void {
  expect(actual.length).toBe(exact.length);
  for (let k = 0; k < exact.length; k++)
    expect(Math.abs(actual[k] - exact[k]), `entry ${k}`).toBeLessThan(within);
}

test.for(referenceConstants)('constants of $activation, gains $gains', (reference) => {
  const { activation, gains, k0, k1, k2, diagonal, norms } = reference;
  const constants = deepConstants({ activation, gains, weights: unitGains(gains.length - 1) });
  // Eight printed digits.
  expectClose([constants.k0, constants.k1, constants.k2, constants.diagonal], [k0, k1, k2, diagonal], 6e-9);
  expect(constants.gamma).toBe(constants.diagonal - constants.k0 - constants.k1);
  // Six.
  if (norms) expectClose(gram(constants.normFeatures), gram(norms), 3e-6);
  else if (activation.name !== 'relu') expect(constants.normFeatures).toEqual([]);
  expectClose(gram(constants.normFeatures), constants.norms.flat(), 1e-8);
});

test('the variance of each layer is its own', () => {
  const { variances } = deepConstants(layersOf({ name: 'erf' }, 4));
  expectClose(variances, [1, 0.4646, 0.3199, 0.2552], 5e-5);
});

test.for(activations.filter(({ name }) => ['erf', 'tanh', 'sin', 'identity'].includes(name)))(
  '$name: k₁ of odd φ in closed form, with gains and weights',
  (activation) => {
    const gains = [1.3, 0.9, 1.2, 0.7];
    const weights = [1, 0, 0.5, 2];
    const { k0, k1, k2, slopeSquares } = deepConstants({ activation, gains, weights });
    const closed = slopeSquares.reduce(
      (product, zeta, l) => product * zeta * gains[l + 1] ** 2,
      gains[0] ** 2,
    );
    expect(Math.abs(k1 - 3.5 * closed)).toBeLessThan(1e-12);
    expect([k0, k2]).toEqual([0, 0]);
  },
);

describe.for(activations)('%o', (activation) => {
  test('L = 1 has the constants of the two-layer model, at any rates', () => {
    const [d, moment] = [7, 1.6];
    const random = new RandomNumbers(21);
    const X = random.normalMatrix(6, d);
    for (const [eta1, eta2] of [
      [1, 1],
      [2, 0],
      [0, 3],
      [0.5, 2],
    ]) {
      const eta = Math.max(eta1, eta2);
      const weights = [eta1 / eta, eta2 / eta];
      const two = linearFeatures(gaussianConstants(activation, moment), d, [eta1, eta2]);
      const network = { architecture: fullyConnected(d, [4]), activation };
      const model = deepLinearModel(network, { weights, spectrumMoment: moment });
      expect(Math.abs(model.scale - Math.abs(two.scale))).toBeLessThan(1e-12);
      expect(Math.abs(model.bias - Math.abs(two.bias))).toBeLessThan(1e-12);
      const closed = !['sigmoid', 'softplus', 'gelu', 'swish', 'formula'].includes(activation.name);
      expectClose(gram(model.norms), gram(asDeepFeatures(two).norms), closed ? 1e-12 : 1e-7);
      const kernels = [deepFeatureMatrix(model, X), featureMatrix(two, X)].map((Psi) => rowProducts(Psi));
      expectClose(kernels[0].data, kernels[1].data, closed ? 1e-11 : 1e-6);
    }
  });

  test('constants are the Taylor coefficients of the kernel about (1, 1, 0)', () => {
    const layers: DeepLayers = { activation, gains: [1.1, 0.9, 1.3, 1], weights: [1, 0.5, 2, 1] };
    const { k0, k1, k2, diagonal, norms } = deepConstants(layers);
    const size = Math.abs(diagonal);
    const at = (a: number, b: number, c: number): number => deepKernelAt(layers, { a, b, c });
    const h = 1e-3;
    const [above, here, below] = [at(1, 1, h), at(1, 1, 0), at(1, 1, -h)];
    expect(Math.abs(here - k0)).toBeLessThan(1e-12 * size);
    expect(Math.abs((above - below) / (2 * h) - k1)).toBeLessThan(1e-5 * size);
    expect(Math.abs((above - 2 * here + below) / (2 * h * h) - k2)).toBeLessThan(1e-5 * size);
    const quadratic = (r: number, s: number): number =>
      norms.reduce((sum, row, i) => sum + r ** i * (row[0] + row[1] * s + row[2] * s * s), 0);
    for (const [r, s] of [
      [0.02, 0],
      [0.02, -0.02],
      [-0.01, 0.02],
    ]) {
      // The third order.
      const exact = at((1 + r) ** 2, (1 + s) ** 2, 0);
      expect(Math.abs(exact - quadratic(r, s))).toBeLessThan(3e-5 * size);
    }
  });
});

test('the norm part of deep GELU has rank 3, and k₀ of deep ReLU is not ϑ₀²', () => {
  const { normFeatures, norms } = deepConstants(layersOf({ name: 'gelu' }, 2));
  expect(normFeatures).toHaveLength(3);
  const best = norms[0].map((value) => value / Math.sqrt(norms[0][0]));
  // What one feature through the first row misses.
  expect(Math.abs(norms[2][2] - best[2] ** 2)).toBeGreaterThan(1e-3);
  const { k0 } = deepConstants(layersOf({ name: 'relu' }, 2));
  expect(Math.abs(k0 - gaussianConstants({ name: 'relu' }, 1).theta0 ** 2)).toBeGreaterThan(0.01);
});

test('layers of an odd φ contribute the same to k₁', () => {
  const depth = 3;
  const shares = unitGains(depth).map((_, l) =>
    deepConstants({
      activation: { name: 'tanh' },
      gains: unitGains(depth),
      weights: unitGains(depth).map((_, k) => Number(k === l)),
    }),
  );
  for (const { k1 } of shares) expect(Math.abs(k1 - shares[0].k1)).toBeLessThan(1e-13);
});

test.each(['cos(x)', 'x^3-3*x', 'x^2-1'])('%s, of which E φ′ = 0, has no linear part', (formula) => {
  expect(deepConstants(layersOf({ name: 'formula', formula }, 2)).k1).toBe(0);
});

test('k₁ of eleven layers of sigmoid is small beside k₀, and not 0', () => {
  // The recursion by Gauss–Hermite quadrature at 96 nodes.
  const { k0, k1 } = deepConstants(layersOf({ name: 'sigmoid' }, 11));
  expect(k0).toBeCloseTo(0.2803057073, 9);
  expect(k1 / 1.47422067e-13).toBeCloseTo(1, 7);
});

test('a formula of a ReLU has the constants of the ReLU', () => {
  const named = deepConstants(layersOf({ name: 'relu' }, 3));
  const written = deepConstants(layersOf({ name: 'formula', formula: 'max(x,0)' }, 3));
  expectClose([written.k0, written.k1, written.k2], [named.k0, named.k1, named.k2], 1e-15);
});

/** The largest absolute eigenvalue of P − Q, by power iteration. */
function distance(P: Dense, Q: Dense): number {
  const n = P.rows;
  const D = P.data.map((value, k) => value - Q.data[k]);
  let u = new RandomNumbers(1).normals(n);
  let size = 0;
  for (let step = 0; step < 60; step++) {
    const image = u.map((_, i) => u.reduce((sum, value, j) => sum + D[i * n + j] * value, 0));
    size = Math.sqrt(image.reduce((sum, value) => sum + value ** 2, 0));
    u = image.map((value) => value / size);
  }
  return size;
}

const norm = (K: Dense): number => distance(K, dense(K.rows, K.cols));
const modelKernel = (network: NetworkFamily, X: Dense): Dense =>
  rowProducts(deepFeatureMatrix(deepLinearModel(network, { sample: X }), X));

/** ‖Θ* − K‖/(n/d) at d = 32, n = 320 of normal inputs: means and standard deviations over 3 seeds of an independent program. */
test.for([
  { depth: 1, mean: 0.1459, deviation: 0.0083 },
  { depth: 2, mean: 0.198, deviation: 0.01 },
  { depth: 3, mean: 0.2372, deviation: 0.012 },
])(
  'erf, L = $depth: the expected kernel is as near the linear model as it should be',
  ({ depth, mean, deviation }) => {
    const [n, d] = [320, 32];
    const X = new RandomNumbers(30 + depth).normalMatrix(n, d);
    const network: NetworkFamily = {
      architecture: fullyConnected(d, Array<number>(depth).fill(1)),
      activation: { name: 'erf' },
    };
    const measured = (distance(deepExpectedKernel(network, X), modelKernel(network, X)) * d) / n;
    expect(Math.abs(measured - mean)).toBeLessThan(4 * deviation);
  },
);

const ring = (d: number, taps: number): DeepArchitecture => ({
  positions: [d],
  channels: 1,
  layers: [{ channels: 1, taps, pool: 1 }],
  readout: 'flat',
  gains: [1, 1],
});

function hypercube(n: number, d: number, seed: number): Dense {
  const random = new RandomNumbers(seed);
  return dense(
    n,
    d,
    Float64Array.from({ length: n * d }, () => (random.uniform() < 0.5 ? -1 : 1)),
  );
}

describe('convolutional, flat', () => {
  /** d = 32, n = 64 of the hypercube, 3 seeds. */
  test.for([
    { taps: 3, mean: 0.4012, deviation: 0.0054 },
    { taps: 9, mean: 0.1933, deviation: 0.0043 },
  ])('erf, q = $taps: the distance that an independent program has', ({ taps, mean, deviation }) => {
    const X = hypercube(64, 32, taps);
    const network: NetworkFamily = { architecture: ring(32, taps), activation: { name: 'erf' } };
    const measured = distance(deepExpectedKernel(network, X), modelKernel(network, X)) / 2;
    expect(Math.abs(measured - mean)).toBeLessThan(4 * deviation);
  });

  test('the fitted slope is larger than k₁, by 1.17 at q = 3', () => {
    const network: NetworkFamily = { architecture: ring(32, 3), activation: { name: 'erf' } };
    const fitted = fittedLinearModel(network, hypercube(64, 32, 4));
    const { k1 } = deepConstants(layersOf({ name: 'erf' }, 1));
    expect(Math.abs((fitted.scale ** 2 * 32) / k1 - 1.169)).toBeLessThan(0.02);
  });

  test('its constant for ReLU is κ, near k₂/(QC₀), and leaves no mean off the diagonal', () => {
    const random = new RandomNumbers(41);
    const X = random.normalMatrix(80, 64);
    const network: NetworkFamily = { architecture: ring(64, 9), activation: { name: 'relu' } };
    const model = deepLinearModel(network, { sample: X });
    const { k2 } = deepConstants(layersOf({ name: 'relu' }, 1));
    expect(Math.abs(model.bias ** 2 / (k2 / 9) - 1)).toBeLessThan(0.4);
    const K = rowProducts(deepFeatureMatrix(model, X));
    const kernel = deepExpectedKernel(network, X);
    const rest = K.data.reduce((sum, value, k) => sum + (k % 81 === 0 ? 0 : kernel.data[k] - value), 0);
    expect(Math.abs(rest / (80 * 79))).toBeLessThan(1e-12);
    expect(() => deepLinearModel(network)).toThrow('sample');
  });
});

describe('mean readouts and pools', () => {
  const images: DeepArchitecture = {
    positions: [4, 4],
    channels: 3,
    layers: [
      { channels: 1, taps: 3, pool: 1 },
      { channels: 1, taps: 3, pool: 1 },
    ],
    readout: 'mean',
    gains: [1, 1, 1],
  };

  test('the linear model of a mean readout is that of the mean pixel', () => {
    const X = new RandomNumbers(51).normalMatrix(60, 48);
    const network: NetworkFamily = { architecture: images, activation: { name: 'erf' } };
    const model = deepLinearModel(network);
    expect(featureCount(model)).toBe(4);
    const { k1 } = deepConstants(layersOf({ name: 'erf' }, 2));
    const pixel = (i: number): number[] =>
      [0, 1, 2].map((c) =>
        Array.from({ length: 16 }, (_, p) => X.data[i * 48 + p * 3 + c] / 16).reduce((s, x) => s + x),
      );
    const K = rowProducts(deepFeatureMatrix(model, X));
    const product = pixel(2).reduce((sum, value, c) => sum + value * pixel(5)[c], 0);
    expect(Math.abs(K.data[2 * 60 + 5] - (k1 * product) / 3)).toBeLessThan(1e-14);
    // 0.098 ± 0.019 in an independent program.
    const kernel = deepExpectedKernel(network, X);
    expect(distance(kernel, K) / norm(K)).toBeLessThan(0.17);
  });

  test.for<[string, Partial<DeepArchitecture>]>([
    ['mean', {}],
    [
      'pool between layers',
      { readout: 'flat', layers: [{ channels: 1, taps: 3, pool: 2 }, images.layers[1]] },
    ],
    [
      'pool behind the last layer',
      { readout: 'flat', layers: [images.layers[0], { channels: 1, taps: 2, pool: 2 }] },
    ],
  ])('%s: MᵀM is the NNGP kernel of the linear network', ([, changed]) => {
    const architecture = { ...images, ...changed };
    const mixing = positionMixing(deepShape(architecture))!;
    const X = new RandomNumbers(52).normalMatrix(4, 48);
    const features = { d: 48, scale: 1 / Math.sqrt(48), adapted: null, mixing, bias: 0, norms: [] };
    const linear = deepExpectedKernel({ architecture, activation: { name: 'identity' } }, X, X, [0, 0, 1]);
    expectClose(rowProducts(deepFeatureMatrix(features, X)).data, linear.data, 1e-13);
  });

  test('pools between layers: k₁ at the variances of the sample', () => {
    const architecture: DeepArchitecture = {
      ...images,
      readout: 'flat',
      layers: [{ channels: 1, taps: 3, pool: 2 }, images.layers[1]],
    };
    const random = new RandomNumbers(53);
    const X = random.normalMatrix(50, 48);
    const network: NetworkFamily = { architecture, activation: { name: 'erf' } };
    const [theory, fitted] = [deepLinearModel(network, { sample: X }), fittedLinearModel(network, X)];
    expect(Math.abs(fitted.scale ** 2 / theory.scale ** 2 - 1)).toBeLessThan(0.1);
    const unpooled = deepConstants(layersOf({ name: 'erf' }, 2)).k1 / 48;
    // A pool leaves smaller variances, whose slopes are larger.
    expect(theory.scale ** 2 / unpooled).toBeGreaterThan(1.1);
    expect(() => deepLinearModel(network)).toThrow('sample');
  });
});

describe('pools between layers, φ not odd', () => {
  const [P, channels] = [8, 16];
  const d = P * channels;
  const architecture = (readout: 'flat' | 'mean'): DeepArchitecture => ({
    positions: [P],
    channels,
    layers: [
      { channels: 1, taps: 2, pool: 2 },
      { channels: 1, taps: 3, pool: 2 },
      { channels: 1, taps: 2, pool: 1 },
    ],
    readout,
    gains: [1.2, 1.4, 0.8, 1.1],
  });
  const weights = [1, 0.5, 2, 0.7];

  /**
   * Two inputs whose positions are orthogonal in each: all of them have the same variances, so that what the linear model takes means
   * of is exact. Those of the second are orthogonal to the first's but for ε times a random mixture of these.
   */
  function pairOf(epsilon: number, norms: [number, number] = [1, 1]): Dense {
    const random = new RandomNumbers(71);
    const X = dense(2, d);
    for (let p = 0; p < P; p++) {
      X.data[p * channels + p] = norms[0] * Math.sqrt(channels);
      X.data[d + p * channels + P + p] = norms[1] * Math.sqrt(channels);
      for (let q = 0; q < P; q++) {
        X.data[d + p * channels + q] = epsilon * norms[1] * Math.sqrt(channels) * random.normals(1)[0];
      }
    }
    return X;
  }

  const cases: [Activation, 'flat' | 'mean'][] = [
    [{ name: 'relu' }, 'flat'],
    [{ name: 'leaky-relu', slope: 0.3 }, 'mean'],
    [{ name: 'gelu' }, 'flat'],
    [{ name: 'softplus' }, 'mean'],
  ];
  test.for(cases)('%o, %s: exact to first order in what two inputs share', ([activation, readout]) => {
    const network: NetworkFamily = { architecture: architecture(readout), activation };
    const model = deepLinearModel(network, { weights, sample: pairOf(0) });
    const both = (X: Dense): [exact: number, linear: number] => [
      deepExpectedKernel(network, X, X, weights).data[1],
      rowProducts(deepFeatureMatrix(model, X)).data[1],
    ];
    const [exact, linear] = both(pairOf(0));
    expect(Math.abs(exact / linear - 1)).toBeLessThan(1e-7);
    const epsilon = 1e-4;
    const [above, below] = [both(pairOf(epsilon)), both(pairOf(-epsilon))];
    const [slope, linearSlope] = [0, 1].map((k) => (above[k] - below[k]) / (2 * epsilon));
    expect(Math.abs(slope)).toBeGreaterThan(1e-5 * exact);
    expect(Math.abs(linearSlope / slope - 1)).toBeLessThan(1e-5);
    // To second order in the norms, where φ is proportional on either side of 0 at any.
    const [r, s] = [0.03, -0.02];
    const [moved, linearMoved] = both(pairOf(0, [1 + r, 1 + s]));
    expect(Math.abs(moved - exact)).toBeGreaterThan(1e-4 * exact);
    expect(Math.abs(linearMoved / moved - 1)).toBeLessThan(activation.name.endsWith('relu') ? 1e-12 : 3e-5);
  });

  test('of random images: near the fitted model, and no mean is left off the diagonal', () => {
    const random = new RandomNumbers(72);
    const X = random.normalMatrix(40, 48);
    const layers = [
      { channels: 1, taps: 3, pool: 2 },
      { channels: 1, taps: 2, pool: 1 },
    ];
    const network: NetworkFamily = {
      architecture: { positions: [4, 4], channels: 3, layers, readout: 'flat', gains: [1, 1, 1] },
      activation: { name: 'relu' },
    };
    const [theory, fitted] = [deepLinearModel(network, { sample: X }), fittedLinearModel(network, X)];
    expect(Math.abs(fitted.scale ** 2 / theory.scale ** 2 - 1)).toBeLessThan(0.25);
    const [K, kernel] = [rowProducts(deepFeatureMatrix(theory, X)), deepExpectedKernel(network, X)];
    const rest = K.data.reduce((sum, value, k) => sum + (k % 41 === 0 ? 0 : kernel.data[k] - value), 0);
    expect(Math.abs(rest / (40 * 39))).toBeLessThan(1e-12);
    const unpooled = deepConstants(layersOf({ name: 'relu' }, 2)).k1 / 48;
    expect(Math.abs(theory.scale ** 2 / unpooled - 1)).toBeGreaterThan(0.05);
    expect(() => deepLinearModel(network)).toThrow('sample');
    expect(() => deepLinearModel(network, { sample: dense(3, 48) })).toThrow('not 0');
  });
});

describe('adapted', () => {
  test.for(['erf', 'tanh', 'sin'] as const)('%s: exact to first order in c at any norms', (name) => {
    const layers: DeepLayers = { activation: { name }, gains: [1.1, 0.9, 1.2], weights: [1, 2, 0.5] };
    const square = adaptedSquare(layers);
    const c = 1e-5;
    for (const [a, b] of [
      [0.4, 0.4],
      [0.3, 1.9],
    ]) {
      const slope = deepKernelAt(layers, { a, b, c }) / c;
      expect(Math.abs(3.5 * Math.sqrt(square(a) * square(b)) - slope)).toBeLessThan(1e-8);
    }
  });

  test.for(['erf', 'tanh', 'sin'] as const)('%s: at and near 0 it is φ′(0) of every layer', (name) => {
    const square = adaptedSquare(layersOf({ name }, 2));
    const slope = name === 'erf' ? 4 / Math.PI : 1;
    for (const a of [0, 1e-20, 1e-13, 1e-11])
      expect(Math.abs(square(a) - slope ** 2), `${a}`).toBeLessThan(1e-9);
  });

  test('its features: at ‖x‖² = d those of the linear model, and a refusal of others', () => {
    const network: NetworkFamily = { architecture: fullyConnected(4, [3, 3]), activation: { name: 'erf' } };
    const onSphere = dense(2, 4, [1, 1, -1, 1, 2, 0, 0, 0]);
    const [adapted, plain] = [adaptedLinearModel(network), deepLinearModel(network)];
    expectClose(deepFeatureMatrix(adapted, onSphere).data, deepFeatureMatrix(plain, onSphere).data, 1e-14);
    const long = dense(1, 4, [3, 0, 0, 0]);
    expect(deepFeatureMatrix(adapted, long).data[0]).toBeLessThan(
      0.9 * deepFeatureMatrix(plain, long).data[0],
    );
    const relu: NetworkFamily = { ...network, activation: { name: 'relu' } };
    expect(() => adaptedLinearModel(relu)).toThrow(RangeError);
    const zero = dense(1, 4);
    expect(deepFeatureMatrix(adapted, zero).data.every((value) => value === 0)).toBe(true);
  });
});

test('fitted: least squares off the diagonal', () => {
  const random = new RandomNumbers(61);
  const X = random.normalMatrix(40, 10);
  const network: NetworkFamily = { architecture: fullyConnected(10, [3, 3]), activation: { name: 'relu' } };
  const fitted = fittedLinearModel(network, X);
  const kernel = deepExpectedKernel(network, X);
  const error = (scale: number, bias: number): number => {
    const K = rowProducts(deepFeatureMatrix({ ...fitted, scale, bias }, X));
    return K.data.reduce((sum, value, k) => sum + (k % 41 === 0 ? 0 : (value - kernel.data[k]) ** 2), 0);
  };
  const least = error(fitted.scale, fitted.bias);
  for (const [p, q] of [
    [1.01, 1],
    [0.99, 1],
    [1, 1.01],
    [1, 0.99],
  ]) {
    expect(error(fitted.scale * p, fitted.bias * q)).toBeGreaterThan(least);
  }
});

test('layers that are none', () => {
  const layers = layersOf({ name: 'erf' }, 2);
  expect(() => deepConstants({ ...layers, gains: [1] })).toThrow(RangeError);
  expect(() => deepConstants({ ...layers, gains: [1, -1, 1] })).toThrow(RangeError);
  expect(() => deepConstants({ ...layers, weights: [1, 1] })).toThrow('3 finite numbers');
});
