import { scopeOf } from '../../src/experiment/spec-facts.ts';
import { reasonAgainst } from '../../src/theory/scope.ts';
import { radii } from '../../src/theory/shells.ts';
import type {
  KernelSnapshot,
  Recording,
  ShellSnapshot,
  Snapshot,
  SpectrumSnapshot,
} from '../../web/lab/recording.ts';
import { measuredResult } from '../web/sample-claims.ts';
import { type SampleOptions, sampleModes, sampleResult } from '../web/sample-result.ts';

const points = 1000;
const slice = { side: 33, extent: 1.5 };
const kernelSteps = [0, 20, 128, 400];

/** Numbers that repeat, spread like a normal distribution. */
const noise = (k: number): number => {
  const uniform = (salt: number): number => Math.abs(Math.sin(12.9898 * (k + 1) + salt) * 43758.5453) % 1;
  return Math.sqrt(-2 * Math.log(uniform(1) || 0.5)) * Math.cos(2 * Math.PI * uniform(2));
};

/**
 * A recording of the shape real ones have: the outputs of both models grow together, then the network leaves the linear
 * model; the kernels are those of points on a sphere.
 */
export function sampleRecording(options: SampleOptions & { claims?: boolean } = {}): Recording {
  const steps = [
    0,
    ...new Set(Array.from({ length: 90 }, (_, k) => Math.max(1, Math.round(400 ** (k / 89))))),
  ];
  const measured = options.claims ? measuredResult() : null;
  const result = sampleResult({ steps, linearized: true, targets: [1, -1, 1, -1, 1], ...options });
  const { records, preparation, adapter } = result;
  const spec = measured ? { ...result.spec, claims: 'all' as const } : result.spec;
  const targets = Float32Array.from({ length: points }, (_, k) => (noise(k) > 0 ? 1 : -1));
  return {
    spec,
    phase: 'ended',
    settling: false,
    recorded: false,
    preparation,
    adapter,
    stage: {
      targets,
      trainTargets: targets.slice(0, 200),
      slice,
      modes: sampleModes,
      components: ['*h*_{1}(*b*ᵀ*x*)', '*h*_{3}(*b*ᵀ*x*)'],
    },
    records,
    snapshots: records.map(({ step }) => snapshotAt(step, targets)),
    kernelSteps,
    kernels: kernelSteps.map(kernelsAt),
    spectra: kernelSteps.map(spectrumAt),
    shells: kernelSteps.map(shellsAt),
    kernelWork: null,
    kernelFailure: null,
    compared: null,
    claims: (measured?.claims ?? []).filter(({ claim }) => reasonAgainst(claim, scopeOf(spec)) === null),
    step: records.at(-1)?.step ?? 0,
    perStep: 0.4,
    result,
    failure: null,
  };
}

/** Before anything is known. */
export function emptyRecording(): Recording {
  return {
    ...sampleRecording(),
    phase: 'preparing',
    settling: false,
    preparation: null,
    adapter: null,
    stage: null,
    records: [],
    snapshots: [],
    kernelSteps: [],
    kernels: [],
    spectra: [],
    shells: [],
    claims: [],
    step: 0,
    perStep: null,
    result: null,
  };
}

function snapshotAt(step: number, targets: Float32Array): Snapshot {
  const learned = 1 - Math.exp(-step / 12);
  const beyond = 1 - Math.exp(-step / 150);
  const linear = targets.map((y, k) => learned * (0.45 * y + 0.25 * noise(k + 5000)));
  const network = linear.map((f, k) => f + beyond * (0.4 * targets[k] + 0.12 * noise(k + 9000)));
  const { side, extent } = slice;
  const field = { network: new Float32Array(side ** 2), linear: new Float32Array(side ** 2) };
  for (let k = 0; k < side ** 2; k++) {
    const x = ((2 * (k % side)) / (side - 1) - 1) * extent;
    const y = ((2 * Math.floor(k / side)) / (side - 1) - 1) * extent;
    field.linear[k] = learned * (0.7 * x + 0.3 * y);
    field.network[k] = learned * Math.tanh(0.7 * x + 0.3 * y) + 0.5 * beyond * Math.sin(x * y);
  }
  const along = (faster: number): number[] =>
    sampleModes.initial.map((error, k) => error * (1 - (5 * sampleModes.eigenvalues[k]) / faster) ** step);
  const train = { network: network.slice(0, 200), linear: linear.slice(0, 200) };
  const modes = { network: along(1.1), linear: along(1) };
  return { step, network, linear, train, slice: field, modes, learned: [learned, beyond] };
}

function kernelsAt(step: number): KernelSnapshot {
  const size = 40;
  const d = 50;
  const X = Array.from({ length: size * d }, (_, k) => noise(k));
  const gram = new Float32Array(size ** 2);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let product = 0;
      for (let k = 0; k < d; k++) product += X[i * d + k] * X[j * d + k];
      gram[i * size + j] = product / d;
    }
  }
  const linear = gram.map((product) => 0.424 * product);
  const theta = linear.map((value, k) => {
    const [i, j] = [Math.min(Math.floor(k / size), k % size), Math.max(Math.floor(k / size), k % size)];
    return value + (0.02 + step / 8000) * noise(i * size + j) + (i === j ? 0.2 : 0);
  });
  return { step, points: size, theta, linear, gram, distance: { difference: 0.011, linear: 0.029 } };
}

/** The network bends away from the linear model beyond s = 1. */
function shellsAt(step: number): ShellSnapshot {
  const learned = 1 - Math.exp(-step / 12);
  const shells = radii.map((radius) => {
    const linear = (learned * radius) ** 2;
    const discrepancy = 0.04 * linear * Math.max(radius - 0.8, 0.1) ** 2;
    const share = { value: linear > 0 ? discrepancy / linear : 0, error: linear > 0 ? 0.001 : 0 };
    return { radius, network: 0.8 * linear, linear, discrepancy, share };
  });
  return { step, shells };
}

function spectrumAt(step: number): SpectrumSnapshot {
  const spectrum = (factor: number): number[] =>
    Array.from({ length: 12 }, (_, k) => (0.029 - 0.0009 * k) * (k === 0 ? factor : 1));
  return { step, theta: spectrum(1.2 + step / 100), linear: spectrum(1) };
}
