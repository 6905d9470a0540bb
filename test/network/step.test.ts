import { expect, test } from 'vitest';
import { PointSet, Predictions } from '../../src/data/point-set.ts';
import type { Dispatch } from '../../src/gpu/command-stream.ts';
import { DeepNetwork } from '../../src/network/deep.ts';
import { TwoLayerNetwork } from '../../src/network/two-layer.ts';
import { gpu } from '../gpu-device.ts';

const activation = { name: 'erf' } as const;

/** Dispatches of a step, and how many bytes each binds: what it reads and writes, once. */
function countedStep(step: () => Iterable<Dispatch>): { program: string; bytes: number }[] {
  const { device } = gpu;
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

/** On a processor v's gradient has a dispatch of its own: it pays for a branch with both of its sides. */
const { software } = gpu.adapter;
const block = ['forward', 'sum-outputs', 'first-gradient', ...(software ? ['second-gradient'] : [])];

test.for([1, 3])(
  'a step of two layers over %s blocks: three dispatches a block, or four, and one a layer',
  async (blocks) => {
    const [n, d, m] = [blocks * 512, 20, 64];
    using network = await TwoLayerNetwork.create(
      gpu,
      { d, width: m, maxPoints: n, blockRows: 512 },
      activation,
    );
    using set = new PointSet(gpu, 'points', n, d);
    using predictions = new Predictions(gpu, 'network', n);
    const step = countedStep(function* () {
      yield* network.evaluation(set, predictions, true);
      yield* network.descent(n, [1, 1]);
    });
    expect(programs(step)).toEqual([
      ...Array.from({ length: blocks }, () => block).flat(),
      'descend-pairs',
      'descend-pairs',
    ]);
    // φ(Z) and φ′(Z) diag(v) are written once and read once; all else is less than one of them, but for the parameters.
    const hidden = 4 * n * m;
    const parameters = 4 * m * (d + 1);
    const bytes = step.reduce((sum, dispatch) => sum + dispatch.bytes, 0);
    expect(bytes).toBeGreaterThan(4 * hidden);
    expect(bytes).toBeLessThan(5 * hidden + (2 * blocks + 30) * parameters);
  },
);

test('outputs alone take two dispatches a block and store no hidden layer', async () => {
  const [n, d, m] = [512, 20, 64];
  using network = await TwoLayerNetwork.create(gpu, { d, width: m, maxPoints: n }, activation);
  using set = new PointSet(gpu, 'points', n, d);
  using predictions = new Predictions(gpu, 'network', n);
  const step = countedStep(() => network.evaluation(set, predictions));
  expect(programs(step)).toEqual(block.slice(0, 2));
  expect(step.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(3 * n * m + 4 * (n + m) * (d + 4));
});

test('a step of three hidden layers and two towers: a dispatch a layer forward, back, for its gradient and its descent', async () => {
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
  const step = countedStep(function* () {
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
    ...(software && { 'second-gradient': 2 }),
    descend: 8,
  });
});
