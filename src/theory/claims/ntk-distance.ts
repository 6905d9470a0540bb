import { activationCondition, dataConditions, enoughSamples, wideEnoughForFirst } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/**
 * Claim 4: the kernel of the network at initialization is near that of its linear model.
 *
 * For Θ₂ and Θ the deck gives no rate. Symmetric initialization leaves m/2 independent units, so that their fluctuation is
 * that of a Wishart matrix, 2√(2d/m) + 2d/m of ‖K‖: a scale to read ‖Θ − K‖/‖K‖ by, not a bound that anybody claims.
 */
export const ntkDistance: Claim = {
  number: 4,
  slug: 'ntk-distance',
  title: 'The NTK at initialization is nearly linear',
  statement:
    'With high probability over *W*(0) and *X*, ‖*Θ*_{1}(*W*(0)) − *Θ*_{lin1}‖ ≲ *n*/*d*^{1+*α*}. For the second layer and for both no rate is given; where E *φ*(*g*) ≠ 0 it takes *m* ≳ *d*^{2+*α*}.',
  measures:
    'The spectral norms ‖*Θ*_{1} − *Θ*_{lin1}‖, ‖*Θ*_{2} − *K*_{2}‖ and ‖*Θ* − *K*‖ by Lanczos, over *n*; the last two also relative to the linear model’s kernel.',
  source: 'Deck, “Proposition – Distance kernels”; THEORY.md, section 5',
  conditions: (setting) => [
    ...activationCondition(setting),
    enoughSamples(setting),
    wideEnoughForFirst(setting),
    ...dataConditions(setting),
  ],
};
