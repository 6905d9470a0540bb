import { strideOf } from '../../src/gpu/matrix.ts';
import type { LinearFeatures } from '../../src/math/linear-features.ts';
import { betaLength } from '../../src/programs/linear-output.ts';

/** n, d of the tests of the linear model's programs. */
export const shapes = [
  [1, 1],
  [70, 7],
  [600, 50],
] as const;

/** β (d + 2 entries) in its layout on the device. */
export function padBeta(beta: Float64Array, d: number): Float64Array {
  const padded = new Float64Array(betaLength(d));
  padded.set(beta.subarray(0, d));
  padded.set(beta.subarray(d), strideOf(d));
  return padded;
}

export const featuresOf = (d: number): LinearFeatures => ({
  d,
  scale: 0.3,
  bias: 0.7,
  normScale: 0.9,
  theta0: 0.1,
  theta1: 0.2,
  theta2: 0.3,
});
