import { theoremConditions } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 7: training v alone, the linear model is ψ₂'s. */
export const secondLayer: Claim = {
  number: 7,
  slug: 'second-layer',
  title: 'Second layer: agreement',
  statement:
    'For *n* ≳ *d*^{1+*α*}, and *m* ≳ *d*^{1+*α*}, *η*_{2} ≪ *d*/log *n* if E *φ*(*g*) = 0, else *m* ≳ *d*^{2+*α*}, *η*_{2} ≪ 1, and *η*_{1} = 0: with the features *ψ*_{2}, for all *t* ≤ *T* = *c* · *d* log *d*/*η*_{2} at once, the discrepancies on the training data and on the distribution are ≲ *d*^{−*Ω*(*α*)}.',
  measures: 'Both discrepancies at every recorded step, and their maxima over *t* ≤ *T* (with *c* = ½).',
  source: 'Paper, Theorem 3.5; deck, “Main theorem for training the second layer”',
  conditions: theoremConditions,
};
