import { expect, test } from 'vitest';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { Gpu, requestDevice } from '../../src/gpu/device.ts';
import { Resources } from '../../src/gpu/resources.ts';
import type { Jacobian } from '../../src/jacobian/factors.ts';
import { TangentKernel } from '../../src/jacobian/tangent-kernel.ts';
import { FaultyDevice } from '../faulty-device.ts';
import { threeBlocks } from './workloads.ts';

const faulty = new FaultyDevice(await requestDevice(navigator.gpu));
const { device } = faulty;
const gpu = Gpu.of(device);
const labels: string[] = [];
const create = device.createBuffer.bind(device);
device.createBuffer = (descriptor) => {
  labels.push(descriptor.label!);
  return create(descriptor);
};

/** φ(Z) and φ′(Z) diag(v) of 64 points, 8 units wide. */
const blockBytes = 2 * 64 * 8 * 4;

/** Bytes that a kernel keeps when at most so many of its factors are held, and Θu. */
async function product(held: number): Promise<{ bytes: number; image: number[] }> {
  using owned = new Resources();
  const { rows, u, image } = threeBlocks(gpu, owned);
  const before = gpu.liveBytes;
  const kernel = owned.own(await kernelOf(rows, held));
  const bytes = gpu.liveBytes - before;
  using stream = new CommandStream(gpu);
  for (const dispatch of kernel.product(u, image)) stream.run(dispatch);
  stream.flush();
  return { bytes, image: [...(await image.read())] };
}

/** Made on a stream of its own, which has as many timers as it takes, and is gone then. */
async function kernelOf(rows: Jacobian, held: number): Promise<TangentKernel> {
  using stream = new CommandStream(gpu);
  const memory = { blockRows: 64, held, heldAtLeast: blockBytes };
  return await TangentKernel.create(gpu, stream, { rows, weights: [1, 0.5] }, memory);
}

test('where the memory runs out that all factors would take, the least is held, and products are the same', async () => {
  const least = await product(blockBytes);
  labels.length = 0;
  const all = await product(Infinity);
  // Two blocks of three, the last of which keeps the room to pass.
  expect(all.bytes - least.bytes).toBe(blockBytes);
  expect(all.image).toEqual(least.image);

  const first = labels.indexOf('memory to spare');
  const last = labels.findLastIndex((label) => label.startsWith('φ'));
  const tried = labels.slice(first, last + 1).filter((label) => label.startsWith('φ'));
  expect(tried).toHaveLength(4);
  for (let k = first; k <= last; k++) {
    const live = [gpu.liveBuffers, gpu.liveBytes];
    faulty.plan({ call: 'createBuffer', k: k + 1, fault: 'out of memory' });
    expect(await product(Infinity), labels[k]).toEqual(least);
    expect(faulty.failed).toBe(true);
    faulty.plan();
    expect([gpu.liveBuffers, gpu.liveBytes]).toEqual(live);
  }
});
