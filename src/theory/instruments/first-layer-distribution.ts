import { type SamplingErrors, distributionAgreement, noteSamplingError } from '../agreement.ts';
import type { Instrument } from '../instrument.ts';

/** Measures claim 6. */
export const firstLayerDistributionInstrument = (): Instrument => {
  const errors: SamplingErrors = new Map();
  return {
    step: (lab, moment) => noteSamplingError(lab, moment, errors),
    finish: (ending, setting) => distributionAgreement(ending, setting, errors, true),
  };
};
