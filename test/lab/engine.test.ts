import { expect, test, vi } from 'vitest';
import { parseSpec } from '../../src/experiment/spec.ts';
import { Engine } from '../../web/lab/engine.ts';
import type { Message } from '../../web/lab/protocol.ts';
import { collect } from '../experiment/collect.ts';
import { type FailingCall, type Fault, FaultyDevice } from '../faulty-device.ts';
import { gpu } from '../gpu-device.ts';
import { small } from './small-experiment.ts';

/** WebGPU as it is, but that devices are lost at their fourth submission, and that there are only so many. */
function losingGpu(count: number): { gpu: GPU; devices: GPUDevice[] } {
  const devices: GPUDevice[] = [];
  const requestAdapter = async () => {
    if (devices.length === count) return null;
    const adapter = (await navigator.gpu.requestAdapter())!;
    const requestDevice = async (wanted: GPUDeviceDescriptor) => {
      const faulty = new FaultyDevice(await adapter.requestDevice(wanted));
      devices.push(faulty.device);
      faulty.plan({ call: 'submit', k: 4, instead: () => faulty.device.destroy() });
      return faulty.device;
    };
    return { features: adapter.features, limits: adapter.limits, requestDevice };
  };
  return { gpu: { requestAdapter } as unknown as GPU, devices };
}

/** WebGPU as it is, but for a fault on the first device that is asked for. */
function faultyGpu(call: FailingCall, k: number, fault: Fault): { gpu: GPU; devices: GPUDevice[] } {
  const devices: GPUDevice[] = [];
  const requestAdapter = async () => {
    const adapter = (await navigator.gpu.requestAdapter())!;
    const requestDevice = async (wanted: GPUDeviceDescriptor) => {
      const faulty = new FaultyDevice(await adapter.requestDevice(wanted));
      if (devices.push(faulty.device) === 1) faulty.plan({ call, k, fault });
      return faulty.device;
    };
    return { features: adapter.features, limits: adapter.limits, requestDevice };
  };
  return { gpu: { requestAdapter } as unknown as GPU, devices };
}

test.for([
  ['createBuffer', 12, 'out of memory', 'OutOfMemoryError'],
  ['createBuffer', 20, 'invalid', 'GpuValidationError'],
  ['createComputePipelineAsync', 3, 'rejects', 'ShaderError'],
  ['submit', 4, 'invalid', 'GpuValidationError'],
] as const)('after %s %i: %s, the next experiment goes', async ([call, k, fault, name]) => {
  const spec = parseSpec(small);
  const faulty = faultyGpu(call, k, fault);
  const messages: Message[] = [];
  const engine = new Engine(faulty.gpu, (message) => messages.push(message));
  const open = (run: number) => {
    const arrays = new Map<string, ArrayBuffer>();
    engine.receive({ kind: 'open', run, spec, arrays, tiles: { entries: [] }, standAt: null, speed: null });
  };
  const until = (kind: Message['kind']) =>
    vi.waitFor(() => expect(messages.map((message) => message.kind)).toContain(kind), {
      timeout: 30_000,
      interval: 10,
    });
  await engine.start();
  open(1);
  await until('failed');
  expect(messages.find((message) => message.kind === 'failed')!.failure.name).toBe(name);
  open(2);
  await until('ended');
  const { result } = await collect(gpu.device, small);
  const records = messages.flatMap((message) =>
    message.kind === 'records' && message.run === 2 ? message.records : [],
  );
  expect(records).toEqual(result.records);
  expect(faulty.devices.length).toBe(2);
  engine.close();
});

test.for([
  [3, ['lost', 'failed'], /^The browser lost the GPU twice before it recorded anything .*\. Make it smaller/],
  [1, ['lost', 'failed'], /^The browser lost the GPU and gives this page no other, .*reload the page/],
] as const)(
  'with %i devices that are lost at once, it is not tried for ever',
  async ([count, kinds, words]) => {
    const { setTimeout: after } = globalThis;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation((act: () => void, wait = 0) =>
      after(act, wait / 20),
    );
    const losing = losingGpu(count);
    const messages: Message[] = [];
    const engine = new Engine(losing.gpu, (message) => messages.push(message));
    const arrays = new Map<string, ArrayBuffer>();
    const spec = parseSpec(small);
    engine.receive({
      kind: 'open',
      run: 1,
      spec,
      arrays,
      tiles: { entries: [] },
      standAt: null,
      speed: null,
    });
    await vi.waitFor(() => expect(messages.at(-1)?.kind).toBe('failed'), { timeout: 30_000, interval: 10 });
    vi.restoreAllMocks();
    expect(messages.map(({ kind }) => kind).filter((kind) => kind !== 'prepared')).toEqual(kinds);
    const failed = messages.find((message) => message.kind === 'failed')!;
    expect(failed.failure.message).toMatch(words);
    expect(failed.failure.message).not.toMatch(/\.\.|\.\)/);
    expect(losing.devices.length).toBe(Math.min(2, count));
    engine.close();
  },
);

test('what takes more memory than a page may is refused before anything is allocated', async () => {
  const messages: Message[] = [];
  const engine = new Engine(navigator.gpu, (message) => messages.push(message));
  // One pass is soon made, but of weights, what they have moved and their gradients there are many.
  const spec = parseSpec({
    data: { distribution: 'gaussian', d: 10, n: 1, nTest: 0 },
    network: { kind: 'deep', depth: 12, width: 8192 },
    training: { eta: 1, steps: 20 },
  });
  const arrays = new Map<string, ArrayBuffer>();
  engine.receive({ kind: 'open', run: 1, spec, arrays, tiles: { entries: [] }, standAt: null, speed: null });
  await vi.waitFor(() => expect(messages.length).toBeGreaterThan(0), { timeout: 30_000, interval: 10 });
  expect(messages).toMatchObject([{ kind: 'failed', failure: { name: 'TooLargeError' } }]);
  const [refused] = messages;
  expect(refused.kind === 'failed' && refused.failure.message).toMatch(
    /12 layers .* GiB are available\. .*fewer layers/,
  );
  engine.close();
});
