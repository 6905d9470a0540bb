import { expect, test, vi } from 'vitest';
import { parseSpec } from '../../src/experiment/parse-spec.ts';
import { Engine } from '../../web/lab/engine.ts';
import type { Message } from '../../web/lab/protocol.ts';
import { collect } from '../experiment/collect.ts';
import { type FailingCall, type Fault, FaultyDevice } from '../faulty-device.ts';
import { gpu } from '../gpu-device.ts';
import { small } from './small-experiment.ts';

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
