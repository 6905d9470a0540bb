import { evaluator } from './evaluate.ts';
import type { Node } from './node.ts';
import { inOrder } from './order.ts';
import { FormulaError } from './parse.ts';

const step = 2 ** -7;
/** More than these many are what rounding makes of equal parts, or no activation. */
const mostBreaks = 4000;

/**
 * Where in |x| ≤ reach a formula may have kinks: where what stands in an abs changes its sign, or the order of two arguments of
 * min or max. Seen on a grid of 1/128, then bisected; what changes twice between two of its points is left to the adaptive rules.
 */
export function breaksOf(phi: Node, reach: number): number[] {
  const bent = inOrder([phi]).filter(({ op }) => op === 'abs' || op === 'max' || op === 'min');
  if (bent.length === 0) return [];
  const roots = bent.flatMap(({ args }) => args);
  const evaluate = evaluator(roots);
  const orders = (x: number): number[] => {
    const values = evaluate({ x });
    let at = 0;
    return bent.map(({ op }) => {
      const a = values[at++];
      return Math.sign(op === 'abs' ? a : a - values[at++]);
    });
  };
  const found = new Set<number>();
  let before = orders(-reach);
  for (let x = -reach + step; x <= reach; x += step) {
    const here = orders(x);
    before.forEach((order, k) => {
      if (order !== here[k]) found.add(bisect((at) => orders(at)[k] === order, x - step, x));
    });
    if (found.size > mostBreaks) {
      throw new FormulaError(
        `with more than ${mostBreaks} places for |x| ≤ ${reach} where an abs, min or max changes over, or where its parts are equal up to rounding; write it without them`,
      );
    }
    before = here;
  }
  const sorted = [...found].sort((a, b) => a - b);
  return sorted.filter((x, k) => k === 0 || x - sorted[k - 1] > 1e-12 * Math.max(1, Math.abs(x)));
}

/** Between `low`, where it holds, and `high`, where it does not: the last number where it does, or the zero that follows. */
function bisect(holds: (x: number) => boolean, low: number, high: number): number {
  let [from, to] = [low, high];
  for (;;) {
    const middle = (from + to) / 2;
    if (middle <= from || middle >= to) return Math.abs(to) <= 1e-300 || to === 0 ? 0 : to;
    if (holds(middle)) from = middle;
    else to = middle;
    if (Math.abs(to) < 1e-30) return 0;
  }
}
