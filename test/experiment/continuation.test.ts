import { expect, test } from 'vitest';
import type { Continuation } from '../../src/experiment/continuation.ts';
import type { RunResult } from '../../src/experiment/result.ts';
import { type RunOptions, resultOfRun, run } from '../../src/experiment/run.ts';
import { type Spec, type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { gpu } from '../gpu-device.ts';

const data = { distribution: 'gaussian', d: 7, n: 90, nTest: 40 } as const;
const training = { eta: 1, steps: 30, records: { spacing: 'log', count: 12 } } as const;

/** Stops a run of a spec at the first of its steps that is no earlier than this; what it leaves. */
async function stoppedAt(spec: Spec, step: number, options: RunOptions = {}): Promise<Continuation> {
  const stop = new AbortController();
  let state: Float32Array<ArrayBuffer> | undefined;
  const result = await resultOfRun(
    run(gpu.device, spec, {
      ...options,
      signal: stop.signal,
      // Held at every step, it stops where it is told to.
      gate: { holds: () => true, records: () => false, opened: () => Promise.resolve() },
      onStop: (_, learned) => Promise.resolve(void (state = learned)),
    }),
    (event) => {
      if (event.kind === 'progress' && event.step >= step) stop.abort();
    },
  );
  if (result.status.kind !== 'stopped') throw new Error('It did not stop.');
  if (!state) throw new Error('It stopped, and kept nothing.');
  const { records, timings } = result;
  return { step: result.status.step, state, records, timings };
}

const recorded = ({ records, status, accuracy, departure }: RunResult) => ({
  records,
  status,
  accuracy,
  departure,
});

const specs: Record<string, SpecInput> = {
  'two layers with all models': {
    data,
    network: { width: 12, activation: 'tanh' },
    training: { ...training, linearized: true, modes: 3 },
  },
  'one layer': { data, network: { width: 12 }, training: { ...training, layers: 'second' } },
  'a deep network': {
    data,
    network: { kind: 'deep', widths: [8, 12] },
    training: { ...training, linear: ['theory', 'adapted'] },
  },
  'a convolutional network': {
    data: { ...data, d: 16 },
    network: { kind: 'convolutional', shape: [4, 4, 1], channels: [4, 6], filter: 3, readout: 'flat' },
    training,
  },
};

for (const [name, input] of Object.entries(specs)) {
  test(`${name}: goes on where it was stopped, twice, to the same bits`, async () => {
    const spec = parseSpec(input);
    const whole = await resultOfRun(run(gpu.device, spec));
    const first = await stoppedAt(spec, 4);
    const second = await stoppedAt(spec, 17, { from: first });
    expect([first.step, second.step]).toEqual([4, 17]);
    expect(first.records.length).toBeGreaterThan(1);
    expect(second.records.length).toBeGreaterThan(first.records.length);
    const result = await resultOfRun(run(gpu.device, spec, { from: second }));
    expect(recorded(result)).toEqual(recorded(whole));
    expect(result.timings.training).toBeGreaterThan(second.timings.training);
  });
}

test('says that it goes on, by the records that it had', async () => {
  const spec = parseSpec({ data, network: { width: 12 }, training });
  const from = await stoppedAt(spec, 4);
  const events: string[] = [];
  await resultOfRun(run(gpu.device, spec, { from }), (event) => {
    events.push(event.kind === 'records' ? `records from ${event.records[0].step}` : event.kind);
  });
  expect(events.slice(0, 2)).toEqual(['prepared', 'records from 0']);
});

test('keeps nothing of a run that could not go on', async () => {
  const claims = parseSpec({ data, network: { width: 12 }, training, claims: [8] });
  await expect(stoppedAt(claims, 4)).rejects.toThrow('It stopped, and kept nothing.');
});

test('refuses a state of another run, and claims, which are measured from the start', async () => {
  const spec = parseSpec({ data, network: { width: 12 }, training });
  const from = await stoppedAt(spec, 4);
  const before = gpu.liveBuffers;
  const wider = parseSpec({ data, network: { width: 14 }, training });
  await expect(resultOfRun(run(gpu.device, wider, { from }))).rejects.toThrow(
    /The state of this training has \d+ numbers, not \d+/,
  );
  const claims = parseSpec({ data, network: { width: 12 }, training, claims: [8] });
  await expect(resultOfRun(run(gpu.device, claims, { from }))).rejects.toThrow(
    /cannot go on: claims are measured from its first step/,
  );
  expect(gpu.liveBuffers).toBe(before);
});
