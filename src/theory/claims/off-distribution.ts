import { theoremConditions } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 10: away from the data the two models may differ. */
export const offDistribution: Claim = {
  number: 10,
  slug: 'off-distribution',
  title: 'Off the data distribution the two may differ',
  statement:
    'The theorems do not say that *f*_{*t*} and *f*_{lin,*t*} are the same on all of R^{*d*}: they might still differ significantly at low-density regions of the distribution.',
  measures:
    'At the last recorded *t* ≤ *T*: the mean squared discrepancy over random directions on the spheres ‖*x*‖ = *s*√*d*, *s* from 0 to 4, as a share of the outputs’ own mean square there (of a difference that grows like the functions themselves nothing is made). It is *shown* where this share is at least 5 % somewhere from *s* = 2 on, and four times that on the data’s own shell (*s* = 1), beyond two standard errors over the directions; and the outputs of both on a random plane through 0.',
  source: 'Paper, section 3.1, remarks; deck, “Remarks”',
  conditions: theoremConditions,
};
