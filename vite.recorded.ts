import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Plugin } from 'vite';
import { targetDirections } from './src/data/directions.ts';
import { slicePoints } from './src/data/off-distribution.ts';
import { streams } from './src/data/streams.ts';
import { recordSteps } from './src/experiment/record-steps.ts';
import type { Preparation, StepRecord } from './src/experiment/result.ts';
import type { SpecInput } from './src/experiment/spec.ts';
import { ClosedForm, featureMoments } from './src/linear/closed-form.ts';
import { type Dense, dense } from './src/math/dense.ts';
import { gaussianConstants } from './src/math/gaussian-constants.ts';
import { featureMatrix, linearFeatures } from './src/math/linear-features.ts';
import { Modes } from './src/linear/modes.ts';
import { linearGradient } from './src/reference/linear-gradient.ts';
import { normFeature } from './src/reference/norm-feature.ts';
import { residual } from './src/reference/output.ts';
import { forward } from './src/reference/forward.ts';
import { tangentKernel } from './src/reference/ntk.ts';
import { random } from './src/math/random.ts';
import { target } from './src/reference/target.ts';
import { type TrainingProblem, train } from './src/reference/train.ts';
import { agreementShare, horizon } from './src/theory/horizon.ts';
import type { Packed, PackedRecording } from './web/lab/packed-recording.ts';
import type { KernelSnapshot, Recording, Snapshot, Stage } from './web/lab/recording.ts';

/** The paper's experiment, so small that float64 on one core has it in a second, and its outputs in 60 kB. */
const input = {
  name: 'figure-1',
  seed: 0,
  data: { distribution: 'gaussian', d: 20, n: 200, nTest: 60 },
  target: { kind: 'sign-quadratic', lambda: 0.5 },
  network: { width: 64, activation: 'erf' },
  training: {
    layers: 'both',
    eta: 5,
    steps: 160,
    records: { spacing: 'log', count: 28 },
    watched: 5,
  },
} as const satisfies SpecInput;
const slice = { side: 13, extent: 3 };
const kernelPoints = 18;
const eigenvalues = 12;

const name = 'virtual:recorded-experiment';

/** Computes the experiment that a page shows where it cannot compute, when the page is built. */
export const recordedExperiment = (): Plugin => {
  let code: string | undefined;
  return {
    name: 'recorded-experiment',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => {
      if (id !== `\0${name}`) return undefined;
      // A string parses faster than an expression of its size.
      code ??= `export default JSON.parse(${JSON.stringify(JSON.stringify(packRecording(input, record()), rounded))});`;
      return code;
    },
  };
};

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : value;

/** The experiment in float64, from the numbers that the device would draw. */
function record(): Omit<Recording, 'spec' | 'stage'> & { stage: Stage } {
  const { seed, data, network, training, target: task } = input;
  const { d, n, nTest } = data;
  const activation = { name: network.activation };
  const { eta } = training;
  const rates = { eta1: eta, eta2: eta };
  const constants = gaussianConstants(activation, 1);
  const features = linearFeatures(constants, d, rates.eta1, rates.eta2);
  const directions = targetDirections(d, seed);

  const sample = (rows: number, stream: number) => {
    const X = random('normal', rows, d, { seed, stream });
    return { X, y: target(X, task, directions) };
  };
  const [trainSet, testSet] = [sample(n, streams.trainInputs), sample(nTest, streams.testInputs)];
  // The slice rides along behind the test points.
  const plane = slicePoints(slice.side, slice.extent, d, seed);
  const beyond = {
    X: dense(nTest + plane.rows, d, [...testSet.X.data, ...plane.data]),
    y: Float64Array.from([...testSet.y, ...new Float64Array(plane.rows)]),
  };
  const half = random('normal', network.width / 2, d, { seed, stream: streams.firstLayer });
  const signs = random('sign', 1, network.width / 2, { seed, stream: streams.secondLayer }).data;
  const problem: TrainingProblem = {
    train: trainSet,
    test: beyond,
    activation,
    W0: dense(network.width, d, [...half.data, ...half.data]),
    v0: Float64Array.from([...signs, ...signs.map((sign) => -sign)]),
    ...rates,
    features,
    recordAt: recordSteps(input),
    linearized: false,
  };
  const outcome = train(problem);

  const watched = Array.from({ length: Math.min(nTest, training.watched) }, (_, i) => i);
  const records = outcome.records.map((at): StepRecord => {
    const outputs = at.outputs.test!;
    const onTest = { network: outputs.network.slice(0, nTest), linear: outputs.linear.slice(0, nTest) };
    return {
      ...at,
      test: measure(onTest, testSet.y),
      outputs: {
        network: watched.map((i) => outputs.network[i]),
        linear: watched.map((i) => outputs.linear[i]),
        linearized: null,
      },
    };
  });
  const moments = featureMoments(features, { rows: n, cols: d, data: trainSet.X.data }, trainSet.y);
  const closedForm = new ClosedForm(moments);
  const modes = new Modes({ solution: closedForm, moments });
  const chosen = modes.choose(modes.octaves());
  const q = normFeature(trainSet.X, features);
  const along = (u: Float64Array): number[] => {
    const errors = modes.along(linearGradient(features, trainSet.X, q, residual(u, trainSet.y)));
    return chosen.indices.map((index) => errors[index - 1]);
  };
  const snapshots = outcome.records.map(({ step, outputs: { train, test } }): Snapshot => {
    const part = (values: Float64Array, from: number, to?: number) =>
      Float32Array.from(values.slice(from, to));
    return {
      step,
      network: part(test!.network, 0, nTest),
      linear: part(test!.linear, 0, nTest),
      slice: { network: part(test!.network, nTest), linear: part(test!.linear, nTest) },
      modes: { network: along(train.network), linear: along(train.linear) },
    };
  });

  const Psi = featureMatrix(features, { rows: n, cols: d, data: trainSet.X.data });
  const K = new Matrix(rowsOf(Psi)).mmul(new Matrix(rowsOf(Psi)).transpose());
  const kernelAt = (step: number): KernelSnapshot => {
    const { W, v } = step === 0 ? { W: problem.W0, v: problem.v0 } : train({ ...problem, recordAt: [step] });
    const point = { X: trainSet.X, v, ...forward(trainSet.X, W, activation) };
    const Theta = new Matrix(rowsOf(tangentKernel(point)));
    return {
      step,
      points: kernelPoints,
      theta: corner(Theta),
      linear: corner(K),
      spectrum: { theta: spectrum(Theta), linear: spectrum(K) },
    };
  };
  const within = problem.recordAt.findLast((step) => step <= agreementShare * horizon(d, eta))!;

  const preparation: Preparation = {
    n,
    nTest,
    d,
    spectrumMoment: 1,
    constants,
    ...rates,
    eta,
    horizon: horizon(d, eta),
    largestStableRate: closedForm.largestStableRate,
    linearOptimum: closedForm.optimum,
    watched: { set: 'test', indices: watched, targets: watched.map((i) => testSet.y[i]) },
    standardization: null,
    covarianceNorm: null,
    targetSize: 1,
    largestTarget: 1,
  };
  return {
    phase: 'ended',
    settling: false,
    recorded: true,
    preparation,
    adapter: null,
    stage: { targets: Float32Array.from(testSet.y), slice, modes: chosen },
    records,
    snapshots,
    kernels: [0, within, training.steps].map(kernelAt),
    claims: [],
    step: training.steps,
    perStep: null,
    result: null,
    failure: null,
  };
}

/** Losses and discrepancies of a set, as the reference has them. */
function measure(
  { network, linear }: { network: Float64Array; linear: Float64Array },
  y: Float64Array,
): StepRecord['train'] {
  const mean = (term: (i: number) => number) => y.reduce((sum, _, i) => sum + term(i), 0) / y.length;
  return {
    networkLoss: mean((i) => (network[i] - y[i]) ** 2) / 2,
    linearLoss: mean((i) => (linear[i] - y[i]) ** 2) / 2,
    discrepancy: mean((i) => (network[i] - linear[i]) ** 2),
    clippedDiscrepancy: mean((i) => Math.min(1, (network[i] - linear[i]) ** 2)),
    linearizedLoss: null,
    linearizedDiscrepancy: null,
    linearSquare: mean((i) => linear[i] ** 2),
    kernelDiscrepancy: null,
  };
}

const rowsOf = ({ rows, cols, data }: Dense): Float64Array[] =>
  Array.from({ length: rows }, (_, i) => data.subarray(i * cols, (i + 1) * cols));

const corner = (kernel: Matrix): Float32Array =>
  Float32Array.from(kernel.subMatrix(0, kernelPoints - 1, 0, kernelPoints - 1).to1DArray());

/** The largest eigenvalues over n, largest first. */
const spectrum = (kernel: Matrix): number[] =>
  new EigenvalueDecomposition(kernel, { assumeSymmetric: true }).realEigenvalues
    .sort((a, b) => b - a)
    .slice(0, eigenvalues)
    .map((value) => value / kernel.rows);

function packRecording(
  spec: SpecInput,
  recording: Omit<Recording, 'spec' | 'stage'> & { stage: Stage },
): PackedRecording {
  const { preparation, records, step, stage, snapshots, kernels } = recording;
  return {
    spec,
    recording: { preparation, records, step },
    stage: { ...stage, targets: pack(stage.targets) },
    snapshots: snapshots.map(({ network, linear, slice, ...rest }) => ({
      ...rest,
      network: pack(network),
      linear: pack(linear),
      slice: { network: pack(slice.network), linear: pack(slice.linear) },
    })),
    kernels: kernels.map((kernel) => ({
      ...kernel,
      theta: pack(kernel.theta),
      linear: pack(kernel.linear),
    })),
  };
}

const largestInteger = 2 ** 15 - 1;

function pack(values: Float32Array): Packed {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest > 0 ? Number((largest / largestInteger).toPrecision(6)) : 1;
  const integers = Int16Array.from(values, (value) =>
    Math.max(-largestInteger, Math.min(largestInteger, Math.round(value / scale))),
  );
  return {
    scale,
    integers: btoa(Array.from(new Uint8Array(integers.buffer), (byte) => String.fromCharCode(byte)).join('')),
  };
}
