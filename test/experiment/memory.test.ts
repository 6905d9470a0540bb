import { describe, expect, test } from 'vitest';
import { kernelRoom, memoryPlan, requireFit } from '../../src/experiment/memory.ts';
import { run } from '../../src/experiment/run.ts';
import { type SpecInput, parseSpec } from '../../src/experiment/spec.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { TooLargeError } from '../../src/gpu/errors.ts';
import { bindingBytes } from '../../src/gpu/matrix.ts';
import { heldBytes, hiddenBlockRows } from '../../src/jacobian/hidden-block.ts';
import { gpu } from '../gpu-device.ts';

const specOf = (n: number, rest: Partial<SpecInput> = {}) =>
  parseSpec({
    data: { distribution: 'gaussian', d: 30, n, nTest: 100 },
    network: { width: 64 },
    training: { eta: 1, steps: 1 },
    ...rest,
  });

test.for([
  ['both', false],
  ['both', true],
  ['first', true],
  ['second', true],
] as const)('the plan is what a run allocates, layers %s, linearized = %s', async ([layers, linearized]) => {
  const spec = specOf(3000, { training: { layers, eta: 1, steps: 1, linearized } });
  const before = gpu.liveBytes;
  const running = run(gpu.device, spec);
  await running.next(); // prepared: everything is allocated
  const allocated = gpu.liveBytes - before;
  await running.return(undefined as never);
  const planned = total(memoryPlan(gpu, { n: 3000, nTest: 100, d: 30 }, spec));
  // What is left out is small and does not grow: parameters' ring, timestamps, vectors of the width.
  expect(Math.abs(allocated - planned)).toBeLessThan(0.02 * planned + 200_000);
});

const total = (plan: Map<string, number>): number =>
  [...plan.values()].reduce((sum, bytes) => sum + bytes, 0);

test('measuring claims is planned for, linear in n where kernels are not stored', () => {
  const bytes = (n: number, d = 30, width = 64) =>
    memoryPlan(gpu, { n, nTest: 100, d }, specOf(n, { claims: 'all', network: { width } })).get(
      'measuring claims',
    )!;
  // Two kernels, and more than beside one.
  expect(bytes(2500, 100, 128)).toBeGreaterThan(8 * 2500 ** 2);
  expect(bytes(2500, 25, 128)).toBeLessThan(8 * 2500 ** 2);
  expect(memoryPlan(gpu, { n: 1e4, nTest: 100, d: 30 }, specOf(1e4)).has('measuring claims')).toBe(false);
  expect(bytes(2e6) / bytes(1e6)).toBeLessThan(2.01);
});

test('a kernel is stored where the device and what the run leaves of the memory allow it, not at a size of its own', () => {
  const sizes = { n: 6000, nTest: 100, d: 30 };
  const spec = specOf(sizes.n, { claims: [2, 3] });
  const most = (memoryLimit?: number) => kernelRoom(gpu, sizes, spec, { memoryLimit }).mostStored;
  expect(most()).toBeGreaterThanOrEqual(bindingBytes(gpu));
  const measuring = (mostStored: number) =>
    memoryPlan(gpu, sizes, spec, false, { mostStored, mostHeld: heldBytes }).get('measuring claims')!;
  expect(measuring(4 * 6000 ** 2) - measuring(4 * 6000 ** 2 - 1)).toBeGreaterThanOrEqual(4 * 6000 ** 2);
  // With little memory it is made anew for every product, and the run fits.
  const rest = total(memoryPlan(gpu, sizes, spec, false, { mostStored: 0, mostHeld: heldBytes }));
  const memoryLimit = rest + 1000;
  expect(most(memoryLimit)).toBe(500);
  expect(() => requireFit(gpu, sizes, spec, { memoryLimit })).not.toThrow();
  expect(() => requireFit(gpu, sizes, spec, { memoryLimit: rest - 1000 })).toThrow(TooLargeError);
});

test.for([
  { what: 'two layers', network: { width: 4096 } },
  { what: 'a deep network', network: { kind: 'deep', width: 2048 } },
] as const)('a GPU with memory holds the hidden layer of kernels, planned for: $what', ({ network }) => {
  const sizes = { n: 200_000, nTest: 100, d: 30 };
  const spec = specOf(sizes.n, { network, claims: 'all', training: { eta: 1, steps: 1, alignment: true } });
  const room = (memoryLimit?: number) => kernelRoom(gpu, sizes, spec, { memoryLimit });
  const planned = (some = room()) => total(memoryPlan(gpu, sizes, spec, false, some));
  // A processor's memory is everybody's.
  expect(room().mostHeld).toBe(heldBytes);
  gpu.adapter.software = false;
  try {
    const { mostHeld, mostStored } = room();
    expect(mostHeld).toBe(Math.max(heldBytes, gpu.device.limits.maxBufferSize));
    const bounded = planned({ mostStored, mostHeld: heldBytes });
    expect(planned()).toBeGreaterThanOrEqual(bounded + mostHeld - heldBytes);
    // Of a limited memory as much as the rest leaves.
    const limit = bounded + 3 * (heldBytes + 1e6);
    expect(room(limit).mostHeld).toBe(heldBytes + 1e6);
    expect(planned(room(limit))).toBeLessThanOrEqual(limit);
    expect(room(bounded + 1000).mostHeld).toBe(heldBytes);
    expect(() => requireFit(gpu, sizes, spec, { memoryLimit: bounded })).not.toThrow();
  } finally {
    gpu.adapter.software = true;
  }
});

describe('too large a problem is refused before anything is allocated', () => {
  const refusal = async (spec: ReturnType<typeof parseSpec>, options = {}) => {
    const live = gpu.liveBuffers;
    const error: unknown = await run(gpu.device, spec, options)
      .next()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TooLargeError);
    expect(gpu.liveBuffers).toBe(live);
    return (error as Error).message;
  };

  test('n beyond a binding', async () => {
    const message = await refusal(specOf(3e9));
    expect(message).toMatch(
      /^data.n is 3000000000: its outputs alone take 11.2 GiB.* At most data.n = \d+ would fit\.$/,
    );
  });

  test('the memory at hand, with what would fit', async () => {
    const message = await refusal(specOf(100_000), { memoryLimit: 8e6 });
    const fitting = Number(/n = (\d+) would fit/.exec(message)?.[1]);
    const fits = (n: number) => {
      requireFit(gpu, { n, nTest: 100, d: 30 }, specOf(n), { memoryLimit: 8e6 });
    };
    expect(() => fits(fitting)).not.toThrow();
    expect(() => fits(fitting + 1)).toThrow(TooLargeError);
    await refusal(specOf(10), { memoryLimit: 1000 }).then((text) => expect(text).toMatch(/No n would fit/));
    const network = { kind: 'deep' as const, depth: 3, width: 64 };
    const deep = await refusal(specOf(10, { network }), { memoryLimit: 1000 });
    expect(deep).toContain('No n would fit: take fewer layers, a smaller d, nTest or width.');
  });

  test('a width whose W passes a binding', async () => {
    const message = await refusal(specOf(10, { network: { width: 2e8 } }));
    expect(message).toMatch(/A network of width 200000000 on 30 inputs .* a width of \d+ would fit/);
    const fitting = Number(/a width of (\d+) would fit/.exec(message)?.[1]);
    expect(() => hiddenBlockRows(gpu, fitting, 30)).not.toThrow();
    await refusal(specOf(10, { target: { kind: 'teacher', width: 2e8 } }));
  });

  test('and the device goes on as before', async () => {
    const good = async () => {
      for await (const event of run(gpu.device, specOf(50))) expect(event.kind).toBeTypeOf('string');
    };
    await good();
    await refusal(specOf(50, { target: { kind: 'teacher', width: 4e8 } }));
    // Found late, when much is allocated and encoded already: hundreds of records at a time, of all these outputs.
    const nTest = 400_000 * Math.ceil(bindingBytes(gpu) / 2 ** 30);
    const data = { distribution: 'gaussian', d: 2, n: 10, nTest } as const;
    const records = { spacing: 'linear', count: 2000 } as const;
    // A spec that was written would be refused before.
    const spec = specOf(10, { data, training: { eta: 1, steps: 2000 } });
    await refusal({ ...spec, training: { ...spec.training, records, watched: nTest } });
    await good();
  });

  test('the kernel counts only where it is wanted', () => {
    const spec = specOf(40_000, { kernel: 'both' });
    const sizes = { n: 40_000, nTest: 100, d: 30 };
    expect(() => requireFit(gpu, sizes, spec, { memoryLimit: 2e9 })).not.toThrow();
    expect(() => requireFit(gpu, sizes, spec, { memoryLimit: 2e9, kernel: true })).toThrow(
      /kernel 6\.00 GiB/,
    );
  });
});

/**
 * A device that says it binds no more than so many bytes at once, and the most that is bound at once on it. What WebGPU
 * promises to every page, 128 MiB, would take 35 million random inputs to pass.
 */
async function narrowDevice(bytes: number): Promise<{ device: GPUDevice; mostBound: () => number }> {
  const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
  const { limits } = device;
  const narrow = new Proxy(limits, {
    get: (_, name) =>
      name === 'maxStorageBufferBindingSize' ? bytes : (Reflect.get(limits, name) as unknown),
  });
  Object.defineProperty(device, 'limits', { value: narrow });
  let most = 0;
  const create = device.createBindGroup.bind(device);
  device.createBindGroup = (descriptor) => {
    for (const { resource } of descriptor.entries) {
      const { buffer, offset = 0, size = buffer.size - offset } = resource as GPUBufferBinding;
      most = Math.max(most, size);
    }
    return create(descriptor);
  };
  return { device, mostBound: () => most };
}

test('n whose inputs pass one binding trains, and evaluates every row', async () => {
  const limit = 2 ** 20;
  const { device, mostBound } = await narrowDevice(limit);
  // 12,000 × 52 floats take 2.4 MiB, in three blocks of rows.
  const n = 12_000;
  const spec = parseSpec({
    data: { distribution: 'hypercube', d: 50, n, nTest: 0 },
    target: { kind: 'sign-linear' },
    network: { width: 2, activation: 'identity' },
    training: { layers: 'second', eta: 1, steps: 1, watched: [0, n / 2, n - 1] },
  });
  const running = run(device, spec);
  for (;;) {
    const next = await running.next();
    if (!next.done) continue;
    const { records, preparation } = next.value;
    // y = ±1 in every row: the loss of f = 0 is ½, exactly, if all rows count.
    expect(records[0].train.losses.network).toBe(0.5);
    expect(preparation.watched.targets.every((y) => Math.abs(y) === 1)).toBe(true);
    expect(records[1].outputs.network.every((f) => f !== 0)).toBe(true);
    break;
  }
  expect(mostBound()).toBeLessThanOrEqual(limit);
  expect(mostBound()).toBeGreaterThan(limit / 2);
  expect(Gpu.of(device).liveBuffers).toBe(0);
  device.destroy();
});
