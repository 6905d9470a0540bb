import { type DeepArchitecture, deepShape } from '../math/deep/architecture.ts';

/** Points on which the expected kernel of a deep network is made at most, on the host; and operations, some seconds. */
export const [mostExpectedPoints, mostExpectedWork] = [3200, 4e9];
/** Of fewer points than these no norm says anything. */
const fewestPoints = 16;

/** Operations of the moments of one pair in closed form, about. */
const momentWork = 100;

/** Operations of an entry of Θ* and of the linear model's K, about: inner products, windows and pair moments. */
export function expectedEntryWork(architecture: DeepArchitecture): number {
  const { d, layers, readout, positions } = deepShape(architecture);
  const all = positions > 1 && (readout.kind === 'mean' || layers.some(({ blockSize }) => blockSize > 1));
  const pairs = (P: number): number => (all ? P * P : P);
  return layers.reduce(
    (work, { positions: P, axisWindows }) => {
      const taps = axisWindows.reduce((sum, table) => sum + table.length / P, 0);
      return work + pairs(P) * (momentWork + 4 * taps);
    },
    ((all ? positions : 1) + 2) * d,
  );
}

/**
 * The first so many of n training points, on which it is made: all of them where that ends in seconds; 0 where it would take longer
 * even of a few.
 */
export function expectedPointCount(architecture: DeepArchitecture, n: number): number {
  const affordable = Math.floor(Math.sqrt((2 * mostExpectedWork) / expectedEntryWork(architecture)));
  const points = Math.min(n, mostExpectedPoints, affordable);
  return points < Math.min(n, fewestPoints) ? 0 : points;
}
