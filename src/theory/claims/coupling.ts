import type { Claim, Condition, Setting } from '../claim.ts';
import { stableRate } from '../conditions.ts';

/**
 * Claim 13: the general theorem, which couples the two dynamics wherever Assumption 1 holds.
 *
 * With the true ε it cannot fail, and every ε that is measured is a lower bound of that: it may refute R²ε < n, and cannot
 * certify it. So two things are kept apart. Along the path that was taken, the inequality that the theorem rests on is held
 * against what was measured (PathBound). And the hypothesis is refuted, or not refuted by this search.
 */
export const coupling: Claim = {
  number: 13,
  slug: 'coupling',
  title: 'The general theorem: two coupled dynamics',
  statement:
    'Under Assumption 1 with *R*²*ε* < *n*, for ‖*y*‖ ≤ √*n*, *η* ≤ *n*/‖*K*‖ and *t* ≤ *cR*²/*η*: ‖*u*(*t*) − *u*_{lin}(*t*)‖ ≲ *ηtε*/√*n*, ‖*θ*(*t*) − *θ*(0)‖ ≤ *R* and ‖*ω*(*t*) − *ω*(0)‖ ≤ *R*.',
  measures:
    'Along the path, step by step up to *T* (64 steps at most): ‖*u* − *u*_{lin}‖ against (*η*/*n*) *Σ*_{*τ*} ‖*E*(*τ*)‖ ‖*u*(*τ*) − *y*‖, *E*(*τ*) from the Jacobian averaged over the step. This is proved; how tight it is, is measured. Beside it the hypothesis *R*²*ε* < *n*, *R* = √(*d* log *d*), with the largest *ε* that claim 12 found: refuted, or not refuted by its search; and the numbers that the theorem bounds, in the coordinates in which one rate drives both layers.',
  source: 'Deck, “General Result”; THEORY.md, section 5',
  conditions: (setting) => [{ ...stableRate(setting, 0.5), role: 'beside' }, smallTargets(setting)],
};

/** ‖y‖ ≤ √n */
const smallTargets = ({ targetSize }: Setting): Condition => ({
  hypothesis: '‖*y*‖ ≤ √*n*',
  here: { symbol: '‖*y*‖/√*n*', value: targetSize },
  // The targets are float32, and so is their sum.
  verdict: targetSize <= 1 + 2 ** -20 ? 'met' : 'not met',
  remark: '',
  role: 'beside',
});
