import { dense } from '../math/dense.ts';
import type { LinearFeatures } from '../math/linear-features.ts';
import { symmetricEigen } from '../math/symmetric-eigen.ts';
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
  const covariance = dense(d, d);
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < d; k++) covariance.data[j * d + k] = data[j * cols + k] / scale ** 2;
  }
  return [...symmetricEigen(covariance).values];
}
