import { theoremConditions } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 6: training W alone, network and linear model agree on the data distribution. */
export const firstLayerDistribution: Claim = {
  number: 6,
  slug: 'first-layer-distribution',
  title: 'First layer: agreement on the distribution',
  statement:
    'Under the conditions of claim 5, for all *t* ≤ *T* at once, E min{(*f*_{*t*} − *f*_{lin,*t*})², 1} ≲ *d*^{−*Ω*(*α*)} + √(log *T*/*n*).',
  measures:
    'The clipped mean squared discrepancy on test points drawn anew, and its maximum over *t* ≤ *T* (with *c* = ½).',
  source: 'Paper, Theorem 3.2, (2); deck, “Main theorem for training the first layer”, part 2',
  conditions: theoremConditions,
};
