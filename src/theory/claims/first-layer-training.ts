import { theoremConditions } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 5: training W alone, network and linear model agree on the training points. */
export const firstLayerTraining: Claim = {
  number: 5,
  slug: 'first-layer-training',
  title: 'First layer: agreement on the training data',
  statement:
    'For *n*, *m* ≳ *d*^{1+*α*}, *η*_{1} ≪ *d* and *η*_{2} = 0, with high probability for all *t* ≤ *T* = *c* · *d* log *d*/*η*_{1} at once, mean_{*i*} (*f*_{*t*}(*x*_{*i*}) − *f*_{lin,*t*}(*x*_{*i*}))² ≲ *d*^{−*Ω*(*α*)}.',
  measures:
    'The mean squared discrepancy at every recorded step, and its maximum over *t* ≤ *T* (with *c* = ½).',
  source: 'Paper, Theorem 3.2, (1); deck, “Main theorem for training the first layer”',
  conditions: theoremConditions,
};
