import { formatGiven, formatNumber } from '../../figures/format.ts';
import type { Quantity, Relation } from '../../../src/theory/claim.ts';
import { htmlElement } from './html-element.ts';

/** The ratios that the bar reaches from end to end, on a log scale. */
const [least, greatest] = [1e-3, 1e3];
const place = (ratio: number): number =>
  100 * Math.max(0, Math.min(1, Math.log(ratio / least) / Math.log(greatest / least)));

/** Measured over right-hand side as a bar, with 1 and what the claim allows marked. */
export function ratioBar({ value, bound, relation, constant }: Quantity, look: string): HTMLElement {
  const bar = htmlElement('div', `ratio ratio-${look}`);
  if (!bound) return bar;
  const ratio = value / bound.value;
  const marks: Record<Relation, number[]> = {
    'at most': [constant],
    'does not grow': [constant],
    falls: [constant],
    proved: [constant],
    beside: [],
    shows: [1],
    'at least': [1 / constant],
    'of order': [1 / constant, constant],
  };
  const allowed = marks[relation];
  const words = `measured/right-hand side ${formatNumber(ratio, 2)}; constant granted ${formatGiven(constant)}`;
  bar.setAttribute('role', 'img');
  bar.setAttribute('aria-label', words);
  bar.title = words;
  const fill = htmlElement('div', 'ratio-fill');
  fill.style.width = `${place(ratio)}%`;
  bar.append(
    fill,
    ...[1, ...allowed.filter((at) => at !== 1)].map((at) => {
      const mark = htmlElement('div', allowed.includes(at) ? 'ratio-allowed' : 'ratio-one');
      mark.style.left = `${place(at)}%`;
      return mark;
    }),
    ...(ratio > greatest || ratio < least
      ? [htmlElement('div', ratio > greatest ? 'ratio-beyond' : 'ratio-below', ratio > greatest ? '›' : '‹')]
      : []),
  );
  return bar;
}

/** The bar's scale, for the board's head. */
export function ratioScale(): HTMLElement {
  const scale = htmlElement('div', 'ratio-scale');
  for (const [at, label] of [
    [1e-2, '0.01'],
    [1, '1'],
    [1e2, '100'],
  ] as const) {
    const tick = htmlElement('span', '', label);
    tick.style.left = `${place(at)}%`;
    scale.append(tick);
  }
  return scale;
}
