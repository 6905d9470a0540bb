import type { DeepNumbers, Setting } from './claim.ts';

/** What float32 leaves open of an output of size about 1. */
export const outputRounding = 2 ** -20;

/** √k(1, 1, 1), the size of the towers whose difference a deep network is, as far as it matters here. */
export const towerSize = ({ k0, k1, gamma }: Pick<DeepNumbers, 'k0' | 'k1' | 'gamma'>): number =>
  Math.sqrt(k0 + k1 + gamma);

/** The size of outputs that it goes with: the targets’, and of deep networks that of their towers. */
const outputSize = ({ targetSize, deep }: Pick<Setting, 'targetSize' | 'deep'>): number =>
  Math.hypot(targetSize, deep ? towerSize(deep) : 0);

/** What it leaves open of a mean squared difference of two outputs. */
export function roundingOf(discrepancy: number, setting: Pick<Setting, 'targetSize' | 'deep'>): number {
  const rounding = outputRounding * outputSize(setting);
  return 2 * Math.sqrt(discrepancy) * rounding + rounding ** 2;
}
