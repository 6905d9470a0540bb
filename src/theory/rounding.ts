import type { Setting } from './claim.ts';

/** What float32 leaves open of an output of size about 1. */
export const outputRounding = 2 ** -20;

/** The size of outputs that it goes with: the targets' own; of deep networks at least that of the towers whose difference they are. */
export const outputSize = ({ targetSize, deep }: Pick<Setting, 'targetSize' | 'deep'>): number =>
  deep ? Math.max(1, targetSize) : targetSize;

/** What it leaves open of a mean squared difference of two outputs. */
export function roundingOf(discrepancy: number, setting: Pick<Setting, 'targetSize' | 'deep'>): number {
  const rounding = outputRounding * outputSize(setting);
  return 2 * Math.sqrt(discrepancy) * rounding + rounding ** 2;
}
