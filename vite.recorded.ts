import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Plugin } from 'vite';
import { slicePoints } from './src/data/off-distribution.ts';
import { type SpecInput, activationOf, parseSpec } from './src/experiment/spec.ts';
import { type Dense, dense, rowProducts } from './src/math/dense.ts';
import { featureMatrix } from './src/math/linear-features.ts';
import { drawn, experiment } from './src/reference/experiment.ts';
import { forward } from './src/reference/forward.ts';
import { linearOutput } from './src/reference/linear-output.ts';
import { normFeature } from './src/reference/norm-feature.ts';
import { tangentKernel } from './src/reference/ntk.ts';
import { output } from './src/reference/output.ts';
import { agreementShare } from './src/theory/horizon.ts';
import type { Packed, PackedRecording } from './web/lab/packed-recording.ts';
import { recordedPresets } from './web/lab/recorded-presets.ts';
import type { KernelSnapshot, Recording, Snapshot, Stage } from './web/lab/recording.ts';

const slice = { side: 13, extent: 3 };
const kernelPoints = 18;
const eigenvalues = 12;

const list = 'virtual:recordings';
const one = 'virtual:recorded/';

/** Computes the experiments that a page shows where it cannot compute, when the page is built. */
export const recordedExperiments = (): Plugin => {
  const codes = new Map<string, string>();
  return {
    name: 'recorded-experiments',
    resolveId: (id) => (id === list || id.startsWith(one) ? `\0${id}` : undefined),
    load: (id) => {
      if (id === `\0${list}`) {
        const entries = recordedPresets.map(({ id }) => `${JSON.stringify(id)}: () => import('${one}${id}')`);
        return `export default { ${entries.join(', ')} };`;
      }
      if (!id.startsWith(`\0${one}`)) return undefined;
      const { spec } = recordedPresets.find((preset) => id === `\0${one}${preset.id}`)!;
      // A string parses faster than an expression of its size.
      const code =
        codes.get(id) ??
        `export default JSON.parse(${JSON.stringify(JSON.stringify(packRecording(spec, record(spec)), rounded))});`;
      codes.set(id, code);
      return code;
    },
  };
};

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : value;

/** An experiment in float64, and what the lab keeps of it. */
function record(input: SpecInput): Omit<Recording, 'spec' | 'stage'> & { stage: Stage } {
  const spec = parseSpec(input);
  const { steps } = spec.training;
  const posed = drawn(spec);
  const run = experiment(spec, posed);
  const { preparation, features, outcome } = run;
  const chosen = run.modes.choose(run.modes.octaves());
  const along = (u: Float64Array): number[] => {
    const errors = run.errorsAlong(u);
    return chosen.indices.map((index) => errors[index - 1]);
  };
  const activation = activationOf(spec.network);
  const points = slicePoints(slice.side, slice.extent, preparation.d, spec.seed);
  const plane = dense(points.rows, points.d, points.data);
  const planeNorms = normFeature(plane, features);
  const snapshots = outcome.records.map(({ step, outputs: { train, test }, parameters }): Snapshot => {
    const { W, v, beta } = parameters;
    return {
      step,
      network: Float32Array.from(test!.network),
      linear: Float32Array.from(test!.linear),
      slice: {
        network: Float32Array.from(output(forward(plane, W, activation).A, v)),
        linear: Float32Array.from(linearOutput(features, plane, planeNorms, beta)),
      },
      modes: { network: along(train.network), linear: along(train.linear) },
    };
  });

  const { X } = posed.train;
  const K = new Matrix(rowsOf(rowProducts(featureMatrix(features, X))));
  const kernelAt = (step: number): KernelSnapshot => {
    const { W, v } = outcome.records.find((found) => found.step === step)!.parameters;
    const Theta = new Matrix(rowsOf(tangentKernel({ X, v, ...forward(X, W, activation) })));
    return {
      step,
      points: kernelPoints,
      theta: corner(Theta),
      linear: corner(K),
      spectrum: { theta: spectrum(Theta), linear: spectrum(K) },
    };
  };
  const end = agreementShare * preparation.horizon;
  const within = outcome.records.findLast(({ step }) => step <= end)!.step;
  return {
    phase: 'ended',
    settling: false,
    recorded: true,
    preparation,
    adapter: null,
    stage: { targets: Float32Array.from(posed.test!.y), slice, modes: chosen },
    records: run.records,
    snapshots,
    kernels: [0, within, steps].map(kernelAt),
    claims: [],
    step: steps,
    perStep: null,
    result: null,
    failure: null,
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
