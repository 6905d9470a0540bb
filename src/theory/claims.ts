import type { Claim } from './claim.ts';
import { concentration } from './claims/concentration.ts';
import { ntkConcentration } from './claims/ntk-concentration.ts';
import { ntkApproximation } from './claims/ntk-approximation.ts';
import { ntkDistance } from './claims/ntk-distance.ts';
import { firstLayerTraining } from './claims/first-layer-training.ts';
import { firstLayerDistribution } from './claims/first-layer-distribution.ts';
import { secondLayer } from './claims/second-layer.ts';
import { bothLayers } from './claims/both-layers.ts';
import { linearOptimum } from './claims/linear-optimum.ts';
import { offDistribution } from './claims/off-distribution.ts';
import { closedFormAgreement } from './claims/closed-form-agreement.ts';
import { kernelStability } from './claims/kernel-stability.ts';
import { coupling } from './claims/coupling.ts';
import { jacobianSmooth } from './claims/jacobian-smooth.ts';
import { jacobianPiecewiseLinear } from './claims/jacobian-piecewise-linear.ts';
import { frequencyBias } from './claims/frequency-bias.ts';
import { deepNetworks } from './claims/deep-networks.ts';

/** The claims in the order of THEORY.md, section 5. */
export const claims: readonly Claim[] = [
  concentration,
  ntkConcentration,
  ntkApproximation,
  ntkDistance,
  firstLayerTraining,
  firstLayerDistribution,
  secondLayer,
  bothLayers,
  linearOptimum,
  offDistribution,
  closedFormAgreement,
  kernelStability,
  coupling,
  jacobianSmooth,
  jacobianPiecewiseLinear,
  frequencyBias,
  deepNetworks,
];
