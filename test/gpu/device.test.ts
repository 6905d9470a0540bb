import { expect, test } from 'vitest';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { Gpu, requestDevice } from '../../src/gpu/device.ts';
import {
  DeviceLostError,
  GpuValidationError,
  OutOfMemoryError,
  ShaderError,
  WebGpuUnavailableError,
} from '../../src/gpu/errors.ts';
import { Program } from '../../src/gpu/program.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { Float32Numbers, gpu, uploadVector } from '../gpu-device.ts';

const freshGpu = async () => Gpu.of(await requestDevice(navigator.gpu));

/** x ← x · factor */
const scaling = `
struct Params {
  length: u32,
  factor: f32,
}
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(1) @binding(0) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < params.length) {
    x[id.x] *= params.factor;
  }
}
`;

test('the adapter is described and its own limits are requested', async () => {
  const adapter = (await navigator.gpu.requestAdapter())!;
  expect(gpu.adapter.limits['maxBufferSize']).toBe(adapter.limits.maxBufferSize);
  expect(gpu.adapter.limits['maxStorageBufferBindingSize']).toBe(adapter.limits.maxStorageBufferBindingSize);
  expect(typeof gpu.adapter.software).toBe('boolean');
});

test('a browser without WebGPU, or without an adapter, is told what to do', async () => {
  await expect(requestDevice(undefined)).rejects.toThrow(WebGpuUnavailableError);
  const noAdapter = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
  await expect(requestDevice(noAdapter)).rejects.toThrow(/found no adapter/);
});

test('a shader that does not compile names the line', async () => {
  const code = scaling.replace('params.factor', 'params.facto');
  await expect(Program.compile(gpu, 'scaling', code)).rejects.toThrow(ShaderError);
  await expect(Program.compile(gpu, 'scaling', code)).rejects.toThrow(/line 12.*\n.*params\.facto;/s);
});

test('a program is compiled once per device, and names missing buffers and parameters', async () => {
  const program = await Program.compile(gpu, 'scaling', scaling);
  expect(await Program.compile(gpu, 'scaling', scaling)).toBe(program);
  expect(() => program.bind({})).toThrow('scaling needs a buffer for x.');
  using x = new Vector(gpu, 'x', 4);
  expect(() => program.bind({ x: x.binding, z: x.binding })).toThrow('scaling has no storage variable z.');
  using stream = new CommandStream(gpu);
  const call = program.bind({ x: x.binding });
  expect(() => stream.run({ call, parameters: { length: 4 }, workgroups: [1], work: 1 })).toThrow(
    'scaling needs the parameter factor.',
  );
});

test('many dispatches keep their order and parameters across submissions', async () => {
  // More than a ring of parameters holds, with work that forces cuts of any size in between.
  const count = 700;
  using x = uploadVector(new Float32Numbers(1).vector(8).fill(1));
  const program = await Program.compile(gpu, 'scaling', scaling);
  const call = program.bind({ x: x.binding });
  using stream = new CommandStream(gpu);
  let expected = 1;
  for (let k = 0; k < count; k++) {
    const factor = k % 2 === 0 ? 2 : 0.5;
    expected *= factor;
    stream.run({ call, parameters: { length: 5, factor }, workgroups: [1], work: 10 ** (k % 9) });
    await stream.pace();
  }
  stream.run({ call, parameters: { length: 5, factor: 3 }, workgroups: [1], work: 1 });
  await stream.finish();
  expect([...(await x.read())]).toEqual([3, 3, 3, 3, 3, 1, 1, 1].map((v, k) => (k < 5 ? v * expected : v)));
  const milliseconds = stream.gpuMilliseconds;
  if (gpu.device.features.has('timestamp-query')) expect(milliseconds).toBeGreaterThanOrEqual(0);
  else expect(milliseconds).toBeNull();
});

test('readbacks one after the other do not each wait for a slow poll of the browser', async () => {
  using x = uploadVector(new Float32Numbers(1).vector(8));
  const took: number[] = [];
  for (let k = 0; k < 15; k++) {
    const begun = performance.now();
    await x.read();
    took.push(performance.now() - begun);
  }
  // The median: one that another process held up says nothing. Firefox polls every 100 ms.
  expect(took.sort((a, b) => a - b)[7]).toBeLessThan(60);
});

test('what the device refuses is thrown at the next readback, naming what was being done', async () => {
  const own = await freshGpu();
  using x = new Vector(own, 'x', 4);
  own.guard('doing the impossible', () => {
    own.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
  });
  const reading = x.read();
  await expect(reading).rejects.toThrow(GpuValidationError);
  await expect(reading).rejects.toThrow(/doing the impossible/);
  own.device.destroy();
});

test('an allocation that fails is an OutOfMemoryError with its size', async () => {
  const own = await freshGpu();
  const scope = Promise.resolve(new GPUOutOfMemoryError('no'));
  // No adapter here runs out of memory on demand: let the device's own error scope report it.
  own.device.popErrorScope = () => scope;
  own.createBuffer('a large matrix', 1024, GPUBufferUsage.STORAGE);
  await expect(own.settled()).rejects.toThrow(OutOfMemoryError);
  await expect(own.settled()).rejects.toThrow(/allocating 1024 bytes for a large matrix/);
  own.device.destroy();
});

test('a lost device is a DeviceLostError, for a readback too', async () => {
  const own = await freshGpu();
  const x = new Vector(own, 'x', 4);
  own.device.destroy();
  await own.device.lost;
  await expect(x.read()).rejects.toThrow(DeviceLostError);
  await expect(own.settled()).rejects.toThrow(/The GPU device was lost/);
});
