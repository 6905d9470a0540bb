import { stableRate } from '../conditions.ts';
import type { Claim } from '../claim.ts';

/**
 * Claim 11 (C.1 of the deck): gradient descent on the linear model in closed form, and its norm.
 *
 * The iterated model is float32: every step rounds β, by u‖β‖ at most, and the gradient, a sum of n terms in slices of
 * 256, by about √k u of the size of its terms, k = min(n, 256) + n/256 (roundings add up like a random walk). In a direction
 * of eigenvalue λ of G = ΨᵀΨ/n the next steps shrink such an error by r = |1 − ηλ| each, so that at most min(t, 1/(1 − r)) of
 * them add up (t where r ≥ 1):
 *
 *     ‖u(t) − u_closed(t)‖/√n ≲ u (‖β(t)‖ + √k η √(Tr G) ‖y‖/√n) (Σ_j λ_j min(t, 1/(1 − r_j))²)^{1/2}      u = 2⁻²⁴
 *
 * The last factor says where the two may part: in an ill-conditioned problem 1/(ηλ) is large, and at its end, where ηλ times
 * what is still to go is less than half an ulp of β, the float32 model stands still short of the optimum.
 */
export const closedFormAgreement: Claim = {
  number: 11,
  slug: 'closed-form',
  title: 'The linear dynamics in closed form',
  statement:
    'For all *t* ≥ 0, *u*_{lin}(*t*) − *y* = (*I* − *ηK*/*n*)^{*t*} (*u*_{lin}(0) − *y*). If *η* ≤ 2*n*/‖*K*‖, then ‖*u*_{lin}(*t*) − *y*‖ ≤ ‖*u*_{lin}(0) − *y*‖ for all *t*.',
  measures:
    'The linear model alone, iterated in float32 for 10^{4} steps beside its closed form in float64: their largest difference, relative to ‖*y*‖ (and to ‖*u* − *y*‖ where that grows beyond it), the largest residual norm relative to the start, and the growth at 1.2 · 2*n*/‖*K*‖.',
  source: 'Deck, “Claim C.1”; THEORY.md, section 4',
  conditions: (setting) => [stableRate(setting)],
};
