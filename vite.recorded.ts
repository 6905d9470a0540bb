import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Plugin } from 'vite';
import { type Points, radialPoints, slicePoints } from './src/data/off-distribution.ts';
import { type SpecInput, parseSpec } from './src/experiment/spec.ts';
import { activationOf } from './src/experiment/spec-facts.ts';
import { type Dense, dense, rowProducts } from './src/math/dense.ts';
import { featureMatrix } from './src/math/linear-features.ts';
import { drawn, experiment } from './src/reference/experiment.ts';
import { forward } from './src/reference/forward.ts';
import { linearOutput } from './src/reference/linear-output.ts';
import { normFeature } from './src/reference/norm-feature.ts';
import { tangentKernel } from './src/reference/ntk.ts';
import { output } from './src/reference/output.ts';
import type { TrainedParameters } from './src/reference/train.ts';
import { agreementShare } from './src/theory/horizon.ts';
import type { Outputs } from './src/theory/outputs.ts';
import { directions, radii, shellsOf } from './src/theory/shells.ts';
import type { Packed, PackedRecording, Recorded } from './web/lab/packed-recording.ts';
import { recordedPresets } from './web/lab/recorded-presets.ts';
import type { KernelSnapshot, ShellSnapshot, Snapshot, SpectrumSnapshot } from './web/lab/recording.ts';

const slice = { side: 13, extent: 1.5 };
const kernelPoints = 18;

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
        `export default JSON.parse(${JSON.stringify(packed({ spec, recording: record(spec) }))});`;
      codes.set(id, code);
      return code;
    },
  };
};

/** As JSON, arrays packed and numbers rounded. */
const packed = (recording: PackedRecording): string =>
  JSON.stringify(recording, (_key, value: unknown) =>
    value instanceof Float32Array
      ? pack(value)
      : typeof value === 'number'
        ? Number(value.toPrecision(5))
        : value,
  );

/** An experiment in float64, and what the lab keeps of it. */
function record(input: SpecInput): Recorded {
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
  const outputsOn = ({ rows, d, data }: Points): ((at: TrainedParameters) => Outputs) => {
    const X = dense(rows, d, data);
    const norms = normFeature(X, features);
    return ({ W, v, beta }) => ({
      network: Float32Array.from(output(forward(X, W, activation).A, v)),
      linear: Float32Array.from(linearOutput(features, X, norms, beta)),
    });
  };
  const onPlane = outputsOn(slicePoints(slice.side, slice.extent, preparation.d, spec.seed));
  const onShells = outputsOn(radialPoints(radii, directions, preparation.d, spec.seed));
  const snapshots = outcome.records.map(({ step, outputs: { train, test }, parameters }): Snapshot => {
    return {
      step,
      network: Float32Array.from(test!.network),
      linear: Float32Array.from(test!.linear),
      train: { network: Float32Array.from(train.network), linear: Float32Array.from(train.linear) },
      slice: onPlane(parameters),
      modes: { network: along(train.network), linear: along(train.linear) },
    };
  });

  const { X } = posed.train;
  const K = new Matrix(rowsOf(rowProducts(featureMatrix(features, X))));
  const size = X.rows;
  const gram = new Matrix(rowsOf(rowProducts(X))).mul(1 / X.cols);
  const parametersAt = (step: number): TrainedParameters =>
    outcome.records.find((found) => found.step === step)!.parameters;
  const shellsAt = (step: number): ShellSnapshot => ({
    step,
    shells: shellsOf(onShells(parametersAt(step))),
  });
  const thetaAt = (step: number): Matrix => {
    const { W, v } = parametersAt(step);
    return new Matrix(rowsOf(tangentKernel({ X, v, ...forward(X, W, activation) })));
  };
  const kernelAt = (step: number): KernelSnapshot => {
    const Theta = thetaAt(step);
    return {
      step,
      points: kernelPoints,
      theta: corner(Theta),
      linear: corner(K),
      gram: corner(gram),
      distance: { difference: norm(Matrix.sub(Theta, K)) / size, linear: norm(K) / size },
    };
  };
  const spectrumAt = (step: number): SpectrumSnapshot => {
    const largest = (kernel: Matrix): number[] =>
      spectrum(kernel)
        .slice(0, 2 * X.cols)
        .map((value) => value / size);
    // What is left of K beyond its rank is rounding.
    return { step, theta: largest(thetaAt(step)), linear: largest(K).filter((value) => value > 1e-12) };
  };
  const end = agreementShare * preparation.horizon;
  const within = outcome.records.findLast(({ step }) => step <= end)!.step;
  const kernelSteps = [0, within, steps];
  return {
    preparation,
    stage: {
      targets: Float32Array.from(posed.test!.y),
      trainTargets: Float32Array.from(posed.train.y),
      slice,
      modes: chosen,
    },
    records: run.records,
    snapshots,
    kernelSteps,
    kernels: kernelSteps.map(kernelAt),
    spectra: kernelSteps.map(spectrumAt),
    shells: kernelSteps.map(shellsAt),
    step: steps,
  };
}

const rowsOf = ({ rows, cols, data }: Dense): Float64Array[] =>
  Array.from({ length: rows }, (_, i) => data.subarray(i * cols, (i + 1) * cols));

const corner = (kernel: Matrix): Float32Array =>
  Float32Array.from(kernel.subMatrix(0, kernelPoints - 1, 0, kernelPoints - 1).to1DArray());

/** All eigenvalues, largest first. */
const spectrum = (kernel: Matrix): number[] =>
  new EigenvalueDecomposition(kernel, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => b - a);

const norm = (kernel: Matrix): number => {
  const values = spectrum(kernel);
  return Math.max(values[0], -values.at(-1)!);
};

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
