import type { ClaimNumber } from './claim.ts';
import { concentrationInstrument } from './claims/concentration.ts';
import { ntkConcentrationInstrument } from './claims/ntk-concentration.ts';
import { ntkApproximationInstrument } from './claims/ntk-approximation.ts';
import { ntkDistanceInstrument } from './claims/ntk-distance.ts';
import { firstLayerTrainingInstrument } from './claims/first-layer-training.ts';
import { firstLayerDistributionInstrument } from './claims/first-layer-distribution.ts';
import { secondLayerInstrument } from './claims/second-layer.ts';
import { bothLayersInstrument } from './claims/both-layers.ts';
import { linearOptimumInstrument } from './claims/linear-optimum.ts';
import { offDistributionInstrument } from './claims/off-distribution.ts';
import { closedFormAgreementInstrument } from './claims/closed-form-agreement.ts';
import { kernelStabilityInstrument } from './claims/kernel-stability.ts';
import { couplingInstrument } from './claims/coupling.ts';
import { jacobianSmoothInstrument } from './claims/jacobian-smooth.ts';
import { jacobianPiecewiseLinearInstrument } from './claims/jacobian-piecewise-linear.ts';
import { frequencyBiasInstrument } from './claims/frequency-bias.ts';
import type { Instrument } from './instrument.ts';

/** What measures each claim: apart from the claims, so that who only reads them need not load kernels and spectra. */
export const instruments: Readonly<Record<ClaimNumber, () => Instrument>> = {
  1: concentrationInstrument,
  2: ntkConcentrationInstrument,
  3: ntkApproximationInstrument,
  4: ntkDistanceInstrument,
  5: firstLayerTrainingInstrument,
  6: firstLayerDistributionInstrument,
  7: secondLayerInstrument,
  8: bothLayersInstrument,
  9: linearOptimumInstrument,
  10: offDistributionInstrument,
  11: closedFormAgreementInstrument,
  12: kernelStabilityInstrument,
  13: couplingInstrument,
  14: jacobianSmoothInstrument,
  15: jacobianPiecewiseLinearInstrument,
  16: frequencyBiasInstrument,
};
