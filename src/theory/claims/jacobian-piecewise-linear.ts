import { dataConditions, wideEnoughForFirst } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 15: for piecewise linear φ the Jacobian moves by the units whose sign changes. */
export const jacobianPiecewiseLinear: Claim = {
  number: 15,
  slug: 'jacobian-piecewise-linear',
  title: 'Jacobian perturbation, piecewise linear activation',
  statement:
    'For piecewise linear *φ*, with high probability over *W*(0) and *X*, ‖*J*_{1}(*W*, *v*) − *J*_{1}(*W*(0), *v*)‖ ≲ √(*n*/*d*) (‖*W* − *W*(0)‖^{1/3}/*m*^{1/6} + (log *n*/*m*)^{1/4}) for all *W*.',
  measures:
    'The operator norm of the difference at the same points as claim 14; the bound with the spectral norm of *W* − *W*(0), as the deck writes it.',
  source: 'Deck, “Jacobian perturbation for the first layer”, (7)',
  conditions: (setting) => [wideEnoughForFirst(setting), ...dataConditions(setting)],
};
