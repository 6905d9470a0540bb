import { greatestOf } from '../math/statistics.ts';
import { columnVariances } from '../data/distribution.ts';
import type { DataAssumption, Setting } from '../theory/claim.ts';
import type { Preparation } from './result.ts';
import { type DataSpec, type Spec, scopeOf } from './spec.ts';

/** A run as the claims' conditions see it. */
export function settingOf(spec: Spec, preparation: Preparation): Setting {
  const { n, d, eta1, eta2, constants, spectrumMoment, largestStableRate, largestTarget } = preparation;
  return {
    ...scopeOf(spec),
    n,
    d,
    m: spec.network.width,
    eta1,
    eta2,
    steps: spec.training.steps,
    constants,
    spectrumMoment,
    data: dataAssumption(spec.data),
    largestStableRate,
    largestTarget,
  };
}

function dataAssumption(data: DataSpec): DataAssumption {
  const norm = data.distribution === 'npy' ? null : greatestOf(columnVariances(data));
  return { norm, ...assumed(data) };
}

/** Whether a distribution is one that the theorems assume: mean 0, Tr Σ = d, ‖Σ‖ = O(1), light tails. */
function assumed(data: DataSpec): Omit<DataAssumption, 'norm'> {
  switch (data.distribution) {
    case 'hypercube':
    case 'uniform':
    case 'sphere':
      return { verdict: 'met', remark: '*Σ* = *I*' };
    case 'gaussian':
      return data.spectrum.kind === 'isotropic'
        ? { verdict: 'met', remark: '*Σ* = *I*' }
        : { verdict: 'borderline', remark: 'the spectrum is not flat' };
    case 'spiked':
      return { verdict: 'not met', remark: 'one direction grows with *d*' };
    case 'student-t':
      return { verdict: 'not met', remark: 'heavy tails' };
    case 'uncentred':
      return { verdict: 'not met', remark: 'the mean is not 0' };
    case 'npy':
      return { verdict: 'not known', remark: 'centred and rescaled; the rest is the data’s' };
  }
}
