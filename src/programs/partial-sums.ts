import type { AdapterDescription, Gpu } from '../gpu/device.ts';

/**
 * Rows of a slice. A constant, not a choice by adapter: sums over n are blocked alike everywhere, with rounding error growing
 * as sliceRows + n/sliceRows instead of n.
 */
export const sliceRows = 256;

export const sliceCount = (rows: number): number => Math.ceil(rows / sliceRows);

/** In how many partial sums the slices of a sum over rows are added up, and how many rows each has, whole slices. */
export interface PartialSums {
  readonly count: number;
  readonly rows: number;
}

/** Each slice on its own. */
export const sliceBySlice = (rows: number): PartialSums => ({ count: sliceCount(rows), rows: sliceRows });

/**
 * Numbers that are summed side by side keep an adapter busy from so many on: a GPU's thousands of invocations of a tile each. The few
 * cores of a processor are busy with fewer, but so many were found faster: in layers of some ten thousand parameters the rows of a
 * part, which several tiles read after each other, then stay in a core's cache.
 */
export const fillingNumbers = ({ software }: AdapterDescription): number => (software ? 2 ** 19 : 2 ** 22);

/**
 * The partial sums of at most `rows` rows of a gradient of so many entries: as many as the adapter wants and no more,
 * since each is written and read once more. Where the entries are many, one: it is the gradient itself.
 */
export function gradientPartials({ adapter }: Gpu, rows: number, entries: number): PartialSums {
  const slices = sliceCount(rows);
  const wanted = Math.ceil(fillingNumbers(adapter) / entries);
  const slicesEach = Math.ceil(slices / Math.min(slices, wanted));
  return { count: Math.ceil(slices / slicesEach), rows: sliceRows * slicesEach };
}

/** Where the partial sums go to which a block of rows adds, and whether it adds or begins anew. */
export interface GradientTarget {
  readonly partials: GPUBufferBinding;
  readonly sums: PartialSums;
  readonly accumulate: boolean;
}

/** A gradient in partial sums, each of so many floats, one after the other. */
export interface Gradient {
  readonly binding: GPUBufferBinding;
  readonly count: number;
  readonly floats: number;
}
