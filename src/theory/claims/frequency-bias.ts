import { dataConditions, stableRate } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 16: the linear component of a target is learned first. */
export const frequencyBias: Claim = {
  number: 16,
  slug: 'frequency-bias',
  title: 'Frequency bias: the linear part is learned first',
  statement:
    'The network learns functions of increasing complexity: of a target with components of several degrees, the linear one comes first.',
  measures:
    'The projections of *f*_{*t*} and of the target on the normalized Hermite polynomials of degrees 1, 2 and 3 of the target’s directions, over *t*, on the test points (the training points where there are none); and how much of the others is learned when half of the linear one is.',
  source: 'Deck, “Motivation: Frequency Bias”',
  // Beyond that rate the linear model's top direction grows, and through it the network leaves what the claim is about.
  conditions: (setting) => [stableRate(setting), ...dataConditions(setting)],
};
