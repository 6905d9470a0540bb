import { erf } from '../erf.ts';
import { logistic, logisticPrime, softplus } from '../logistic.ts';
import { greatestOf, leastOf } from '../statistics.ts';
import type { Node } from './node.ts';
import { inOrder } from './order.ts';

/** Where a float32 result lies: [low, high]. */
export type Interval = readonly [low: number, high: number];

const u = 2 ** -24;
/** What underflows may be flushed to 0, and inputs likewise. */
const tiny = 2 ** -126;
const largest = 2 ** 127;
const anything: Interval = [-Infinity, Infinity];

/**
 * Relative errors of the device's functions, in units of u: of the parts beside shaders/activations/formula.wgsl.ts, as
 * shaders/parts/accuracy.ts bounds them; what is composed there of several is their sum.
 */
const units = {
  divide: 5,
  sqrt: 9,
  exp: 7.6, // a reciprocal of exp_neg, which is right to 2.5
  expm1: 14,
  log: 12, // as log_unit; above 1 its two terms cancel a little more
  log1p: 14,
  tanh: 11,
  sech2: 17.8,
  erf: 27.4,
  sigmoid: 10.1,
  sigmoidPrime: 17.8,
  softplus: 10.3,
} as const;

/** The exponential is that of at most this, so that it and its reciprocal are float32 numbers. */
export const mostExponent = 87;

/** Some units of relative error, and what underflow takes. */
function widened([low, high]: Interval, relative: number): Interval {
  const [p, q] = [low - relative * u * Math.abs(low) - tiny, high + relative * u * Math.abs(high) + tiny];
  return p >= -largest && q <= largest ? [p, q] : anything;
}

const hull = (p: Interval, q: Interval): Interval => [Math.min(p[0], q[0]), Math.max(p[1], q[1])];

function product([a, b]: Interval, [c, d]: Interval): Interval {
  const corners = [a * c, a * d, b * c, b * d];
  return corners.some(Number.isNaN) ? anything : [leastOf(corners), greatestOf(corners)];
}

/** Of an increasing f. */
const increasing = (f: (x: number) => number, [low, high]: Interval, relative: number): Interval =>
  widened([f(low), f(high)], relative);

/** Of an even f that falls with |x|. */
function bump(f: (x: number) => number, [low, high]: Interval, relative: (x: number) => number): Interval {
  const [near, far] = [
    low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high)),
    Math.max(-low, high),
  ];
  const least = f(far);
  const most = f(near);
  return widened([least - relative(far) * u * least, most + relative(near) * u * most], 0);
}

function sine([low, high]: Interval, shift: number): Interval {
  if (!(Math.max(-low, high) < 2 ** 24)) return anything;
  const f = (x: number): number => Math.sin(x + shift);
  // Whether a point with sine ±1 lies between.
  const passes = (top: number): boolean =>
    Math.floor((high + shift - top) / (2 * Math.PI)) > Math.floor((low + shift - top) / (2 * Math.PI));
  const most = passes(Math.PI / 2) ? 1 : Math.max(f(low), f(high));
  const least = passes(-Math.PI / 2) ? -1 : Math.min(f(low), f(high));
  const far = Math.max(-low, high);
  const size = Math.max(Math.abs(most), Math.abs(least));
  const error = (far > 1e4 ? 9 : 4) * u * size + 1e-3 * u * Math.min(1, far) + 1e-15;
  return [least - error, most + error];
}

const exponential = (x: number): number => (x < -88 ? 0 : Math.exp(Math.min(x, mostExponent)));
const bounded = (x: number): number => Math.max(x, tiny);

/** Where the float32 value of a node lies, given where those of its arguments do. */
function interval(node: Node, args: readonly Interval[], at: Partial<Record<string, Interval>>): Interval {
  const [a, b] = args;
  switch (node.op) {
    case 'number': {
      const rounded = Math.fround(node.value);
      return Math.abs(rounded) < tiny ? [Math.min(0, rounded), Math.max(0, rounded)] : [rounded, rounded];
    }
    case 'x':
    case 'z':
    case 'other':
    case 'gap':
      return at[node.op]!;
    case 'add':
      return widened([a[0] + b[0], a[1] + b[1]], 1);
    case 'subtract':
      return widened([a[0] - b[1], a[1] - b[0]], 1);
    case 'multiply':
      return node.args[0] === node.args[1] ? squared(a) : widened(product(a, b), 1);
    case 'divide': {
      if (b[0] <= tiny && b[1] >= -tiny) return anything;
      if (Math.max(-b[0], b[1]) > 2 ** 126) return anything;
      return widened(product(a, [1 / b[1], 1 / b[0]]), units.divide);
    }
    case 'negate':
      return [-a[1], -a[0]];
    case 'abs':
      return a[0] >= 0 ? a : a[1] <= 0 ? [-a[1], -a[0]] : [0, Math.max(-a[0], a[1])];
    case 'max':
      return [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
    case 'min':
      return [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
    case 'choose': {
      const [, , less, greater, equal] = args;
      if (a[1] < b[0]) return less;
      if (a[0] > b[1]) return greater;
      if (a[0] === a[1] && b[0] === b[1]) return equal;
      return hull(hull(less, greater), equal);
    }
    case 'exp':
      return increasing(exponential, a, units.exp);
    case 'expm1':
      return increasing((x) => Math.expm1(Math.min(x, mostExponent)), a, units.expm1);
    case 'log':
      return increasing((x) => Math.log(bounded(x)), a, units.log);
    case 'log1p':
      return increasing((x) => Math.log(bounded(1 + x)) && Math.log1p(Math.max(x, tiny - 1)), a, units.log1p);
    case 'sqrt':
      return [
        a[0] <= tiny ? 0 : widened([Math.sqrt(a[0]), 0], units.sqrt)[0],
        widened([0, Math.sqrt(bounded(a[1]))], units.sqrt)[1],
      ];
    case 'power': {
      const logarithm = increasing((x) => Math.log(bounded(x)), a, units.log);
      const exponent = widened(product(logarithm, [node.value, node.value]), 2);
      const [low, high] = increasing(exponential, exponent, units.exp);
      return [a[0] <= 0 ? Math.min(0, low) : low, Math.max(0, high)];
    }
    case 'sin':
      return sine(a, 0);
    case 'cos':
      return sine(a, Math.PI / 2);
    case 'tanh':
      return increasing(Math.tanh, a, units.tanh);
    case 'sech2':
      return bump(
        (x) => (1 / Math.cosh(x)) ** 2,
        a,
        () => units.sech2,
      );
    case 'erf':
      return increasing(erf, a, units.erf);
    case 'bell':
      return bump(
        (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
        a,
        (x) => 4.4 + Math.min(x * x, 100),
      );
    case 'sigmoid':
      return increasing(logistic, a, units.sigmoid);
    case 'sigmoidPrime':
      return bump(logisticPrime, a, () => units.sigmoidPrime);
    case 'softplus':
      return increasing(softplus, a, units.softplus);
    default:
      return node.op satisfies never;
  }
}

function squared([low, high]: Interval): Interval {
  const [p, q] = [low * low, high * high];
  return widened([low <= 0 && high >= 0 ? 0 : Math.min(p, q), Math.max(p, q)], 1);
}

/** A float32 argument; a subnormal one may count as 0. */
export const argument = (low: number, high = low): Interval => [
  low > 0 && low < tiny ? 0 : low,
  high < 0 && high > -tiny ? 0 : high,
];

/**
 * Where the float32 values of some nodes lie, as the device computes them: each operation widens what its arguments leave open
 * by its own rounding (running error analysis, with intervals in place of first-order terms: Higham, Accuracy and Stability of
 * Numerical Algorithms, section 3.3). What overflows, or is divided by what may be 0, may be anything.
 */
export function intervalEvaluator(
  roots: readonly Node[],
): (at: Partial<Record<string, Interval>>) => Interval[] {
  const order = inOrder(roots);
  const slot = new Map(order.map(({ id }, k) => [id, k]));
  return (at) => {
    const found: Interval[] = [];
    for (const node of order) {
      const value = interval(
        node,
        node.args.map(({ id }) => found[slot.get(id)!]),
        at,
      );
      found.push(Number.isNaN(value[0]) || Number.isNaN(value[1]) ? anything : value);
    }
    return roots.map(({ id }) => found[slot.get(id)!]);
  };
}

/** How far a value may be from what lies in an interval. */
export const distanceTo = (value: number, [low, high]: Interval): number =>
  Math.max(high - value, value - low) + 1e-14 * Math.abs(value);
