import { type DeepArchitecture, deepShape } from '../math/deep/architecture.ts';

/** Points on which the expected kernel of a deep network is made at most, on the host; and operations, some seconds. */
export const [mostExpectedPoints, mostExpectedWork] = [2000, 4e9];

/** Operations of the moments of one pair in closed form, about. */
const momentWork = 100;

/** Operations of an entry of Θ*, about: its inner product, windows and pair moments. */
export function expectedEntryWork(architecture: DeepArchitecture): number {
  const { d, layers, readout, positions } = deepShape(architecture);
  const all = positions > 1 && (readout.kind === 'mean' || layers.some(({ blockSize }) => blockSize > 1));
  const pairs = (P: number): number => (all ? P * P : P);
  return layers.reduce(
    (work, { positions: P, axisWindows }) => {
      const taps = axisWindows.reduce((sum, table) => sum + table.length / P, 0);
      return work + pairs(P) * (momentWork + 4 * taps);
    },
    (all ? positions : 1) * d,
  );
}

/** The first so many of n training points, on which it is made: all of them where that ends in seconds. */
export const expectedPointCount = (architecture: DeepArchitecture, n: number): number =>
  Math.max(
    1,
    Math.min(
      n,
      mostExpectedPoints,
      Math.floor(Math.sqrt((2 * mostExpectedWork) / expectedEntryWork(architecture))),
    ),
  );
