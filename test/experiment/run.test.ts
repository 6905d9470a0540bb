import { describe, expect, test } from 'vitest';
import type { Gate } from '../../src/experiment/gate.ts';
import type { SetMeasures, StepRecord } from '../../src/experiment/result.ts';
import { type ByModel, byKey } from '../../src/model/model.ts';
import { resultOfRun, run } from '../../src/experiment/run.ts';
import { widthOf } from '../../src/experiment/network-facts.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { dense } from '../../src/math/dense.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { type Experiment, experiment } from '../../src/reference/experiment.ts';
import { forward } from '../../src/reference/forward.ts';
import { tangentKernel } from '../../src/reference/ntk.ts';
import { everyActivation } from '../activations.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { everyRun } from '../extent.ts';
import { gpu } from '../gpu-device.ts';
import { wrong } from '../refusals.ts';
import { collect } from './collect.ts';

const small = { distribution: 'gaussian', d: 11, n: 150, nTest: 70 } as const;

/** ‖a − b‖/‖b‖ */
function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return size === 0 ? Math.sqrt(difference) : Math.sqrt(difference / size);
}

/** What float64 makes of the same spec, from the numbers that a run sent. */
function inFloat64({ result, arrays }: Awaited<ReturnType<typeof collect>>): Experiment {
  const { n, nTest, d } = result.preparation;
  const values = (name: string) => Float64Array.from(arrays.get(name)!.data);
  return experiment(result.spec, {
    train: { X: dense(n, d, values('X_train')), y: values('y_train') },
    test: { X: dense(nTest, d, values('X_test')), y: values('y_test') },
    W0: dense(widthOf(result.spec.network), d, values('W0')),
    v0: values('v0'),
  });
}

/**
 * What the README promises of outputs and displacements, relative, by their norms. How much of it is used is held to what
 * it was: see test/shares.ts.
 */
const promised = 1e-6;
/** Rounding of the twin itself: of sums of at most 26 units of at most 8, over √26. Where outputs are 0 it is all there is. */
const twinRounding = 2 ** -53 * 8 * 26 ** 1.5;

/** Outputs and displacements of the end, each list by its norm. */
function expectOutcome(
  { arrays }: Awaited<ReturnType<typeof collect>>,
  { outcome: { records, W, v } }: Experiment,
): void {
  const values = (name: string) => arrays.get(name)!.data;
  const { train, test } = records.at(-1)!.outputs;
  const within = (label: string, actual: ArrayLike<number>, exact: ArrayLike<number>) =>
    expectWithin(`${label} at the end`, [relativeError(actual, exact)], [0], [promised]);
  const moved = (to: ArrayLike<number>, from: string) =>
    Float64Array.from(to, (value, i) => value - values(from)[i]);
  within('f', values('f_train'), train.network);
  within('f', values('f_test'), test!.network);
  within('W − W(0)', values('dW'), moved(W.data, 'W0'));
  within('v − v(0)', values('dv'), moved(v, 'v0'));
  within('linear output', values('lin_train'), train.linear);
  within('linear output', values('lin_test'), test!.linear);
  if (!train.linearized) return;
  within('linearized output', values('linearized_train'), train.linearized);
  within('linearized output', values('linearized_test'), test!.linearized!);
}

/**
 * Every number of a record within what the errors of the outputs allow: outputs off by ε of their norm move the root of
 * 2L = mean (u − y)² by at most ε times the root mean square of u, that of mean (f − u)² by those of both.
 */
function expectRecord(record: StepRecord, exact: StepRecord, { outcome }: Experiment): void {
  const at = outcome.records.find(({ step }) => step === record.step)!;
  expect(record.step).toBe(exact.step);
  for (const set of ['train', 'test'] as const) {
    const [actual, wanted, outputs] = [record[set]!, exact[set]!, at.outputs[set]!];
    const error = (values: Float64Array) => promised * rootMeanSquare(values) + twinRounding;
    const off = byKey<ByModel<number>>(Object.keys(outputs), (key) => error(outputs[key]!));
    // The sum itself: n squares, differences and sums.
    const rounding = gamma(outputs.network.length + 3);
    const within = (
      name: string,
      of: (set: SetMeasures) => number | undefined,
      error: number,
      half: 1 | 2,
    ) => {
      const value = of(wanted)!;
      const bound = (2 * Math.sqrt(half * value) * error + error * error) / half + rounding * value;
      expectWithin(name, [of(actual)!], [value], [bound]);
    };
    expect(Object.keys(actual.losses)).toEqual(Object.keys(outputs));
    for (const key of Object.keys(outputs)) {
      within(`loss, ${key}`, ({ losses }) => losses[key], off[key]!, 2);
      if (key === 'network') continue;
      within(`discrepancy, ${key}`, ({ discrepancies }) => discrepancies[key], off.network + off[key]!, 1);
      if (key === 'linear') continue;
      within(`from linear, ${key}`, ({ fromLinear }) => fromLinear![key], off.linear + off[key]!, 1);
    }
    within('clipped discrepancy', (set) => set.clippedDiscrepancy, off.network + off.linear, 1);
    within('square, linear', (set) => set.linearSquare, off.linear, 1);
  }
  for (const [name, moved] of Object.entries(exact.movement))
    expectWithin(`movement, ${name}`, [record.movement[name]], [moved], [promised * moved]);
  for (const model of ['network', 'linear'] as const) {
    const most = promised * Math.hypot(...at.outputs.test![model]) + twinRounding;
    const exactly = exact.outputs[model];
    expectWithin(
      `watched, ${model}`,
      record.outputs[model],
      exactly,
      exactly.map(() => most),
    );
  }
}

const rootMeanSquare = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

async function expectToFollow(spec: SpecInput): Promise<void> {
  const outcome = await collect(gpu.device, spec);
  const { result } = outcome;
  expect(result.status).toEqual({ kind: 'completed' });
  const exact = inFloat64(outcome);
  expectOutcome(outcome, exact);
  expect(result.records.length).toBe(exact.records.length);
  result.records.forEach((record, index) => expectRecord(record, exact.records[index], exact));
  const { linearOptimum, largestStableRate, ...prepared } = result.preparation;
  const expected = exact.preparation;
  expect(prepared).toMatchObject({
    n: small.n,
    nTest: small.nTest,
    watched: expected.watched,
    horizon: expected.horizon,
    constants: expected.constants,
    largestTarget: 1,
    targetSize: 1,
  });
  // Of the same inputs and in float64 both, by other sums.
  expect(linearOptimum! / expected.linearOptimum!).toBeCloseTo(1, 10);
  expect(largestStableRate! / expected.largestStableRate!).toBeCloseTo(1, 10);
}

const layersOf = ['first', 'second', 'both'] as const;
/**
 * Every activation with one choice of layers, and one activation with all of them: of every activation both layers are
 * trained in accuracy.test.ts, at labels and rates of every scale.
 */
const followed = everyActivation([0.2])
  .slice(0, everyRun ? undefined : 2)
  .flatMap((activation, index) =>
    (index === 0 ? layersOf : [layersOf[index % 3]]).map((layers) => ({
      activation,
      layers,
      name: activation.name,
    })),
  );

describe('a run follows its float64 twin from the same arrays', () => {
  test.for(followed)('$name, $layers', ({ activation, layers }) => {
    const eta = Math.abs(gaussianConstants(activation, 1).theta0) > 1e-9 ? 0.4 : 2;
    return expectToFollow({
      seed: 3,
      data: small,
      network: {
        width: 26,
        activation: activation.name === 'formula' ? activation.formula : activation.name,
        ...('slope' in activation && { slope: activation.slope }),
      },
      training: { layers, eta, steps: 60, records: { spacing: 'linear', count: 4 } },
    });
  });

  test('separate rates and the linearized network', () =>
    expectToFollow({
      seed: 8,
      data: small,
      network: { width: 20, activation: 'tanh' },
      training: {
        layers: 'both',
        eta1: 3,
        eta2: 0.7,
        steps: 40,
        linearized: true,
        records: { steps: [7, 20] },
      },
    }));
});

const figure: SpecInput = {
  data: { distribution: 'gaussian', d: 20, n: 300, nTest: 100 },
  network: { width: 64, activation: 'erf' },
  training: { layers: 'both', eta: 4, steps: 120 },
};

test('the same spec gives the same bits, and f is exactly 0 at t = 0', async () => {
  const [one, two] = [await collect(gpu.device, figure), await collect(gpu.device, figure)];
  expect(two.result.records).toEqual(one.result.records);
  for (const [name, { data }] of one.arrays) {
    expect(new Uint32Array(two.arrays.get(name)!.data.buffer), name).toEqual(new Uint32Array(data.buffer));
  }
  const start = one.result.records[0];
  expect(start.step).toBe(0);
  expect([...start.outputs.network, ...start.outputs.linear].every((f) => f === 0)).toBe(true);
  expect([
    start.train.discrepancies.linear,
    start.movement['W'],
    start.movement['v'],
    start.movement['beta'],
  ]).toEqual([0, 0, 0, 0]);
  const other = await collect(gpu.device, { ...figure, seed: 1 });
  expect(other.result.records).not.toEqual(one.result.records);
});

test('early agreement, then the network passes the linear optimum', async () => {
  const { result } = await collect(gpu.device, {
    ...figure,
    training: { layers: 'both', eta: 4, steps: 800 },
  });
  const { horizon, linearOptimum } = result.preparation;
  const early = result.records.filter(({ step }) => step <= horizon / 2);
  expect(early.length).toBeGreaterThan(3);
  const last = result.records.at(-1)!;
  expect(last.train.losses.network).toBeLessThan(0.8 * linearOptimum!);
  // The linear model has converged to the optimum that the eigenproblem gives, to float32 accuracy.
  expect(last.train.losses.linear).toBeCloseTo(linearOptimum!, 5);
  for (const { train } of early)
    expect(train.discrepancies.linear).toBeLessThan(last.train.discrepancies.linear / 2);
});

test('50 consecutive runs leave no buffer behind', async () => {
  const before = [gpu.liveBuffers, gpu.liveBytes];
  const spec: SpecInput = {
    data: { distribution: 'gaussian', d: 3, n: 10, nTest: 5 },
    network: { width: 4, activation: 'relu' },
    training: { layers: 'both', eta: 0.1, steps: 3 },
  };
  for (let k = 0; k < 50; k++) await collect(gpu.device, { ...spec, seed: k }, { onArray: undefined });
  expect([gpu.liveBuffers, gpu.liveBytes]).toEqual(before);
});

test('a rate that diverges is detected at its step, with the records before it', async () => {
  const live = gpu.liveBuffers;
  const { result } = await collect(gpu.device, {
    ...figure,
    training: { layers: 'both', eta: 4000, steps: 500, records: { spacing: 'linear', count: 500 } },
  });
  expect(result.status.kind).toBe('diverged');
  if (result.status.kind !== 'diverged') return;
  expect(result.preparation.largestStableRate!).toBeLessThan(4000);
  expect(result.status.step).toBeGreaterThan(0);
  expect(result.records.map(({ step }) => step)).toEqual(
    Array.from({ length: result.status.step }, (_, step) => step),
  );
  expect(result.records.every(({ train }) => Number.isFinite(train.losses.network))).toBe(true);
  expect(gpu.liveBuffers).toBe(live);
});

test('an aborted run keeps what was recorded', async () => {
  const live = gpu.liveBuffers;
  const controller = new AbortController();
  const running = run(
    gpu.device,
    parseSpec({ ...figure, training: { layers: 'both', eta: 4, steps: 100_000 } }),
    {
      signal: controller.signal,
    },
  );
  for (;;) {
    const next = await running.next();
    if (next.done) {
      expect(next.value.status.kind).toBe('stopped');
      expect(next.value.records.length).toBeGreaterThan(1);
      break;
    }
    if (next.value.kind === 'progress') controller.abort();
  }
  expect(gpu.liveBuffers).toBe(live);
});

test('the arrays of a stopped run are those of the step it stopped at', async () => {
  const controller = new AbortController();
  controller.abort();
  const { result, arrays } = await collect(gpu.device, figure, { signal: controller.signal });
  expect(result.status).toEqual({ kind: 'stopped', step: 0 });
  expect(arrays.get('W_t')!.data).toEqual(arrays.get('W0')!.data);
  expect(arrays.get('f_train')!.data.every((f) => f === 0)).toBe(true);
});

test('a diverged run sends only the arrays it began with', async () => {
  const { result, arrays } = await collect(gpu.device, {
    ...figure,
    training: { layers: 'both', eta: 4000, steps: 50 },
  });
  expect(result.status.kind).toBe('diverged');
  expect([...arrays.keys()]).toEqual(['X_train', 'y_train', 'X_test', 'y_test', 'W0', 'v0']);
});

test('the kernel at initialization is sent where it is asked for', async () => {
  const { arrays } = await collect(gpu.device, {
    ...figure,
    kernel: 'both',
    training: { layers: 'first', eta: 4, steps: 5 },
  });
  const values = (name: string) => Float64Array.from(arrays.get(name)!.data);
  const [n, d, m] = [300, 20, 64];
  const [X, W, v] = [dense(n, d, values('X_train')), dense(m, d, values('W0')), values('v0')];
  const exact = tangentKernel({ X, v, ...forward(X, W, { name: 'erf' }) });
  expect(arrays.get('kernel')!.shape).toEqual([n, n]);
  expect(relativeError(values('kernel'), exact.data)).toBeLessThan(1e-6);
});

test('a run left half-way frees its buffers', async () => {
  const live = gpu.liveBuffers;
  for await (const event of run(gpu.device, parseSpec(figure))) if (event.kind === 'progress') break;
  expect(gpu.liveBuffers).toBe(live);
});

/** Holds a run at these steps, each for a moment. */
function gateAt(steps: readonly number[]): Gate & { held: number[] } {
  const held: number[] = [];
  return {
    held,
    holds: (step) => steps.includes(step),
    records: (step) => step % 2 === 1,
    opened: async (step) => {
      held.push(step);
      await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };
}

test('an observer and a gate leave every number as it is, and have their own steps recorded', async () => {
  const spec: SpecInput = {
    data: { distribution: 'gaussian', d: 5, n: 24, nTest: 10 },
    network: { width: 8, activation: 'erf' },
    training: { layers: 'both', eta: 1, steps: 120 },
    claims: [8, 10, 12],
  };
  const live = gpu.liveBuffers;
  const plain = await collect(gpu.device, spec);
  const gate = gateAt([0, 2, 31, 33, 40, 97]);
  const observed: { step: number; outputs: Float32Array; told: boolean }[] = [];
  const watched = await collect(gpu.device, spec, {
    gate,
    observe: async (lab, record) => {
      const outputs = await lab.outputs.network.test!.read();
      observed.push({ step: record.step, outputs, told: outputs[0] === record.outputs.network[0] });
    },
  });
  expect(gate.held).toEqual([0, 2, 31, 33, 40, 97]);
  const planned = new Set(plain.result.records.map(({ step }) => step));
  const { records } = watched.result;
  expect(records.filter(({ step }) => planned.has(step))).toEqual(plain.result.records);
  for (const step of [31, 33, 97]) expect(records.map((record) => record.step)).toContain(step);
  expect(observed.map(({ step }) => step)).toEqual(records.map(({ step }) => step));
  expect(observed.every(({ told }) => told)).toBe(true);
  expect(watched.result.claims).toEqual(plain.result.claims);
  expect(watched.arrays.get('W_t')!.data).toEqual(plain.arrays.get('W_t')!.data);
  expect(gpu.liveBuffers).toBe(live);
});

test('where a run is held, everything until there was yielded', async () => {
  const yielded: number[] = [];
  const waiting: (number | undefined)[][] = [];
  const gate: Gate = {
    holds: (step) => step === 0 || step === 50,
    records: () => true,
    opened: (step) => {
      waiting.push([step, yielded.at(-1)]);
      return Promise.resolve();
    },
  };
  for await (const event of run(gpu.device, parseSpec(figure), { gate })) {
    if (event.kind === 'records') yielded.push(...event.records.map(({ step }) => step));
  }
  expect(waiting).toEqual([
    [0, 0],
    [50, 50],
  ]);
});

test('an abort ends a hold, and the run stops where it stood', async () => {
  const live = gpu.liveBuffers;
  const controller = new AbortController();
  const { result, arrays } = await collect(gpu.device, figure, {
    signal: controller.signal,
    gate: {
      holds: (step) => step === 7,
      records: () => true,
      opened: () => {
        controller.abort();
        return new Promise(() => undefined);
      },
    },
  });
  expect(result.status).toEqual({ kind: 'stopped', step: 7 });
  expect(result.records.at(-1)!.step).toBe(7);
  const watched = result.preparation.watched.indices.map((point) => arrays.get('f_test')!.data[point]);
  expect(watched).toEqual(result.records.at(-1)!.outputs.network);
  expect(gpu.liveBuffers).toBe(live);
});

test('what an observer throws ends the run and frees its buffers', async () => {
  const live = gpu.liveBuffers;
  const observe = () => Promise.reject(new Error('enough'));
  await expect(collect(gpu.device, figure, { observe })).rejects.toThrow('enough');
  expect(gpu.liveBuffers).toBe(live);
});

const written = {
  data: { distribution: 'gaussian', d: 8, n: 20, nTest: 0 },
  target: { kind: 'sign-linear' },
  network: { width: 4 },
  training: { eta: 1, steps: 2 },
} as const satisfies SpecInput;

test.for([
  ['a spec as it is written', written, 'it has no name. parseSpec(…) gives one'],
  ['one whose training is', { ...parseSpec(written), training: written.training }, 'it has no layers.'],
  ['none', undefined, 'it is undefined. parseSpec(…) gives one'],
  ['null', null, 'it is null.'],
  ['text', JSON.stringify(written), 'it is "{'],
] as const)('%s is no spec to run', async ([, spec, words]) => {
  await expect(run(gpu.device, wrong(spec)).next()).rejects.toThrow(
    expect.objectContaining({
      name: 'TypeError',
      message: expect.stringContaining(`spec must be a spec that was parsed; ${words}`) as string,
    }),
  );
});

test('the result of a run is told once, and there is none of what is no run', async () => {
  const running = run(gpu.device, parseSpec(written));
  expect((await resultOfRun(running)).records.length).toBe(3);
  await expect(resultOfRun(running)).rejects.toThrow('This run has ended before');
  await expect(resultOfRun(wrong(gpu.device))).rejects.toThrow('running must be a run; it is a GPUDevice.');
});
