import type { ClaimNumber } from './claim.ts';
import { concentrationInstrument } from './instruments/concentration.ts';
import { ntkConcentrationInstrument } from './instruments/ntk-concentration.ts';
import { ntkApproximationInstrument } from './instruments/ntk-approximation.ts';
import { ntkDistanceInstrument } from './instruments/ntk-distance.ts';
import { firstLayerTrainingInstrument } from './instruments/first-layer-training.ts';
import { firstLayerDistributionInstrument } from './instruments/first-layer-distribution.ts';
import { secondLayerInstrument } from './instruments/second-layer.ts';
import { bothLayersInstrument } from './instruments/both-layers.ts';
import { linearOptimumInstrument } from './instruments/linear-optimum.ts';
import { offDistributionInstrument } from './instruments/off-distribution.ts';
import { closedFormAgreementInstrument } from './instruments/closed-form-agreement.ts';
import { kernelStabilityInstrument } from './instruments/kernel-stability.ts';
import { couplingInstrument } from './instruments/coupling.ts';
import { jacobianSmoothInstrument } from './instruments/jacobian-smooth.ts';
import { jacobianPiecewiseLinearInstrument } from './instruments/jacobian-piecewise-linear.ts';
import { frequencyBiasInstrument } from './instruments/frequency-bias.ts';
import type { Instrument } from './instrument.ts';

/**
 * What measures each claim: apart from the claims, so that who only reads them need not load kernels and spectra; what deep
 * networks need is loaded with them.
 */
export const instruments: Readonly<Record<ClaimNumber, () => Instrument | Promise<Instrument>>> = {
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
  17: async () => (await import('./instruments/deep-networks.ts')).deepNetworksInstrument(),
};
