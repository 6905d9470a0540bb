import type { Relation } from '../../src/theory/claim.ts';

/** How a quantity is to stand to its right-hand side, as a sign; '' where nothing is claimed of it. */
export const relationSigns: Readonly<Record<Relation, string>> = {
  'at most': '≲',
  falls: '≲',
  'does not grow': '≲',
  'at least': '≳',
  'of order': '≍',
  proved: '≤',
  shows: '≥',
  beside: '',
};
