import type { Gpu } from '../src/gpu/device.ts';

/** One benchmark: says a table line by line and returns its rows. */
export interface BenchCase {
  name: string;
  what: string;
  run: (gpu: Gpu, say: (line: string) => void) => Promise<Record<string, number>[]>;
}

/** Median and extremes of some measurements. */
export function spread(values: readonly number[]): { median: number; least: number; most: number } {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], least: sorted[0], most: sorted.at(-1)! };
}
