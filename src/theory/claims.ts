import { bothLayers } from './both-layers.ts';
import type { Scope } from './claim.ts';
import { closedFormAgreement } from './closed-form-agreement.ts';
import { concentration } from './concentration.ts';
import { coupling } from './coupling.ts';
import { firstLayerDistribution } from './first-layer-distribution.ts';
import { firstLayerTraining } from './first-layer-training.ts';
import { frequencyBias } from './frequency-bias.ts';
import type { ClaimModule } from './instrument.ts';
import { jacobianPiecewiseLinear } from './jacobian-piecewise-linear.ts';
import { jacobianSmooth } from './jacobian-smooth.ts';
import { kernelStability } from './kernel-stability.ts';
import { linearOptimum } from './linear-optimum.ts';
import { ntkApproximation } from './ntk-approximation.ts';
import { ntkConcentration } from './ntk-concentration.ts';
import { ntkDistance } from './ntk-distance.ts';
import { offDistribution } from './off-distribution.ts';
import { secondLayer } from './second-layer.ts';

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
