import type { ModeErrors, RunResult, SetMeasures, StepRecord } from '../../src/experiment/result.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import type { ChosenModes } from '../../src/model/modes.ts';
import { departure } from '../../src/theory/departure.ts';

/** Modes 1, 2, 4, … of a kernel of rank 50, the fourth with little to lose. */
export const sampleModes: ChosenModes = {
  rank: 50,
  indices: [1, 2, 4, 8, 16, 32, 50],
  eigenvalues: [0.029, 0.027, 0.025, 0.022, 0.018, 0.012, 0.006],
  initial: [0.1, 0.14, 0.08, 0.001, 0.12, 0.2, 0.07],
};

export interface SampleOptions {
  name?: string;
  d?: number;
  steps?: number[];
  test?: boolean;
  linearized?: boolean;
  targets?: number[];
  layers?: 'first' | 'second' | 'both';
  /** Whether errors along modes and the kernel's alignment were measured, too. */
  modes?: boolean;
  status?: RunResult['status'];
  linearOptimum?: number;
  /** Discrepancy on the training points at a step; on test points it is 1.2 times that. */
  discrepancy?: (step: number) => number;
}

/**
 * A run's result with curves of the shape real ones have: both losses fall from ½, the linear model's to 0.257, the
 * network's to 0; the discrepancy grows from exactly 0.
 */
export function sampleResult(options: SampleOptions = {}): RunResult {
  const {
    name = 'sample',
    d = 50,
    steps = [0, 1, 2, 4, 8, 16, 20, 39, 64, 128, 256, 400],
    test = true,
    linearized = false,
    targets = [1, -1, 1],
    layers = 'both',
    modes = false,
    status = { kind: 'completed' },
    linearOptimum = 0.257,
    discrepancy = (step) => 1e-4 * step,
  } = options;
  const eta = 5;
  const input: SpecInput = {
    name,
    data: { distribution: 'gaussian', d, n: 2000, nTest: test ? 1000 : 0 },
    network: { width: 256 },
    training: { layers, eta, steps: 400, linearized, watched: targets.length },
  };
  const measures = (step: number, factor: number): SetMeasures => ({
    losses: {
      network: factor * 0.5 * Math.exp(-step / 60),
      linear: factor * (linearOptimum + (0.5 - linearOptimum) * Math.exp(-step / 8)),
      ...(linearized && { linearized: factor * 0.5 * Math.exp(-step / 70) }),
    },
    discrepancies: {
      linear: factor * discrepancy(step),
      ...(linearized && { linearized: (factor * discrepancy(step)) / 30 }),
    },
    clippedDiscrepancy: Math.min(1, 0.9 * factor * discrepancy(step)),
    linearSquare: 0.45 * (1 - Math.exp(-step / 10)),
    fromLinear: linearized ? { linearized: (factor * discrepancy(step)) / 2 } : {},
  });
  const chosen = sampleModes;
  const errorsAt = (step: number, faster: number): ModeErrors => ({
    along: chosen.initial.map((error, k) => error * (1 - (eta * chosen.eigenvalues[k]) / faster) ** step),
    inSpan: 0.4 * Math.exp(-step / 8),
    offSpan: 2 * linearOptimum * Math.exp(-step / (200 * faster)),
  });
  const outputs = (step: number, rate: number): number[] =>
    targets.map((target, point) => target * (1 - Math.exp(-step / (rate * (point + 1)))));
  const record = (step: number): StepRecord => ({
    step,
    train: measures(step, 1),
    test: test ? measures(step, 1.2) : null,
    movement: {
      W: layers === 'second' ? 0 : 0.2 * Math.sqrt(step),
      v: layers === 'first' ? 0 : 0.1 * Math.sqrt(step),
      beta: 5 * (1 - Math.exp(-step / 20)),
    },
    outputs: {
      network: outputs(step, 30),
      linear: outputs(step, 25),
      ...(linearized && { linearized: outputs(step, 28) }),
    },
    ...(modes && {
      modes: {
        indices: chosen.indices,
        theory: errorsAt(step, 1).along,
        errors: {
          network: errorsAt(step, 1.1),
          linear: errorsAt(step, 1),
          ...(linearized && { linearized: errorsAt(step, 1.05) }),
        },
      },
      alignment: {
        target: { value: 0.2 + 0.3 * (1 - Math.exp(-step / 90)), error: 0.004 },
        start: { value: Math.exp(-step / 900), error: 0.002 },
      },
    }),
  });
  return {
    provenance: { firstLight: '0.1.0', environment: 'Test/1.0', startedAt: '2026-01-01T00:00:00.000Z' },
    spec: parseSpec(input),
    adapter: {
      vendor: 'vendor',
      architecture: 'architecture',
      device: '',
      description: '',
      software: true,
      features: ['timestamp-query'],
      limits: { maxStorageBufferBindingSize: 2 ** 30 },
    },
    tiles: [],
    preparation: {
      n: 2000,
      nTest: test ? 1000 : 0,
      d,
      spectrumMoment: 1,
      constants: {
        zeta: 2 / Math.sqrt(3 * Math.PI),
        gPhiPrime: 0,
        nu: 0,
        theta0: 0,
        theta1: 0,
        theta2: 0,
      },
      rates: [
        { parameter: 'W', rate: layers === 'second' ? 0 : eta },
        { parameter: 'v', rate: layers === 'first' ? 0 : eta },
      ],
      eta,
      horizon: (d * Math.log(d)) / eta,
      largestStableRate: 68.4,
      linearOptimum,
      watched: { set: test ? 'test' : 'train', indices: targets.map((_, point) => point), targets },
      standardization: null,
      covarianceNorm: null,
      targetSize: 1,
      largestTarget: 1,
      ...(modes && { modes: chosen }),
    },
    status,
    claims: [],
    accuracy: null,
    records: steps.map(record),
    departure: departure(steps.map(record), { share: 0.05, fastest: null, towers: 0 }),
    timings: { preparation: 812, claims: 0, training: 24_300, gpu: null, perStep: 0.42 },
  };
}

/** A run whose last record has left every bound, as it is read back from JSON: what is not finite is null. */
export function divergedResult(): RunResult {
  const result = sampleResult({
    steps: [0, 1, 2, 3],
    status: { kind: 'diverged', step: 3, model: 'network', loss: Infinity },
    discrepancy: (step) => 100 ** step - 1,
  });
  const last = result.records.at(-1)!;
  last.train.losses.network = Infinity;
  last.train.discrepancies.linear = NaN;
  last.test!.losses.network = Infinity;
  last.test!.discrepancies.linear = NaN;
  last.movement['W'] = NaN;
  last.outputs.network = [NaN, -Infinity, Infinity];
  return JSON.parse(JSON.stringify(result)) as RunResult;
}
