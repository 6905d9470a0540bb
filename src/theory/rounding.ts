import type { DeepNumbers, Setting } from './claim.ts';

/** What float32 leaves open of an output of size about 1. */
export const outputRounding = 2 ** -20;

/**
 * √k(1, 1, 1), what stands for the size of the towers whose difference a deep network is: k counts E f² of one about once for each layer
 * that trains, so that it is up to √(L + 1) times as large.
 */
export const towerSize = ({ k0, k1, gamma }: Pick<DeepNumbers, 'k0' | 'k1' | 'gamma'>): number =>
  Math.sqrt(k0 + k1 + gamma);

/** The size that it goes with: the targets’, which outputs of a stable run do not pass by much, and of deep networks that of their towers. */
const outputSize = ({ targetSize, deep }: Pick<Setting, 'targetSize' | 'deep'>): number =>
  Math.hypot(targetSize, deep ? towerSize(deep) : 0);

/** What it leaves open of a mean squared difference of two outputs. */
export function roundingOf(discrepancy: number, setting: Pick<Setting, 'targetSize' | 'deep'>): number {
  const rounding = outputRounding * outputSize(setting);
  return 2 * Math.sqrt(discrepancy) * rounding + rounding ** 2;
}
