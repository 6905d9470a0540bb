import type { Gpu } from '../gpu/device.ts';
import { rowAlignment } from '../gpu/matrix.ts';

/**
 * Operations of one block of pairs: some tens of milliseconds of a processor, or of a slow GPU, so that others have it in
 * between.
 */
const blockWork = ({ adapter }: Gpu): number => (adapter.software ? 5e8 : 1.6e10);
/** How long one may take on a device whose speed is known. */
const blockMilliseconds = 20;

/** Operations that a block of pairs may take on this device, as fast as it is known to be by now. */
export const blockWorkNow = (gpu: Gpu): number =>
  Math.max(blockWork(gpu), gpu.speed.known ? blockMilliseconds / gpu.speed.millisecondsPerUnit : 0);

/**
 * Rows and columns of a square block of pairs of points that take so many operations each; a multiple of rowAlignment. The
 * same on a device at all times unless `work` says otherwise.
 */
export const pairBlockSide = (gpu: Gpu, operations: number, work = blockWork(gpu)): number =>
  rowAlignment * Math.max(1, Math.floor(Math.sqrt(work / operations) / rowAlignment));
