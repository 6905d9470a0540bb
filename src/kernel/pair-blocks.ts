import { rowAlignment } from '../gpu/matrix.ts';

/** Operations of one block of pairs: some tens of milliseconds of a slow GPU, so that others have it in between. */
const blockWork = 5e8;

/** Whether half of the pairs of n points, of so many operations each, are little enough work for one block. */
export const oneBlock = (n: number, operations: number): boolean => (n * n * operations) / 2 <= blockWork;

/** Rows and columns of a square block of pairs of points that take so many operations each; a multiple of rowAlignment. */
export const pairBlockSide = (operations: number): number =>
  rowAlignment * Math.max(1, Math.floor(Math.sqrt(blockWork / operations) / rowAlignment));
