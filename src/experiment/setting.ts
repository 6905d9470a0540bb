import { columnVariances } from '../data/covariance.ts';
import { greatestOf } from '../math/statistics.ts';
import type { DataAssumption, Setting } from '../theory/claim.ts';
import type { Preparation } from './result.ts';
import { widthOf } from './network-facts.ts';
import { isRead, scopeOf } from './spec-facts.ts';
import type { DataSpec, Spec } from './spec.ts';

/** A run as the claims' conditions see it. */
export function settingOf(spec: Spec, preparation: Preparation): Setting {
  const { n, d, rates, eta, constants, spectrumMoment, largestStableRate } = preparation;
  const { largestTarget, targetSize } = preparation;
  const scope = scopeOf(spec);
  return {
    ...scope,
    n,
    d,
    m: widthOf(spec.network),
    rates,
    eta,
    steps: spec.training.steps,
    constants,
    spectrumMoment,
    data: { ...assumedForm(spec.data), norm: covarianceNorm(spec.data, preparation) },
    largestStableRate,
    largestTarget,
    targetSize,
    deep: scope.deep && { ...scope.deep, ...preparation.deep! },
  };
}

const covarianceNorm = (data: DataSpec, { covarianceNorm: measured }: Preparation): number | null =>
  isRead(data) ? measured : greatestOf(columnVariances(data));

const preparedAs = {
  centred: 'centred and rescaled',
  sphere: 'centred, and every row stretched to ‖x‖ = √d',
  whitened: 'centred, and the first principal directions brought to variance 1',
} as const;

/** Whether a distribution has the form that the theorems assume: Σ^{1/2}x̄, independent sub-Gaussian entries of mean 0. */
function assumedForm(data: DataSpec): Omit<DataAssumption, 'norm'> {
  switch (data.distribution) {
    case 'gaussian':
    case 'spiked':
    case 'hypercube':
    case 'uniform':
      return { form: 'met', remark: '' };
    case 'sphere':
      return {
        form: 'borderline',
        remark: 'the entries share a norm; it is exact, and inner products are as small',
      };
    case 'student-t':
      return { form: 'not met', remark: 'heavy tails: the norms do not concentrate' };
    case 'uncentred':
      return { form: 'not met', remark: 'the mean is not 0' };
    case 'npy':
      return { form: 'not known', remark: 'centred and rescaled; the rest is the data’s' };
    case 'files':
      return data.prepare === 'raw'
        ? { form: 'not met', remark: 'the mean is not 0: this data is rescaled only' }
        : { form: 'not known', remark: `${preparedAs[data.prepare]}; the rest is the data’s` };
  }
}
