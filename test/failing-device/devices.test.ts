import { expect, test } from 'vitest';
import type { RunResult } from '../../src/experiment/result.ts';
import { Gpu, requestDevice } from '../../src/gpu/device.ts';
import { DeviceLostError } from '../../src/gpu/errors.ts';
import { type FailingCall, FaultyDevice } from '../faulty-device.ts';
import { Tally, near, outcomeOf } from './verdict.ts';
import { workloads } from './workloads.ts';

/** Of every workload, or of those that use the most programs: each device compiles its own. */
const numbersOf = async (device: GPUDevice, names = Object.keys(workloads)): Promise<string[]> => {
  const all: string[] = [];
  for (const name of names) all.push(JSON.stringify(await workloads[name](device)));
  return all;
};
const telling = ['a point of a sweep', 'a spectral norm'];
const usual = await requestDevice(navigator.gpu);
const right = await numbersOf(usual);

async function expectNear(device: GPUDevice): Promise<string[]> {
  const numbers = await numbersOf(device, telling);
  for (const [k, text] of numbers.entries()) {
    const wanted = right[Object.keys(workloads).indexOf(telling[k])];
    expect(near(JSON.parse(text), JSON.parse(wanted)), telling[k]).toBe(true);
  }
  return numbers;
}

test('with the limits that WebGPU promises, and no more, the numbers are the same', async () => {
  const adapter = (await navigator.gpu.requestAdapter())!;
  const device = await adapter.requestDevice({
    requiredFeatures: [...usual.features] as GPUFeatureName[],
  });
  expect(device.limits.maxStorageBufferBindingSize).toBe(128 * 2 ** 20);
  expect(await numbersOf(device)).toEqual(right);
  device.destroy();
});

/** Those of the features that serve which this adapter offers: without another there is nothing to be tried. */
const offered = (['timestamp-query', 'subgroups', 'shader-f16'] as const).filter((feature) =>
  usual.features.has(feature),
);

// Without subgroups other tiles are chosen, which round otherwise.
test.for(offered)('without %s the numbers are the same up to rounding', async (missing) => {
  const adapter = (await navigator.gpu.requestAdapter())!;
  const requiredFeatures = ([...usual.features] as GPUFeatureName[]).filter((feature) => feature !== missing);
  const device = await adapter.requestDevice({ requiredFeatures });
  expect(device.features.has(missing)).toBe(false);
  await expectNear(device);
  device.destroy();
});

test.for(['all', 'eight'])(
  'with the programs of a GPU the numbers are the same up to rounding, %s buffers',
  async (buffers) => {
    const adapter = (await navigator.gpu.requestAdapter())!;
    const requiredFeatures = [...usual.features] as GPUFeatureName[];
    const device =
      buffers === 'all'
        ? await requestDevice(navigator.gpu)
        : await adapter.requestDevice({ requiredFeatures });
    Gpu.of(device).adapter.software = false;
    const [point] = await expectNear(device);
    const { records } = (JSON.parse(point) as { result: Pick<RunResult, 'records'> }).result;
    expect(new Set(records[0].outputs['network'])).toEqual(new Set([0]));
    device.destroy();
  },
);

/** Where a device is lost: at a call, or at an event of the run. */
type Moment = { call: FailingCall; k: number } | { phase: string };

const moments: Record<keyof typeof workloads, Moment[]> = {
  'a short run': [
    { call: 'createBuffer', k: 1 },
    { call: 'createComputePipelineAsync', k: 1 },
    { phase: 'prepared' },
    { call: 'mapAsync', k: 3 },
  ],
  'a point of a sweep': [
    { call: 'submit', k: 1 },
    { call: 'createBuffer', k: 40 },
    { phase: 'progress' },
    { phase: 'arrays' },
  ],
  'a run of claims': [
    { call: 'createComputePipelineAsync', k: 20 },
    { phase: 'measuring' },
    { call: 'submit', k: 12 },
  ],
  'a spectral norm': [{ call: 'createBuffer', k: 5 }, { phase: 'kernel' }, { phase: 'norm' }],
  'a product with all factors held': [
    { call: 'createBuffer', k: 14 },
    { call: 'submit', k: 1 },
    { phase: 'kernel' },
  ],
};

test(
  'a device lost at any phase is a DeviceLostError, and a new one takes its place',
  { timeout: 600_000 },
  async () => {
    const tally = new Tally();
    for (const [index, [workload, at]] of Object.entries(moments).entries()) {
      for (const moment of at) {
        const faulty = new FaultyDevice(await requestDevice(navigator.gpu));
        const { device } = faulty;
        const lose = () => device.destroy();
        if ('call' in moment) faulty.plan({ ...moment, instead: lose });
        const watch = (phase: string) => {
          if ('phase' in moment && phase === moment.phase) lose();
        };
        const outcome = await outcomeOf(workloads[workload](device, watch));
        const wrong: string[] = [];
        if ('numbers' in outcome) wrong.push('it ended as if nothing had happened');
        else if (!(outcome.error instanceof DeviceLostError))
          wrong.push(`it ended in ${String(outcome.error)}`);
        if (Gpu.of(device).liveBuffers > 0) wrong.push('buffers were left behind');
        const next = await outcomeOf(workloads[workload](usual));
        if ('error' in next || next.numbers !== right[index]) wrong.push('the next one was not right');
        tally.count(`${workload}, ${JSON.stringify(moment)}`, wrong);
      }
    }
    tally.print('lost devices');
    expect(tally.failures).toEqual([]);
  },
);
