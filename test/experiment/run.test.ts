import { everyActivation } from '../activations.ts';
import { describe, expect, test } from 'vitest';
import type { Gate } from '../../src/experiment/gate.ts';
import { run } from '../../src/experiment/run.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { linearFeatures } from '../../src/math/linear-features.ts';
import type { Activation } from '../../src/math/activation-names.ts';
import { dense } from '../../src/math/dense.ts';
import { gaussianConstants } from '../../src/math/gaussian-constants.ts';
import { forward } from '../../src/reference/forward.ts';
import { tangentKernel } from '../../src/reference/ntk.ts';
import { type TrainingOutcome, train } from '../../src/reference/train.ts';
import { gpu } from '../gpu-device.ts';
import { collect } from './collect.ts';

const small = { distribution: 'gaussian', d: 11, n: 150, nTest: 70 } as const;

const activations = everyActivation([0.2]);

/** ‖a − b‖/‖b‖ */
function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return size === 0 ? Math.sqrt(difference) : Math.sqrt(difference / size);
}

/** What float64 makes of the same arrays, from the same start. */
function inFloat64(
  { result, arrays }: Awaited<ReturnType<typeof collect>>,
  activation: Activation,
  linearized = false,
): TrainingOutcome {
  const { d, eta1, eta2, constants } = result.preparation;
  const values = (name: string) => Float64Array.from(arrays.get(name)!.data);
  const { n, nTest } = result.preparation;
  return train({
    train: { X: dense(n, d, values('X_train')), y: values('y_train') },
    test: { X: dense(nTest, d, values('X_test')), y: values('y_test') },
    activation,
    W0: dense(result.spec.network.width, d, values('W0')),
    v0: values('v0'),
    eta1,
    eta2,
    features: linearFeatures(constants, d, eta1, eta2),
    recordAt: result.records.map(({ step }) => step),
    linearized,
  });
}

describe('a run follows its float64 twin from the same arrays', () => {
  const cases = activations.flatMap((activation) =>
    (['first', 'second', 'both'] as const).map((layers) => ({ activation, layers, name: activation.name })),
  );
  // The project's own contract: 2e-4 for what the network does, 1e-5 for the linear model. Plain float32 arithmetic
  // reaches 1e-5 and 6e-8; the rest is room for activations that are right to a few ulp only.
  test.for(cases)('$name, $layers', async ({ activation, layers }) => {
    const eta = Math.abs(gaussianConstants(activation, 1).theta0) > 1e-9 ? 0.4 : 2;
    const outcome = await collect(gpu.device, {
      seed: 3,
      data: small,
      network: {
        width: 26,
        activation: activation.name === 'formula' ? activation.formula : activation.name,
        ...('slope' in activation && { slope: activation.slope }),
      },
      training: { layers, eta, steps: 60, records: { spacing: 'linear', count: 4 } },
    });
    const { arrays, result } = outcome;
    expect(result.status).toEqual({ kind: 'completed' });
    const exact = inFloat64(outcome, activation);
    const values = (name: string) => arrays.get(name)!.data;
    const displacement = (to: string, from: string) => values(to).map((value, i) => value - values(from)[i]);

    const last = exact.records.at(-1)!;
    const errors: Record<string, number> = {
      f_train: relativeError(values('f_train'), last.outputs.train.network),
      f_test: relativeError(values('f_test'), last.outputs.test!.network),
    };
    if (layers !== 'second') {
      const moved = exact.W.data.map((w, k) => w - values('W0')[k]);
      errors['W_t − W0'] = relativeError(displacement('W_t', 'W0'), moved);
    }
    if (layers !== 'first') {
      const moved = exact.v.map((v, k) => v - values('v0')[k]);
      errors['v_t − v0'] = relativeError(displacement('v_t', 'v0'), moved);
    }
    const linear: Record<string, number> = {
      lin_train: relativeError(values('lin_train'), last.outputs.train.linear),
      lin_test: relativeError(values('lin_test'), last.outputs.test!.linear),
    };
    console.info(
      `${activation.name}, ${layers}: ${Object.entries({ ...errors, ...linear })
        .map(([name, error]) => `${name} ${error.toExponential(1)}`)
        .join(', ')}`,
    );
    for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(2e-4);
    for (const [name, error] of Object.entries(linear)) expect(error, name).toBeLessThan(1e-5);

    for (const [index, record] of result.records.entries()) {
      const twin = exact.records[index];
      expect(record.step).toBe(twin.step);
      for (const set of ['train', 'test'] as const) {
        expect(record[set]!.networkLoss).toBeCloseTo(twin[set]!.networkLoss, 5);
        expect(record[set]!.linearLoss).toBeCloseTo(twin[set]!.linearLoss, 5);
        expect(record[set]!.discrepancy).toBeCloseTo(twin[set]!.discrepancy, 5);
        expect(record[set]!.clippedDiscrepancy).toBeCloseTo(twin[set]!.clippedDiscrepancy, 5);
      }
      expect(record.movementW).toBeCloseTo(twin.movementW, 4);
      expect(record.movementV).toBeCloseTo(twin.movementV, 4);
      expect(record.movementBeta).toBeCloseTo(twin.movementBeta, 4);
      for (const [k, point] of result.preparation.watched.indices.entries()) {
        expect(record.outputs.network[k]).toBeCloseTo(twin.outputs.test!.network[point], 4);
        expect(record.outputs.linear[k]).toBeCloseTo(twin.outputs.test!.linear[point], 4);
      }
    }
  });
});

test('separate rates and the linearized network follow float64 too', async () => {
  const outcome = await collect(gpu.device, {
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
  });
  const exact = inFloat64(outcome, { name: 'tanh' }, true);
  const last = exact.records.at(-1)!;
  const values = (name: string) => outcome.arrays.get(name)!.data;
  expect(relativeError(values('linearized_train'), last.outputs.train.linearized!)).toBeLessThan(2e-4);
  expect(relativeError(values('linearized_test'), last.outputs.test!.linearized!)).toBeLessThan(2e-4);
  expect(relativeError(values('lin_train'), last.outputs.train.linear)).toBeLessThan(1e-5);
  expect(outcome.result.records.map(({ step }) => step)).toEqual([0, 7, 20, 40]);
  const record = outcome.result.records.at(-1)!;
  expect(record.train.linearizedLoss).toBeCloseTo(last.train.linearizedLoss!, 5);
  expect(record.test!.linearizedDiscrepancy).toBeCloseTo(last.test!.linearizedDiscrepancy!, 5);
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
  expect([start.train.discrepancy, start.movementW, start.movementV, start.movementBeta]).toEqual([
    0, 0, 0, 0,
  ]);
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
  expect(last.train.networkLoss).toBeLessThan(0.8 * linearOptimum!);
  // The linear model has converged to the optimum that the eigenproblem gives, to float32 accuracy.
  expect(last.train.linearLoss).toBeCloseTo(linearOptimum!, 5);
  for (const { train } of early) expect(train.discrepancy).toBeLessThan(last.train.discrepancy / 2);
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
  expect(result.records.every(({ train }) => Number.isFinite(train.networkLoss))).toBe(true);
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
  const spec: SpecInput = { ...figure, claims: [8, 10, 12] };
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
