import type { Claim } from '../claim.ts';
import { activationCondition, convergentRate, dataConditions, enoughSamples } from '../conditions.ts';

/**
 * Claim 9: within the time that network and linear model agree, T = c · d log d/η, the linear model comes near its optimum.
 *
 * c is a universal constant that nobody names. So what is measured is the c that it would take, c_ε = ηt_ε/(d log d) with t_ε
 * the first step that leaves 5 % of the excess loss, from the closed form: it must not grow with d, and up to t_ε the two
 * models have to agree ever better. For Σ = I and n ≫ d every direction of x learns at the rate κζ²/d, κ = (η₁ + η₂)/η, so
 * that c_ε ≈ log 20/(2κζ² log d); the bias learns at κ′ν²/d.
 */
export const linearOptimum: Claim = {
  number: 9,
  slug: 'linear-optimum',
  title: 'The linear model reaches its optimum',
  statement:
    'For well-conditioned data, after *T* = *c* · *d* log *d*/*η* steps a near optimal linear model has been reached.',
  measures:
    'The constant that it takes: *c*_{*ε*} = *ηt*_{*ε*}/(*d* log *d*), *t*_{*ε*} the first step at which at most 5 % of the linear model’s excess over its least-squares loss are left, by its closed form; the mean squared discrepancy at *t*_{*ε*}; and what share of the excess is left at the *T* of the other claims (*c* = ½). Over a sweep of *d* it holds where *c*_{*ε*} does not grow and the discrepancy falls.',
  source: 'Paper, section 3.1, remarks; deck, “Remarks”',
  conditions: (setting) => [
    ...activationCondition(setting),
    enoughSamples(setting),
    convergentRate(setting),
    ...dataConditions(setting),
  ],
};
