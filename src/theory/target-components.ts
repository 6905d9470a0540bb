import { targetDirections } from '../data/directions.ts';
import type { PointSet } from '../data/point-set.ts';
import { standardErrorOf } from '../math/statistics.ts';
import type { Lab } from './lab.ts';

/** The normalized Hermite polynomials of degrees 1, 2, 3: orthonormal under N(0, 1). */
const hermite: Record<1 | 2 | 3, (s: number) => number> = {
  1: (s) => s,
  2: (s) => (s * s - 1) / Math.SQRT2,
  3: (s) => (s * s * s - 3 * s) / Math.sqrt(6),
};

const components = [
  { key: 'linear_b', degree: 1, direction: 'b' },
  { key: 'quadratic_b', degree: 2, direction: 'b' },
  { key: 'cubic_b', degree: 3, direction: 'b' },
  { key: 'quadratic_c', degree: 2, direction: 'c' },
] as const;

/** A component of the target within so many standard errors of 0 is not detected on these points. */
const standardErrors = 4;

/** A component of the target: Σ_i y_i h(⟨x_i, direction⟩)/n, with its standard error over the points. */
export interface TargetComponent {
  key: string;
  symbol: string;
  inTarget: number;
  standardError: number;
  /** h(⟨x_i, direction⟩), one a point. */
  values: Float64Array;
}

/** Whether it stands out of what so many points have by chance. */
export const isDetected = ({ inTarget, standardError }: TargetComponent): boolean =>
  Math.abs(inTarget) > standardErrors * standardError;

/** How much of a component a function with these values on the points has learned: mean(f h)/mean(y h). */
export const learnedShare = (f: Float32Array, { values, inTarget }: TargetComponent): number =>
  mean(f, values) / inTarget;

/** Every component that targets are looked through for, on so many points, of which these are the targets. */
export async function targetComponents(
  { seed, keep }: Pick<Lab, 'seed' | 'keep'>,
  points: PointSet,
  y: Float32Array,
): Promise<TargetComponent[]> {
  const d = points.X.cols;
  const directions = targetDirections(d, seed);
  for (const name of ['b', 'c'] as const) {
    await keep?.({ name: `claim16_${name}`, shape: [d], data: Float32Array.from(directions[name]) });
  }
  const X = await points.X.readAll();
  const projection = (direction: Float64Array) =>
    Float64Array.from({ length: points.size }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += X[i * d + k] * direction[k];
      return sum;
    });
  const along = { b: unitVariance(projection(directions.b)), c: unitVariance(projection(directions.c)) };
  return components.map(({ key, degree, direction }) => {
    const values = along[direction].map(hermite[degree]);
    const standardError = standardErrorOf(Array.from(y, (target, i) => target * values[i])) ?? Infinity;
    const symbol = `*h*_{${degree}}(*${direction}*ᵀ*x*)`;
    return { key, symbol, inTarget: mean(y, values), standardError, values };
  });
}

/** The same with mean square 1, for which the Hermite polynomials are orthonormal, whatever Σ is along a direction. */
function unitVariance(s: Float64Array): Float64Array {
  const square = s.reduce((sum, value) => sum + value * value, 0) / s.length;
  return square > 0 ? s.map((value) => value / Math.sqrt(square)) : s;
}

function mean(f: Float32Array, values: Float64Array): number {
  return f.reduce((sum, value, i) => sum + value * values[i], 0) / f.length;
}
