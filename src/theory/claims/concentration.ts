import { dataConditions } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/** Claim 1: the points lie near the sphere of radius √d and are nearly orthogonal. */
export const concentration: Claim = {
  number: 1,
  slug: 'concentration',
  title: 'Concentration of the data',
  statement:
    'For *n* ≫ *d*, with high probability ‖*x*_{*i*}‖²/*d* = 1 ± *O*(√(log *n*/*d*)) for all *i*, |⟨*x*_{*i*}, *x*_{*j*}⟩|/*d* = *O*(√(log *n*/*d*)) for all *i* ≠ *j*, and ‖*XX*ᵀ‖ = *Θ*(*n*).',
  measures:
    'The largest deviation of a squared norm and the largest inner product over all pairs, both over *d*, of points on a sphere beside √(1 − *n*^{−4/*d*}), which is 2√(log *n*/*d*) where that is small; and the spectral norm of *XX*ᵀ over *n* by Lanczos, beside what ‖*Σ*‖ and *d*/*n* make of it; for own arrays, whose *Σ* nobody knows, that of one half of the rows beside the other’s.',
  source: 'Paper, section 3; deck, “Claim”; THEORY.md, section 2',
  conditions: (setting) => [
    {
      hypothesis: '*n* ≫ *d*',
      here: { symbol: '*n*/*d*', value: setting.n / setting.d },
      verdict: setting.n >= 10 * setting.d ? 'met' : setting.n > setting.d ? 'borderline' : 'not met',
      remark: '',
    },
    ...dataConditions(setting),
  ],
};
