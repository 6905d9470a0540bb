import { random } from '../math/random.ts';
import { streams } from './streams.ts';

/** The unit vectors b and c of a seed's target, independent and uniform on the sphere of R^d. */
export function targetDirections(d: number, seed: number): { b: Float64Array; c: Float64Array } {
  const { data } = random('normal', 2, d, { seed, stream: streams.targetDirections });
  const unit = (g: Float64Array): Float64Array => {
    const norm = Math.sqrt(g.reduce((sum, value) => sum + value * value, 0));
    return norm > 0 ? g.map((value) => value / norm) : g.map((_, k) => (k === 0 ? 1 : 0));
  };
  return { b: unit(data.slice(0, d)), c: unit(data.slice(d)) };
}

/** The `index`-th random direction of a seed in a space of `size` dimensions, entries N(0, 1) (claim 12). */
export const displacementDirection = (size: number, seed: number, index: number): Float64Array =>
  random('normal', 1, size, { seed, stream: streams.displacements, firstRow: index }).data;

/** Coefficients scaled to Σ a_k² = 1, so that E y² = 1 for x ~ N(0, I). @throws RangeError where all are 0. */
export function unitCoefficients(a: readonly [number, number, number]): [number, number, number] {
  const norm = Math.hypot(a[0], a[1], a[2]);
  if (!(norm > 0)) {
    throw new RangeError(
      'target.coefficients are all 0, which makes the target 0; give at least one that is not.',
    );
  }
  return [a[0] / norm, a[1] / norm, a[2] / norm];
}
