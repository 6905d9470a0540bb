import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { LinearFeatures } from '../math/linear-features.ts';
import type { FeatureMoments } from './closed-form.ts';

/**
 * Eigenvalues of XᵀX/n, largest first, from the moments that the linear model has of its inputs: d³ operations. null where
 * the model does not see them (ζ = 0).
 */
export function inputEigenvalues(
  { d, scale }: LinearFeatures,
  { gram }: Pick<FeatureMoments, 'gram'>,
): number[] | null {
  if (scale === 0) return null;
  const { data, cols } = gram;
  const covariance = Matrix.zeros(d, d);
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < d; k++) covariance.set(j, k, data[j * cols + k] / scale ** 2);
  }
  const { realEigenvalues } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  return realEigenvalues.sort((a, b) => b - a);
}
