import { expect, test } from 'vitest';
import { PointSet, Predictions } from '../../src/data/point-set.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { DenseNtk, denseNtk } from '../../src/jacobian/dense-ntk.ts';
import { TangentKernel } from '../../src/jacobian/tangent-kernel.ts';
import { tangentOperator } from '../../src/jacobian/tangent-operator.ts';
import { dataExtremes } from '../../src/kernel/data-extremes.ts';
import { ExpectedKernel } from '../../src/kernel/expected-kernel.ts';
import { FeatureKernel, inputFeatures } from '../../src/kernel/feature-kernel.ts';
import { Resources } from '../../src/gpu/resources.ts';
import { fullyConnected } from '../../src/math/deep/architecture.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { linearFeatures } from '../../src/math/linear-features.ts';
import { LinearModel } from '../../src/model/linear-model.ts';
import { LinearizedNetwork } from '../../src/model/linearized-network.ts';
import { DeepNetwork, type DeepSizes } from '../../src/network/deep.ts';
import { initializeTowers } from '../../src/network/deep-initialization.ts';
import { initializeSymmetrically } from '../../src/network/initialization.ts';
import { TwoLayerJacobian } from '../../src/network/two-layer-jacobian.ts';
import { TwoLayerNetwork } from '../../src/network/two-layer.ts';
import { GramOperator, LinearCombination } from '../../src/spectral/operator.ts';
import { operatorNorm, spectralNorm } from '../../src/spectral/spectrum.ts';
import { StoredKernel } from '../../src/spectral/stored-kernel.ts';
import { gpu, run } from '../gpu-device.ts';
import { wrong } from '../refusals.ts';

const erf = { name: 'erf' } as const;
const [n, d, m] = [10, 4, 6];
const matrix = (rows: number, cols: number) => new Matrix(gpu, 'test', rows, cols);
const vector = (length: number) => new Vector(gpu, 'test', length);
const points = (size: number, inputs: number) => new PointSet(gpu, 'test', size, inputs);
const predictions = (size: number) => new Predictions(gpu, 'test', size);
const network = (sizes = {}) => TwoLayerNetwork.create(gpu, { d, width: m, maxPoints: n, ...sizes }, erf);
const deep = (sizes: DeepSizes = { maxPoints: n }) =>
  DeepNetwork.create(gpu, fullyConnected(d, [5, 3]), sizes, erf);
const linear = () => LinearModel.create(gpu, linearFeatures(gaussianConstants(erf, 1), d, [1, 1]), n);
const jacobian = (X = matrix(n, d), W = matrix(m, d), v = vector(m)) =>
  new TwoLayerJacobian(X, { activation: erf, W, v });
const stream = () => new CommandStream(gpu);

/** Every entry of networks, models, Jacobians, kernels and operators with one thing that does not fit. */
const misfits: Record<string, () => unknown> = {
  'a Jacobian whose X has other columns than W': () => jacobian(matrix(n, 8)),
  'a Jacobian whose v is shorter than W': () => jacobian(matrix(n, d), matrix(m, d), vector(3)),
  'a Jacobian minus one of another W': () =>
    new TwoLayerJacobian(matrix(n, d), { activation: erf, W: matrix(m, d), v: vector(m) }, matrix(m, 5)),
  'a network of an odd width in pairs': () => network({ width: 5 }),
  'a network without units': () => network({ width: 0, symmetric: false }),
  'a network of half an input': () => network({ d: 0.5 }),
  'a network that trains a third layer': () => network({ trained: [2] }),
  'a network that trains a layer twice': () => network({ trained: [1, 1] }),
  'a linearization of a network that starts with outputs': async () =>
    LinearizedNetwork.create(gpu, await network({ symmetric: false }), n),
  'a linearized network trained by more points than it was made for': async () => {
    const [model, set] = [await LinearizedNetwork.create(gpu, await network(), n), points(400, d)];
    await model.prepare(stream(), set);
    await run(model.evaluation(set, predictions(400), true));
  },
  'a linear model trained by more points than it was made for': async () => {
    const [model, set] = [await linear(), points(400, d)];
    await model.prepare(stream(), set);
    await run(model.evaluation(set, predictions(400), true));
  },
  'a deep network trained by no points': () => deep({ maxPoints: 0 }),
  'a deep network in blocks that bindings do not begin at': () => deep({ maxPoints: n, blockRows: 100 }),
  'a deep network that trains a layer that there is not': () => deep({ maxPoints: n, trained: [3] }),
  'a deep network trained by more points than it was made for': async () =>
    run((await deep()).evaluation(points(400, d), predictions(400), true)),
  'a deep network on points of other inputs': async () =>
    run((await deep()).evaluation(points(n, 8), predictions(n))),
  'a deep network with predictions for fewer points': async () =>
    run((await deep()).evaluation(points(n, d), predictions(n - 1))),
  'a deep network initialized with one layer': async () =>
    (await deep()).initialize([new Float32Array(5 * d)], new Float32Array(3)),
  'a deep network initialized with another W₂': async () =>
    (await deep()).initialize([new Float32Array(5 * d), new Float32Array(14)], new Float32Array(3)),
  'a deep network initialized with another readout': async () =>
    (await deep()).initialize([new Float32Array(5 * d), new Float32Array(15)], new Float32Array(4)),
  'a step of a deep network with a rate too few': async () => run((await deep()).descent(n, [1, 1])),
  'a Jacobian of a deep network on points of other inputs': async () =>
    (await deep()).jacobian(matrix(n, 8), 'start'),
  'a Jacobian of a deep network at parameters of one tower': async () =>
    (await deep()).jacobianAt(
      matrix(n, d),
      [new Float32Array(5 * d), new Float32Array(15), new Float32Array(3)],
      new Resources(),
    ),
  'factors of a deep network as halves': async () =>
    (await deep()).jacobian(matrix(n, d), 'start').factors(gpu, [0], { storage: 'f16' }),
  'a network initialized with another W': async () =>
    (await network()).initialize(new Float32Array(m * 5), new Float32Array(m)),
  'a network initialized with another v': async () =>
    (await network()).initialize(new Float32Array(m * d), new Float32Array(m + 2)),
  'a network initialized with units that are no pairs': async () =>
    (await network()).initialize(new Float32Array(m * d), new Float32Array(m).fill(1)),
  'a symmetric initialization of an odd width': async () =>
    initializeSymmetrically(gpu, stream(), await network({ width: 5, symmetric: false }), 1),
  'a network on points of other inputs': async () =>
    run((await network()).evaluation(points(n, 8), predictions(n))),
  'a network with predictions for fewer points': async () =>
    run((await network()).evaluation(points(n, d), predictions(n - 1))),
  'a linear model on points of other inputs': async () => (await linear()).prepare(stream(), points(n, 8)),
  'a linear model with predictions for fewer points': async () => {
    const [model, set] = [await linear(), points(n, d)];
    await model.prepare(stream(), set);
    await run(model.evaluation(set, predictions(n - 1)));
  },
  'a linearized network on points of other inputs': async () =>
    (await LinearizedNetwork.create(gpu, await network(), n)).prepare(stream(), points(n, 8)),
  'a linearized network with predictions for fewer points': async () => {
    const [model, set] = [await LinearizedNetwork.create(gpu, await network(), n), points(n, d)];
    await model.prepare(stream(), set);
    await run(model.evaluation(set, predictions(n - 1)));
  },
  'a dense kernel with one weight': () => denseNtk(gpu, { rows: jacobian(), weights: [1] }),
  'a dense kernel between other networks': () =>
    denseNtk(gpu, {
      rows: jacobian(),
      cols: jacobian(matrix(n, d), matrix(8, d), vector(8)),
      weights: [1, 1],
    }),
  'a dense kernel filled into a smaller matrix': async () =>
    (await DenseNtk.create(gpu, { rows: jacobian(), weights: [1, 1] })).fill(matrix(n, n - 1)),
  'a tangent kernel as an operator between sets of other sizes': () =>
    TangentKernel.create(gpu, stream(), {
      rows: jacobian(),
      cols: jacobian(matrix(n + 1, d)),
      weights: [1, 0],
    }),
  'an operator, stored or not, between sets of other sizes': () =>
    tangentOperator(gpu, stream(), {
      rows: jacobian(),
      cols: jacobian(matrix(n + 1, d)),
      weights: [1, 0],
    }),
  'a kernel of features of other inputs': () =>
    FeatureKernel.create(gpu, stream(), matrix(n, d), inputFeatures(8)),
  'a stored kernel that is not square': () => StoredKernel.create(gpu, matrix(n, n - 1), { symmetric: true }),
};

/** Things of another kind than is asked for, as who writes without types gives them, and what is said of them. */
const strangers: [entry: () => unknown, words: string][] = [
  [
    () => jacobian(wrong([[1, 2, 3, 4]])),
    'X must be a Matrix; it is an Array. new Matrix(gpu, label, rows, cols) makes one',
  ],
  [
    () => jacobian(matrix(n, d), matrix(m, d), wrong(new Float32Array(m))),
    'v must be a Vector; it is a Float32Array.',
  ],
  [() => new TwoLayerJacobian(matrix(n, d), wrong(undefined)), 'W must be a Matrix; it is undefined.'],
  [
    () => denseNtk(gpu, { rows: wrong(matrix(n, d)), weights: [1, 1] }),
    'rows must be a Jacobian; it is a Matrix.',
  ],
  [
    () => denseNtk(gpu, { rows: jacobian(), weights: wrong(1) }),
    'weights must be an array of a number for each layer; it is 1.',
  ],
  [
    () => TangentKernel.create(gpu, wrong({ rows: jacobian(), weights: [1, 1] }), wrong(undefined)),
    'stream must be a CommandStream; it is an Object. new CommandStream(gpu) makes one.',
  ],
  [
    () => StoredKernel.create(gpu, wrong(new Float32Array(4)), { symmetric: true }),
    'matrix must be a Matrix; it is a Float32Array.',
  ],
  [
    () => dataExtremes(gpu, wrong(Promise.resolve(1))),
    'X must be a Matrix; it is a Promise, which is to be awaited.',
  ],
  [
    () => ExpectedKernel.create(gpu, stream(), erf, wrong(points(n, d)), { first: 1, second: 1 }),
    'X must be a Matrix; it is a PointSet.',
  ],
  [
    () => spectralNorm(gpu, wrong(stored())),
    'operator must be a LinearOperator; it is a Promise, which is to be awaited. await StoredKernel.create',
  ],
  [() => operatorNorm(gpu, wrong(matrix(n, n))), 'operator must be a LinearOperator; it is a Matrix.'],
  [
    () => LinearCombination.create(gpu, [{ coefficient: 1, operator: wrong(undefined) }]),
    'operator must be a LinearOperator; it is undefined.',
  ],
  [() => new GramOperator(gpu, wrong({})), 'operator must be a LinearOperator; it is an Object.'],
  [
    async () => run((await stored()).product(wrong(matrix(n, 1)), vector(n))),
    'u must be a Vector; it is a Matrix.',
  ],
  [
    async () => run((await network()).evaluation(wrong(matrix(n, d)), predictions(n))),
    'points must be a PointSet; it is a Matrix.',
  ],
  [
    async () => run((await network()).evaluation(points(n, d), wrong(vector(n)))),
    'predictions must be Predictions; it is a Vector.',
  ],
  [
    () => TwoLayerNetwork.create(gpu, { d, width: m, maxPoints: n }, wrong('erf')),
    'activation must be an object such as { name: \'erf\' }; it is "erf".',
  ],
  [
    () => gaussianConstants(wrong({ name: 'leaky-relu' }), 1),
    'it is {"name":"leaky-relu"}. The names are erf, tanh',
  ],
  [() => gaussianConstants(wrong({ name: 'erf', slope: 0.1 }), 1), 'it is {"name":"erf","slope":0.1}.'],
];

test.for(strangers)('what is of another kind is named, with what is needed: %#', async ([entry, words]) => {
  const attempt = (async () => {
    await entry();
  })();
  await expect(attempt).rejects.toThrow(TypeError);
  await expect(attempt).rejects.toThrow(words);
});

test('a seed is a whole number, or 1.5 would draw what 1 draws', async () => {
  for (const seed of [1.5, -1, NaN]) {
    const draw = async () => initializeTowers(await deep(), seed);
    await expect(draw()).rejects.toThrow(`The seed is ${seed}; it must be a whole number, at least 0.`);
    await expect(initializeSymmetrically(gpu, stream(), await network(), seed)).rejects.toThrow(
      'The seed is',
    );
  }
});

const stored = () => StoredKernel.create(gpu, matrix(n, n), { symmetric: false });
const expected = () => ExpectedKernel.create(gpu, stream(), erf, matrix(n, d), { first: 1, second: 1 });
const operators = {
  'an expected kernel': expected,
  'a stored kernel': stored,
  'a tangent kernel': () => TangentKernel.create(gpu, stream(), { rows: jacobian(), weights: [1, 1] }),
  'a kernel of features': () => FeatureKernel.create(gpu, stream(), matrix(n, d), inputFeatures(d)),
  'a sum of operators': async () =>
    LinearCombination.create(gpu, [{ coefficient: 1, operator: await stored() }]),
  'the Gram of an operator': async () => new GramOperator(gpu, await stored()),
};
for (const [name, create] of Object.entries(operators)) {
  misfits[`${name} applied to a shorter vector`] = async () =>
    run((await create()).product(vector(n - 1), vector(n)));
  misfits[`${name} applied into a longer vector`] = async () =>
    run((await create()).transposedProduct(vector(n), vector(n + 1)));
  misfits[`${name} applied into its argument`] = async () => {
    const u = vector(n);
    await run((await create()).product(u, u));
  };
}

test.for(Object.entries(misfits))('%s is refused', async ([, misfit]) => {
  const attempt = (async () => {
    await misfit();
  })();
  await expect(attempt).rejects.toThrow(RangeError);
  await expect(attempt).rejects.toThrow(/\d|pair|own/);
});
