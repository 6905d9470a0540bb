import { activationCondition, dataConditions, enoughSamples, wideEnoughForFirst } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 2: Θ₁(W(0)) is near its expectation (matrix Bernstein). */
export const ntkConcentration: Claim = {
  number: 2,
  slug: 'ntk-concentration',
  title: 'The first-layer NTK concentrates',
  statement:
    'With high probability over *W*(0) and *X*, ‖*Θ*_{1}(*W*(0)) − *Θ*_{1}^{∗}‖ ≤ *n*/*d*^{1+*α*}, where *Θ*_{1}^{∗} = E_{*W*} *Θ*_{1}(*W*).',
  measures:
    'The spectral norm of the difference over *n*, by Lanczos. The expected kernel is in closed form for erf, sin, the identity, ReLU and leaky ReLU, and a Hermite series else.',
  source: 'Deck, “First-layer NTK – Concentration”; THEORY.md, section 3',
  conditions: (setting) => [
    ...activationCondition(setting),
    enoughSamples(setting),
    wideEnoughForFirst(setting),
    ...dataConditions(setting),
  ],
};
