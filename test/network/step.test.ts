import { afterAll, expect, test } from 'vitest';
import { PointSet, Predictions } from '../../src/data/point-set.ts';
import { CommandStream, type Dispatch } from '../../src/gpu/command-stream.ts';
import { Gpu, requestDevice } from '../../src/gpu/device.ts';
import { DeepNetwork } from '../../src/network/deep.ts';
import { TwoLayerNetwork } from '../../src/network/two-layer.ts';
import { gpu as usual } from '../gpu-device.ts';

/** One whose programs compile soon: as on a GPU they are large, for a processor. */
const activation = { name: 'relu' } as const;

/** Dispatches of a step, and how many bytes each binds: what it reads and writes, once. */
function countedStep({ device }: Gpu, step: () => Iterable<Dispatch>): { program: string; bytes: number }[] {
  const bound = new Map<GPUBindGroup, number>();
  const create = device.createBindGroup.bind(device);
  device.createBindGroup = (descriptor) => {
    const group = create(descriptor);
    let bytes = 0;
    for (const { resource } of descriptor.entries) {
      const { buffer, offset = 0, size = buffer.size - offset } = resource as GPUBufferBinding;
      bytes += size;
    }
    bound.set(group, bytes);
    return group;
  };
  try {
    return [...step()].map(({ call }) => ({ program: call.program.label, bytes: bound.get(call.group)! }));
  } finally {
    Reflect.deleteProperty(device, 'createBindGroup');
  }
}

const programs = (step: readonly { program: string }[]): string[] => step.map(({ program }) => program);

/** With as many buffers a dispatch as the adapter offers, or as WebGPU promises, and no more. */
const offering = () => requestDevice(navigator.gpu);
const promising = async () => {
  const requiredFeatures = [...usual.device.features] as GPUFeatureName[];
  return (await navigator.gpu.requestAdapter())!.requestDevice({ requiredFeatures });
};

/** A device that is taken for a GPU, with the programs of one. */
function asGpu(device: GPUDevice): Gpu {
  const gpu = Gpu.of(device);
  gpu.adapter.software = false;
  return gpu;
}

const devices = [
  { name: 'the usual device', gpu: usual },
  { name: 'one of 8 buffers', gpu: Gpu.of(await promising()) },
  { name: 'a GPU', gpu: asGpu(await offering()) },
  { name: 'a GPU of 8 buffers', gpu: asGpu(await promising()) },
];
afterAll(() => {
  for (const { gpu } of devices.slice(1)) gpu.device.destroy();
});

const buffersOf = ({ device }: Gpu): number => device.limits.maxStorageBuffersPerShaderStage;

test('a device binds as many buffers as its adapter offers, and 8 where WebGPU promises no more', async () => {
  const { limits } = (await navigator.gpu.requestAdapter())!;
  const offered = limits.maxStorageBuffersPerShaderStage;
  expect(devices.map(({ gpu }) => buffersOf(gpu))).toEqual([offered, 8, offered, 8]);
});

/**
 * The descent of so many layers of so many buffers each, by dispatches: gradient, Δ, θ(0) and θ, and of pairs these, too. A processor
 * pays for a branch with all of its sides, and has a dispatch for each layer.
 */
function descents(gpu: Gpu, layers: number, buffers: number): number[] {
  const together = gpu.adapter.software ? 1 : Math.floor(buffersOf(gpu) / buffers);
  return Array.from({ length: Math.ceil(layers / together) }, (_, k) => k);
}

/** Likewise one for the gradient of v. */
const gradients = ({ adapter }: Gpu): string[] =>
  adapter.software ? ['first-gradient', 'second-gradient'] : ['first-gradient'];

/** A GPU makes e of few parts along with the gradient: nine buffers. */
const block = (gpu: Gpu): string[] => [
  'forward',
  ...(gpu.adapter.software || buffersOf(gpu) < 9 ? ['sum-outputs'] : []),
  ...gradients(gpu),
];

test.for(devices.flatMap((device) => [1, 3].map((blocks) => ({ ...device, blocks }))))(
  'a step of two layers over $blocks blocks, $name: two to four dispatches a block, and one, or one a layer',
  { timeout: 180_000 }, // The programs of a GPU take a processor long to compile.
  async ({ gpu, blocks }) => {
    const [n, d, m] = [blocks * 512, 20, 256];
    using network = await TwoLayerNetwork.create(
      gpu,
      { d, width: m, maxPoints: n, blockRows: 512 },
      activation,
    );
    using set = new PointSet(gpu, 'points', n, d);
    using predictions = new Predictions(gpu, 'network', n);
    const step = countedStep(gpu, function* () {
      yield* network.evaluation(set, predictions, true);
      yield* network.descent(n, [1, 1]);
    });
    expect(programs(step)).toEqual([
      ...Array.from({ length: blocks }, () => block(gpu)).flat(),
      ...descents(gpu, 2, 5).map(() => 'descend-pairs'),
    ]);
    // φ(Z) and φ′(Z) diag(v) are written once and read once; all else is less than one of them, but for the parameters.
    const hidden = 4 * n * m;
    const parameters = 4 * m * (d + 1);
    const bytes = step.reduce((sum, dispatch) => sum + dispatch.bytes, 0);
    expect(bytes).toBeGreaterThan(4 * hidden);
    expect(bytes).toBeLessThan(5 * hidden + (2 * blocks + 30) * parameters);
  },
);

test.for(devices)('W and v in pairs are made anew, four buffers a layer, $name', async ({ gpu }) => {
  // Of programs that are compiled by now.
  const sizes = { d: 20, width: 256, maxPoints: 512, blockRows: 512 };
  using network = await TwoLayerNetwork.create(gpu, sizes, activation);
  using stream = new CommandStream(gpu);
  const ran: string[] = [];
  const run = stream.run.bind(stream);
  stream.run = (dispatch) => {
    ran.push(dispatch.call.program.label);
    run(dispatch);
  };
  network.restart(stream);
  await stream.finish();
  expect(ran).toEqual(descents(gpu, 2, 4).map(() => 'descend-pairs'));
});

test('outputs alone take two dispatches a block and store no hidden layer', async () => {
  const [gpu, n, d, m] = [usual, 512, 20, 64];
  using network = await TwoLayerNetwork.create(gpu, { d, width: m, maxPoints: n }, activation);
  using set = new PointSet(gpu, 'points', n, d);
  using predictions = new Predictions(gpu, 'network', n);
  const step = countedStep(gpu, () => network.evaluation(set, predictions));
  expect(programs(step)).toEqual(['forward', 'sum-outputs']);
  expect(step.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(3 * n * m + 4 * (n + m) * (d + 4));
});

const towers =
  'a step of three hidden layers and two towers: a dispatch a layer forward, back and for its gradient, and one for all that descend together';
test.for([devices[0], devices[3]])(`${towers}, $name`, async ({ gpu }) => {
  const [n, d] = [512, 20];
  const layer = { channels: 32, taps: 1, pool: 1 };
  const architecture = {
    positions: [],
    channels: d,
    layers: [layer, layer, layer],
    readout: 'flat',
    gains: [1, 1, 1, 1],
  } as const;
  using network = await DeepNetwork.create(gpu, architecture, { maxPoints: n }, activation);
  using set = new PointSet(gpu, 'points', n, d);
  using predictions = new Predictions(gpu, 'network', n);
  const step = countedStep(gpu, function* () {
    yield* network.evaluation(set, predictions, true);
    yield* network.descent(n, [1, 1, 1, 1]);
  });
  const count = (program: string) => step.filter((one) => one.program === program).length;
  expect(
    Object.fromEntries([...new Set(programs(step))].map((program) => [program, count(program)])),
  ).toEqual({
    forward: 6,
    backward: 4,
    output: 1,
    'first-gradient': 6,
    ...(gpu.adapter.software && { 'second-gradient': 2 }),
    descend: descents(gpu, 8, 4).length,
  });
});
