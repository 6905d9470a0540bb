import type { Gpu } from '../gpu/device.ts';
import { rowAlignment } from '../gpu/matrix.ts';

/** Operations of one block of pairs: some tens of milliseconds of a slow GPU, so that others have it in between. */
const blockWork = 5e8;
/** How long one may take on a device whose speed is known. */
const blockMilliseconds = 20;

/** Operations that a block of pairs may take on this device, as fast as it is known to be. */
export const blockWorkOf = ({ millisecondsPerUnit }: Gpu): number =>
  Math.max(blockWork, blockMilliseconds / millisecondsPerUnit);

/** Rows and columns of a square block of pairs of points that take so many operations each; a multiple of rowAlignment. */
export const pairBlockSide = (operations: number, most = blockWork): number =>
  rowAlignment * Math.max(1, Math.floor(Math.sqrt(most / operations) / rowAlignment));
