import { theoremConditions } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 8: training both layers, the linear model's kernel is the sum of the two. */
export const bothLayers: Claim = {
  number: 8,
  slug: 'both-layers',
  title: 'Both layers: agreement',
  statement:
    'Under the conditions of claim 7, training both layers: with the features *ψ*, whose kernel is the sum of the kernels of *ψ*_{1} and *ψ*_{2}, for all *t* ≤ *T* at once, the discrepancies on the training data and on the distribution are ≲ *d*^{−*Ω*(*α*)}.',
  measures: 'Both discrepancies at every recorded step, and their maxima over *t* ≤ *T* (with *c* = ½).',
  source: 'Paper, Theorem 3.6; deck, “Training both layers”',
  conditions: theoremConditions,
};
