import { bothLayers } from './claims/both-layers.ts';
import type { Scope } from './claim.ts';
import { closedFormAgreement } from './claims/closed-form-agreement.ts';
import { concentration } from './claims/concentration.ts';
import { coupling } from './claims/coupling.ts';
import { firstLayerDistribution } from './claims/first-layer-distribution.ts';
import { firstLayerTraining } from './claims/first-layer-training.ts';
import { frequencyBias } from './claims/frequency-bias.ts';
import type { ClaimModule } from './instrument.ts';
import { jacobianPiecewiseLinear } from './claims/jacobian-piecewise-linear.ts';
import { jacobianSmooth } from './claims/jacobian-smooth.ts';
import { kernelStability } from './claims/kernel-stability.ts';
import { linearOptimum } from './claims/linear-optimum.ts';
import { ntkApproximation } from './claims/ntk-approximation.ts';
import { ntkConcentration } from './claims/ntk-concentration.ts';
import { ntkDistance } from './claims/ntk-distance.ts';
import { offDistribution } from './claims/off-distribution.ts';
import { secondLayer } from './claims/second-layer.ts';

/** The claims in the order of THEORY.md, section 5. */
export const claims: readonly ClaimModule[] = [
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
];

/** The claims that make sense for an experiment. */
export const claimsFor = (scope: Scope): ClaimModule[] =>
  claims.filter((claim) => claim.senseless(scope) === null);
