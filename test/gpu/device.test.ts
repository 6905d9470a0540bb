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
import { Matrix } from '../../src/gpu/matrix.ts';
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
  // What the browser says ends with a full stop, or with none.
  for (const said of ['It is blocklisted.', 'It is blocklisted']) {
    const refused = { requestAdapter: () => Promise.reject(new Error(said)) } as unknown as GPU;
    await expect(requestDevice(refused)).rejects.toThrow(/an adapter: It is blocklisted\. Restart/);
  }
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

test('a readback does not wait for a browser that sees at the next submission alone that work is done', async () => {
  const own = await freshGpu();
  const { device } = own;
  const due: (() => void)[] = [];
  const submit = device.queue.submit.bind(device.queue);
  device.queue.submit = (commands) => {
    submit(commands);
    for (const see of due.splice(0)) see();
  };
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const map = buffer.mapAsync.bind(buffer);
    buffer.mapAsync = async (...range) => {
      await new Promise<void>((see) => due.push(see));
      await map(...range);
    };
    return buffer;
  };
  using x = new Vector(own, 'x', 4);
  for (let k = 0; k < 3; k++) expect([...(await x.read())]).toEqual([0, 0, 0, 0]);
  device.destroy();
});

/** Has the device report an error for one call, as it would a moment later. */
function reportOnce(own: Gpu, error: GPUError, call: () => void): void {
  const { device } = own;
  const pop = device.popErrorScope.bind(device);
  device.popErrorScope = async () => (await pop()) ?? error;
  call();
  device.popErrorScope = pop;
}

const internal = () => new GPUInternalError('the driver stumbled');

test('what cannot be allocated is an OutOfMemoryError with its size, for all that use it and nothing else', async () => {
  const own = await freshGpu();
  let large!: Vector;
  // No adapter here runs out of memory on demand.
  reportOnce(own, new GPUOutOfMemoryError('no'), () => (large = new Vector(own, 'a large vector', 256)));
  using x = new Vector(own, 'x', 4);
  for (let k = 0; k < 2; k++) {
    await expect(large.read()).rejects.toThrow(OutOfMemoryError);
    await expect(large.read()).rejects.toThrow(/allocating 1024 bytes for a large vector/);
    expect([...(await x.read())]).toEqual([0, 0, 0, 0]);
  }
  const program = await Program.compile(own, 'scaling', scaling);
  const run = async (vector: Vector) => {
    using stream = new CommandStream(own);
    const call = program.bind({ x: vector.binding });
    stream.run({ call, parameters: { length: 4, factor: 2 }, workgroups: [1], work: 1 });
    await stream.finish();
  };
  await expect(run(large)).rejects.toThrow(OutOfMemoryError);
  await run(x);
  large[Symbol.dispose]();
  own.device.destroy();
});

test('work that was not done is told by its stream and by what it should have written; others go on', async () => {
  const own = await freshGpu();
  const program = await Program.compile(own, 'scaling', scaling);
  const vectors = ['x', 'y', 'z'].map((label) => {
    const vector = new Vector(own, label, 4);
    vector.write(Float32Array.of(1, 2, 3, 4));
    return vector;
  });
  const [x, y, z] = vectors;
  const [one, other] = [new CommandStream(own), new CommandStream(own)];
  const scale = (stream: CommandStream, vector: Vector) => {
    const call = program.bind({ x: vector.binding });
    stream.run({ call, parameters: { length: 4, factor: 2 }, workgroups: [1], work: 1 });
  };
  scale(one, x);
  scale(other, y);
  reportOnce(own, internal(), () => one.flush());
  // What is made of x is as wrong as x.
  other.flush();
  const copier = new CommandStream(own);
  copier.copy(x.buffer, 0, z.buffer, 0, 16);
  const outcomes = await Promise.allSettled([
    one.finish(),
    x.read(),
    other.finish(),
    y.read(),
    copier.finish(),
    z.read(),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ]);
  const reasons = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  expect(reasons[0]).toBeInstanceOf(GpuValidationError);
  expect(new Set(reasons).size).toBe(1);
  expect(String(reasons[0])).toMatch(/running compute passes: the driver stumbled/);
  expect([...(await y.read())]).toEqual([2, 4, 6, 8]);

  // Who was told does it again; the same streams and vectors serve.
  x.write(Float32Array.of(1, 1, 1, 1));
  scale(one, x);
  await one.finish();
  copier.copy(x.buffer, 0, z.buffer, 0, 16);
  await copier.finish();
  expect([...(await z.read())]).toEqual([2, 2, 2, 2]);
  for (const owner of [one, other, copier, ...vectors]) owner[Symbol.dispose]();
  expect(own.liveBuffers).toBe(0);
  own.device.destroy();
});

test('a write outside of a vector or matrix is a RangeError and does no harm', async () => {
  const live = gpu.liveBuffers;
  {
    using x = new Vector(gpu, 'x', 6);
    using W = new Matrix(gpu, 'W', 3, 2);
    for (const first of [1, 3, 100, -1, 0.5, NaN]) {
      expect(() => x.write(new Float32Array(6), first), String(first)).toThrow(RangeError);
      expect(() => W.write(new Float32Array(6), first), String(first)).toThrow(RangeError);
    }
    expect(() => x.write(new Float32Array(7))).toThrow(
      '7 entries from entry 0 on are not entries of a vector of 6.',
    );
    expect(() => W.write(new Float32Array(3))).toThrow(RangeError);
    x.write(Float32Array.of(1, 2), 4);
    W.write(Float32Array.of(3, 4), 2);
    expect([...(await x.read())]).toEqual([0, 0, 0, 0, 1, 2]);
    expect([...(await W.readAll())]).toEqual([0, 0, 0, 0, 3, 4]);
  }
  expect(gpu.liveBuffers).toBe(live);
});

test('what another user of the device does wrong is none of ours', async () => {
  const own = await freshGpu();
  using x = new Vector(own, 'x', 4);
  const reported = new Promise((resolve) => own.device.addEventListener('uncapturederror', resolve));
  own.device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
  await x.read();
  await reported;
  expect([...(await x.read())]).toEqual([0, 0, 0, 0]);
  own.device.destroy();
});

test('calls that throw or reject are errors of ours, and the next call is as good as new', async () => {
  const own = await freshGpu();
  const { device } = own;
  const once = <T extends object>(target: T, name: keyof T, replacement: () => unknown) => {
    Object.defineProperty(target, name, {
      configurable: true,
      value: () => {
        Reflect.deleteProperty(target, name);
        return replacement();
      },
    });
  };
  const refuse = () => {
    throw new TypeError('not today');
  };
  const reject = () => Promise.reject(new DOMException('not today', 'OperationError'));
  once(device, 'createBuffer', refuse);
  expect(() => new Vector(own, 'x', 4)).toThrow(GpuValidationError);
  expect(() => new CommandStream(own)).not.toThrow();
  using x = new Vector(own, 'x', 4);
  once(device.queue, 'submit', refuse);
  await expect(x.read()).rejects.toThrow(GpuValidationError);
  for (const name of ['mapAsync', 'getMappedRange'] as const) {
    const mapped = own.device.createBuffer.bind(own.device);
    once(device, 'createBuffer', () => {
      const staging = mapped({ size: 16, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
      once(staging, name, name === 'mapAsync' ? reject : refuse);
      return staging;
    });
    await expect(x.read(), name).rejects.toThrow(/The GPU refused reading back results: .*not today/);
  }
  once(device, 'createComputePipelineAsync', reject);
  const both = [Program.compile(own, 'scaling', scaling), Program.compile(own, 'scaling', scaling)];
  await expect(both[0]).rejects.toThrow(ShaderError);
  expect(await both[1]).toBe(await Program.compile(own, 'scaling', scaling));
  expect([...(await x.read())]).toEqual([0, 0, 0, 0]);
  device.destroy();
});

test.for(['requestAdapter', 'requestDevice'] as const)('a rejected %s says what to do', async (name) => {
  const reject = () => Promise.reject(new DOMException('no', 'OperationError'));
  const adapter = { features: new Set(), limits: {}, requestDevice: reject };
  const fake = { requestAdapter: name === 'requestAdapter' ? reject : () => Promise.resolve(adapter) };
  const requested = requestDevice(fake as unknown as GPU);
  await expect(requested).rejects.toThrow(WebGpuUnavailableError);
  await expect(requested).rejects.toThrow(/no\. .*graphics driver/);
});

test('a lost device is a DeviceLostError, for a readback too', async () => {
  const own = await freshGpu();
  const x = new Vector(own, 'x', 4);
  const reading = x.read();
  own.device.destroy();
  await expect(reading).rejects.toThrow(DeviceLostError);
  await own.device.lost;
  await expect(x.read()).rejects.toThrow(DeviceLostError);
  await expect(own.settled([x.buffer])).rejects.toThrow(/The GPU device was lost/);
});
