import type { NetworkSize } from './problem.ts';

/** n = 2,000, d = 50, m = 256 */
export const sizeLabel = ({ n, d, m }: NetworkSize): string =>
  Object.entries({ n, d, m })
    .map(([name, value]) => `${name} = ${value.toLocaleString('en')}`)
    .join(', ');
