import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { OutOfMemoryError } from '../gpu/errors.ts';
import type { JacobianFactors } from './factors.ts';
import { heldBytes } from './hidden-block.ts';

/** How many bytes of factors are kept for many products: `most` where the device has the memory, `least` where it has not. */
export interface HeldRange {
  most: number;
  least: number;
}

/**
 * Bytes of factors that one side of a kernel may keep, of which a device keeps more than heldBytes only where it turns out to
 * have them to spare. WebGPU tells of no free memory; its largest buffer tells roughly how much a GPU has. A processor's memory
 * is what everything else on the machine lives in. (On no GPU timed yet.)
 */
export const holdableBytes = ({ adapter, device }: Gpu): number =>
  adapter.software ? heldBytes : Math.max(heldBytes, device.limits.maxBufferSize);

/** Bytes that `bytes` of factors take where at most so many are held: those, and while that is tried what is asked for beside. */
export const holdingBytes = (bytes: number, most: number): number =>
  Math.min(most, bytes) + (Math.min(most, bytes) > heldBytes ? heldBytes : 0);

/**
 * Makes factors and keeps them, as many as there is memory to spare for. More than the least are tried apart, with as much as
 * the least beside them that is given back, for what comes after; where the device runs out, that is nobody's error.
 */
export async function holdSpare(
  gpu: Gpu,
  stream: CommandStream,
  factors: JacobianFactors,
  { most, least }: HeldRange,
): Promise<void> {
  if (most <= least || factors.rowBytes * factors.X.rows <= least) {
    factors.hold(stream, most);
    return;
  }
  // What the factors are made of comes first.
  stream.flush();
  const beside = gpu.createBuffer('memory to spare', least, GPUBufferUsage.STORAGE);
  try {
    using trial = new CommandStream(gpu);
    factors.hold(trial, most);
    await trial.finish();
    await gpu.settled([beside]);
  } catch (error) {
    if (!(error instanceof OutOfMemoryError)) throw error;
    factors.release();
    factors.hold(stream, least);
  } finally {
    gpu.destroyBuffer(beside);
  }
}
