import { activationCondition, dataConditions, enoughSamples } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 3: the expected kernel is nearly linear in the inputs (entrywise Taylor expansion). */
export const ntkApproximation: Claim = {
  number: 3,
  slug: 'ntk-approximation',
  title: 'The expected first-layer NTK is nearly linear',
  statement:
    'With high probability over *X*, ‖*Θ*_{1}^{∗} − *Θ*_{lin1}‖ ≲ *n*/*d*^{1+*α*}, where *Θ*_{lin1} = (*ζ*²*XX*ᵀ + *ν*²11ᵀ)/*d*.',
  measures: 'The spectral norm of the difference over *n*, by Lanczos. The width plays no part.',
  source: 'Deck, “First-layer NTK – Approximation”; THEORY.md, sections 3 and 4',
  conditions: (setting) => [
    ...activationCondition(setting),
    enoughSamples(setting),
    ...dataConditions(setting),
  ],
};
