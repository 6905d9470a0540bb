import { activationCondition, dataConditions, enoughSamples, wideEnough } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 12: Assumption 1, and the lemma that verifies it for the first layer. */
export const kernelStability: Claim = {
  number: 12,
  slug: 'kernel-stability',
  title: 'The kernel stays near the linear one (Assumption 1)',
  statement:
    'There are *ε* < ‖*K*‖ and *R* with ‖*J*(*θ*)*J*(*θ̃*)ᵀ − *K*‖ ≤ *ε* for all *θ*, *θ̃* within *R* of *θ*(0). First layer: with high probability, for *R* = √(*d* log *d*), *ε* ≲ *n*/*d*^{1+*α*/7}.',
  measures:
    '*ε* along the real path (*θ* = *θ̃* = *θ*(*t*)) where it is within the ball, at random pairs of points on the surface of the ball, and where searches of it lead, from several starts, along the largest eigenvalue of *JJ*ᵀ − *K* and along *K*’s own top direction, in all layers that train, until they gain no more. The ball is that of the coordinates in which one rate drives both layers. What is found is a lower bound: no search is a statement on all of the ball. And the largest *ε* over ‖*K*‖, which Assumption 1 wants below 1.',
  source: 'Deck, “Assumption 1” and “Lemma to prove Assumption 1”',
  conditions: (setting) => [
    ...activationCondition(setting),
    enoughSamples(setting),
    wideEnough(setting),
    ...dataConditions(setting),
  ],
};
