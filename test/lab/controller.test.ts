import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { recordSteps } from '../../src/experiment/record-steps.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { createController } from '../../web/lab/create-controller.ts';
import type { LabController } from '../../web/lab/controller.ts';
import { dense } from '../../src/math/dense.ts';
import { featureMatrix } from '../../src/math/linear-features.ts';
import { readParameters } from '../../src/network/parameters.ts';
import { TwoLayerNetwork } from '../../src/network/two-layer.ts';
import { drivingDistance, drivingSpectra, firstEntries } from '../../src/theory/driving-kernels.ts';
import type { Lab } from '../../src/theory/lab.ts';
import { type Shell, directions, measureShells } from '../../src/theory/shells.ts';
import { gamma, u } from '../bounds.ts';
import { collect } from '../experiment/collect.ts';
import { forwardBounds } from '../forward-bounds.ts';
import { gpu } from '../gpu-device.ts';
import { long, small } from './small-experiment.ts';

/**
 * One engine, which compiles its programs once, and what goes on at the end of a test is ended by the next; those that
 * need an engine of another kind open it themselves.
 */
let shared: LabController | undefined;
async function open(spec: SpecInput): Promise<LabController> {
  if (!shared) return (shared = await createController(spec));
  shared.setSpeed(null);
  shared.open(spec);
  return shared;
}
afterAll(() => shared?.close());

/** One whose engine is not in a worker, or is none: it goes when the test ends. */
async function openOwn(spec: SpecInput): Promise<LabController> {
  const own = await createController(spec);
  onTestFinished(() => own.close());
  return own;
}

/** What a run of `small` records, outside of any page. */
const alone = collect(gpu.device, small);

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 30_000, interval: 10 });

test('what the page shows is what a run of the same spec records, bit for bit', async () => {
  const lab = await open({ ...small, claims: [10] });
  await until(() => lab.recording.phase === 'ended');
  const { recording } = lab;
  const { result } = await collect(gpu.device, { ...small, claims: [10] });
  expect(recording.records).toEqual(result.records);
  expect(recording.preparation).toEqual(result.preparation);
  expect(recording.claims).toEqual(result.claims);
  expect(recording.result!.status).toEqual({ kind: 'completed' });
  expect(recording.snapshots.map(({ step }) => step)).toEqual(recording.records.map(({ step }) => step));
  expect(recording.stage!.targets.length).toBe(40);
  // The snapshots are of the same step as the records.
  for (const [index, { network, linear }] of recording.snapshots.entries()) {
    const mean = network.reduce((sum, f, i) => sum + (f - linear[i]) ** 2, 0) / 40;
    expect(mean).toBeCloseTo(recording.records[index].test!.discrepancies.linear, 5);
  }
  // And the slice is the field of claim 10, at T.
  const field = result.claims[0].fields[0].values;
  // It is twice as fine as that, on half of its plane.
  const fine = (k: number): number => 33 * (16 + 2 * (Math.floor(k / 17) - 8)) + 16 + 2 * ((k % 17) - 8);
  const coarse = (k: number): number => 33 * (8 + Math.floor(k / 17)) + 8 + (k % 17);
  const shared = Array.from({ length: 17 ** 2 }, (_, k) => k);
  expect(
    recording.snapshots.some(({ slice }) => shared.every((k) => slice.network[fine(k)] === field[coarse(k)])),
  ).toBe(true);
  // The modes are those that a run measures where its spec asks for them.
  const modes = recording.stage!.modes!;
  const asked = await collect(gpu.device, {
    ...small,
    training: { ...small.training, modes: modes.indices },
  });
  expect(modes).toEqual(asked.result.preparation.modes);
  expect(recording.snapshots.map((snapshot) => snapshot.modes)).toEqual(
    asked.result.records.map((record) => ({
      network: record.modes!.errors.network.along,
      linear: record.modes!.errors.linear.along,
    })),
  );
});

test('kernels are measured when asked for, after the end, too, and are those of the run', async () => {
  const lab = await open(small);
  await until(() => lab.recording.phase === 'ended');
  const { recording } = lab;
  expect([recording.kernels, recording.spectra]).toEqual([[], []]);
  expect(recording.kernelSteps).toEqual(recording.records.map(({ step }) => step));
  lab.measure('kernels', 80);
  lab.measure('spectrum', 80);
  await until(() => recording.kernels.length > 0 && recording.spectra.length > 0);
  await collect(gpu.device, small, {
    observe: async (at, { step }) => {
      if (step !== 80) return;
      const { theta, linear } = await firstEntries(at, 'position', 48);
      expect(recording.kernels).toMatchObject([{ step, points: 48, theta, linear }]);
      const { difference } = await drivingDistance(at, 'position');
      expect(recording.kernels[0].distance.difference).toBeCloseTo(difference.value / 60, 8);
      expect(recording.spectra).toEqual([{ step, ...(await drivingSpectra(at, 'position', 24)) }]);
    },
  });
});

test.for([
  ['two layers', { ...small, claims: [10] }],
  ['more layers', { ...small, network: { kind: 'deep', widths: [8, 8], activation: 'tanh' } }],
] satisfies [string, SpecInput][])(
  'the shells of %s are those of the run at each step, whichever was asked for before',
  async ([, spec]) => {
    const lab = await open(spec);
    await until(() => lab.recording.phase === 'ended');
    const { recording } = lab;
    const within = recording.records.findLast(({ step }) => step <= recording.preparation!.horizon / 2)!.step;
    for (const step of [80, 0, within]) {
      lab.measure('shell', step);
      await until(() => recording.shells.some((one) => one.step === step));
    }
    expect(recording.shells.map(({ step }) => step)).toEqual([0, within, 80]);
    await collect(gpu.device, spec, {
      observe: async (at, { step }) => {
        const shown = recording.shells.find((one) => one.step === step)?.shells;
        if (!shown) return;
        expect(shown).toEqual((await measureShells(at)).shells);
        if (step === 0) for (const { share } of shown) expect(share).toEqual({ value: 0, error: 0 });
        else if (at.network instanceof TwoLayerNetwork) await expectExactShares(at, at.network, shown);
      },
    });
    for (const { series } of recording.claims) {
      const claimed = series.find(({ key }) => key === 'radial_share')!;
      expect(recording.shells[1].shells.map(({ share }) => share.value)).toEqual(claimed.y);
    }
  },
);

/** Shares of spheres as they are in float64, from what the models have learned, within what float32 may be off. */
async function expectExactShares(lab: Lab, network: TwoLayerNetwork, shown: readonly Shell[]): Promise<void> {
  const { points } = await measureShells(lab);
  const X = dense(points.rows, points.d, points.data);
  const starts = await readParameters(network.layers, 'start');
  const moves = await readParameters(network.layers, 'displacement');
  const [W, v] = starts.map((start, l) => Float64Array.from(start, (value, k) => value + moves[l][k]));
  const m = v.length;
  const { A } = forwardBounds(X, dense(m, points.d, W), network.activation);
  const device = await lab.linear.beta.read();
  const bias = device.length - 4;
  const beta = [...device.subarray(0, points.d), device[bias], device[bias + 1]];
  const Psi = featureMatrix(lab.linear.features, X);
  const outputs = Array.from({ length: points.rows }, (_, i) => {
    const sum = (of: number, termOf: (k: number) => number): number =>
      Array.from({ length: of }, (_, k) => termOf(k)).reduce((total, term) => total + term, 0);
    const linearTerm = (k: number): number => Psi.data[i * Psi.cols + k] * beta[k];
    return {
      f: sum(m, (r) => v[r] * A.exact[i * m + r]) / Math.sqrt(m),
      lin: sum(Psi.cols, linearTerm),
      // Both are sums of products; what goes into those of the linear model is rounded a few times itself.
      off:
        sum(m, (r) => Math.abs(v[r]) * (A.bound[i * m + r] + gamma(m + 4) * Math.abs(A.exact[i * m + r]))) /
          Math.sqrt(m) +
        (gamma(Psi.cols) + 16 * u) * sum(Psi.cols, (k) => Math.abs(linearTerm(k))),
    };
  });
  for (const [i, { radius, share }] of shown.entries()) {
    const sphere = outputs.slice(i * directions, (i + 1) * directions);
    const mean = (of: (point: (typeof outputs)[number]) => number): number =>
      sphere.reduce((sum, point) => sum + of(point), 0) / directions;
    const size = Math.max(
      mean(({ f }) => f * f),
      mean(({ lin }) => lin * lin),
    );
    const exact = mean(({ f, lin }) => (f - lin) ** 2) / size;
    const offSize = mean(({ f, lin, off }) => 2 * Math.max(Math.abs(f), Math.abs(lin)) * off + off * off);
    const offSquares = mean(({ f, lin, off }) => 4 * Math.abs(f - lin) * off + 4 * off * off);
    const bound = (offSquares + exact * offSize) / (size - offSize);
    if (radius === 0) continue;
    expect(bound, `the bound at s = ${radius}`).toBeLessThan(0.01);
    expect(Math.abs(share.value - exact), `s = ${radius}`).toBeLessThanOrEqual(bound);
  }
}

test('pause, single steps, and on', async () => {
  const lab = await open(small);
  lab.pause();
  await until(() => lab.recording.phase === 'paused' && lab.recording.records.length === 1);
  expect(lab.recording.step).toBe(0);
  for (const step of [1, 2, 3, 4, 5, 6]) {
    lab.step();
    await until(() => lab.recording.step === step);
    expect(lab.recording.records.at(-1)!.step).toBe(step);
    expect(lab.recording.phase).toBe('paused');
  }
  lab.play();
  await until(() => lab.recording.phase === 'ended');
  const { result } = await alone;
  const planned = new Set(result.records.map(({ step }) => step));
  expect(lab.recording.records.filter(({ step }) => planned.has(step))).toEqual(result.records);
  expect(lab.recording.records.slice(0, 7).map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(lab.recording.result!.records).toEqual(lab.recording.records);
});

test('a pause in the middle of a run records where it stands', async () => {
  const lab = await open(long);
  await until(() => lab.recording.step > 20);
  lab.pause();
  expect(lab.recording.phase).toBe('paused');
  expect(lab.recording.settling).toBe(true);
  await until(() => !lab.recording.settling);
  const { step } = lab.recording;
  expect(lab.recording.records.at(-1)!.step).toBe(step);
  // Time enough for steps that it should not make.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(lab.recording.step).toBe(step);
  lab.step();
  await until(() => lab.recording.step === step + 1);
});

test('a speed is held, and changed on the way', async () => {
  const lab = await open(long);
  lab.setSpeed(20);
  await until(() => lab.recording.step > 10);
  // Slow enough to be watched, on any machine: there are records between those of the spec.
  lab.setSpeed(2);
  const planned = recordSteps(parseSpec(long));
  await until(() => lab.recording.records.some(({ step }) => !planned.includes(step)));
  lab.setSpeed(null);
  await until(() => lab.recording.step > 300);
});

test('restart and open end what goes; what it still says is dropped', async () => {
  const lab = await open(long);
  await until(() => lab.recording.step > 10);
  const first = lab.recording;
  lab.restart();
  expect(lab.recording).not.toBe(first);
  expect(lab.recording.records).toEqual([]);
  lab.open(small);
  const { length } = first.records;
  await until(() => lab.recording.phase === 'ended');
  expect(first.records.length).toBe(length);
  const { result } = await alone;
  expect(lab.recording.records).toEqual(result.records);
});

test('what is wrong or too large for a page is refused, and the experiment on the screen goes on', async () => {
  const lab = await open(long);
  const { recording } = lab;
  expect(() => lab.open({ ...small, network: { width: 3 } })).toThrow(/network.width is 3/);
  expect(() => lab.open({ ...small, data: { distribution: 'gaussian', d: 8, n: 10_000_000 } })).toThrow(
    /data.n is 10000000; this page takes at most 50000/,
  );
  expect(() => lab.open({ ...small, data: { distribution: 'npy', x: 'X.npy' } })).toThrow(
    /X.npy, which is not here/,
  );
  await until(() => recording.step > 10);
  expect(lab.recording).toBe(recording);
});

test('a lost device comes back: what was recorded stays, and the numbers are the same', async () => {
  const lab = await open(small);
  lab.pause();
  await until(() => lab.recording.phase === 'paused');
  for (const step of [1, 2, 3]) {
    lab.step();
    await until(() => lab.recording.step === step);
  }
  const before = structuredClone(lab.recording.records);
  lab.loseDevice();
  await until(() => lab.recording.failure !== null);
  expect(lab.recording.failure).toMatch(/lost the GPU/);
  expect(lab.recording.records).toEqual(before);
  await until(() => lab.recording.failure === null);
  expect(lab.recording.phase).toBe('paused');
  expect(lab.recording.step).toBe(3);
  expect(lab.recording.records).toEqual(before);
  lab.step();
  await until(() => lab.recording.step === 4);
  lab.play();
  await until(() => lab.recording.phase === 'ended');
  const { result } = await alone;
  const planned = new Set(result.records.map(({ step }) => step));
  expect(lab.recording.records.filter(({ step }) => planned.has(step))).toEqual(result.records);
  expect(lab.recording.snapshots.length).toBe(lab.recording.records.length);
});

test('a device lost while it runs', async () => {
  const lab = await open(long);
  await until(() => lab.recording.step > 30);
  lab.loseDevice();
  await until(() => lab.recording.failure !== null);
  const { step } = lab.recording;
  await until(() => lab.recording.failure === null && lab.recording.step > step);
  const steps = lab.recording.records.map((record) => record.step);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
});

test('arrays of the step on the screen, as .npy files', async () => {
  const lab = await open(small);
  lab.pause();
  await until(() => lab.recording.phase === 'paused');
  const start = await lab.arrays();
  expect([...start.keys()]).toContain('W_t.npy');
  expect(await start.get('W_t.npy')!.text()).toBe(await start.get('W0.npy')!.text());
  lab.play();
  await until(() => lab.recording.phase === 'ended');
  const end = await lab.arrays();
  const { arrays } = await alone;
  const floats = new Float32Array((await end.get('f_test.npy')!.arrayBuffer()).slice(-4 * 40));
  expect(floats).toEqual(arrays.get('f_test')!.data);
});

test('listeners are told once a frame', async () => {
  const lab = await open(long);
  let calls = 0;
  const stop = lab.onChange(() => calls++);
  for (let k = 0; k < 5; k++) lab.setSpeed(k + 1);
  expect(calls).toBe(0);
  await until(() => calls > 0);
  stop();
});

test('without a worker the engine runs beside the page, the same', async () => {
  vi.stubGlobal('Worker', undefined);
  try {
    const lab = await openOwn(small);
    await until(() => lab.recording.phase === 'ended');
    const { result } = await alone;
    expect(lab.recording.records).toEqual(result.records);
  } finally {
    vi.unstubAllGlobals();
  }
});

test('without WebGPU there is the experiment recorded in advance', async () => {
  vi.stubGlobal('Worker', undefined);
  const there = vi.spyOn(navigator, 'gpu', 'get').mockReturnValue(undefined as unknown as GPU);
  try {
    const lab = await openOwn(small);
    const { recording } = lab;
    expect([recording.recorded, recording.phase]).toEqual([true, 'ended']);
    expect(recording.failure).toMatch(/no WebGPU/);
    expect(recording.snapshots.length).toBe(recording.records.length);
    const { side } = recording.stage!.slice;
    for (const [index, { network, linear, slice }] of recording.snapshots.entries()) {
      expect(slice.network.length).toBe(side ** 2);
      const { length } = recording.stage!.targets;
      const mean = network.reduce((sum, f, i) => sum + (f - linear[i]) ** 2, 0) / length;
      expect(mean).toBeCloseTo(recording.records[index].test!.discrepancies.linear, 3);
    }
    expect(recording.kernels.length).toBe(3);
    const last = recording.shells.at(-1)!;
    expect([recording.shells.length, last.step]).toEqual([3, recording.step]);
    for (const { share } of last.shells.slice(1)) expect(share.value).toBeGreaterThan(0);
    expect(() => lab.open(small)).toThrow(/no WebGPU/);
  } finally {
    there.mockRestore();
    vi.unstubAllGlobals();
  }
});
