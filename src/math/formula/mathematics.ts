import type { ActivationMathematics, FormulaParts, Moments } from '../activations/mathematics.ts';
import { piecewiseLinearDual, piecewiseLinearDualDerivatives } from '../activations/piecewise-linear.ts';
import { normalDensity } from '../normal.ts';
import { greatestOf } from '../statistics.ts';
import { breaksOf } from './breaks.ts';
import { evaluator } from './evaluate.ts';
import type { Node } from './node.ts';
import { argument, distanceTo, intervalEvaluator } from './intervals.ts';
import { adaptiveIntegrals, resolvedEdges } from './panels.ts';
import { FormulaError } from './parse.ts';
import { readFormula } from './read.ts';

export type FormulaMathematics = ActivationMathematics & { readonly formula: FormulaParts };

const known = new Map<string, FormulaMathematics>();

/**
 * φ as a formula in x says it, with its derivatives, constants and all that is derived of them.
 * @throws FormulaError that says why it is no activation.
 */
export function formulaMathematics(text: string): FormulaMathematics {
  let found = known.get(text);
  if (!found) {
    // A page may try thousands, letter by letter.
    if (known.size >= 200) known.clear();
    known.set(text, (found = derive(text)));
  }
  return found;
}

function derive(text: string): FormulaMathematics {
  const { graph, phi } = readFormula(text);
  const phiPrime = graph.derivative(phi);
  const phiSecond = graph.derivative(phiPrime);
  const values = [phi, phiPrime, phiSecond].map((node) => evaluator([node]));
  const [value, slope, curve] = values.map(
    (evaluate) =>
      (x: number): number =>
        evaluate({ x })[0],
  );
  const both = evaluator([phi, phiPrime]);
  requireGrowth(value);
  requireFinite(value, slope);
  requireSlope(slope);
  const range = requireDigits(phi, phiPrime);

  const cache = new Map<number, readonly number[]>();
  const edges = (reach: number): readonly number[] => {
    const rounded = 2 ** Math.max(3, Math.ceil(Math.log2(reach)));
    let list = cache.get(rounded);
    if (!list) cache.set(rounded, (list = makeEdges((x) => both({ x }), breaksOf(phi, rounded), rounded)));
    return list;
  };
  const breaks = breaksOf(phi, 32);
  const kinks = breaks.filter((x) => jumpsAt(slope, x));
  const moments = momentsOf((x) => both({ x }), breaks);
  const slopes = slopesOf(value, slope);
  const difference = evaluator([graph.difference(phi)]);
  const points = edges(16);
  return {
    phi: value,
    phiPrime: slope,
    phiSecond: kinks.length > 0 ? null : curve,
    supPhiPrime: supremum(slope, points, range),
    supPhiSecond: kinks.length > 0 ? null : supremum(curve, points, range),
    odd: false,
    slopes,
    moments,
    dual: slopes && piecewiseLinearDual(slopes.left, slopes.right),
    dualDerivatives: slopes && piecewiseLinearDualDerivatives(slopes.left, slopes.right),
    label: text,
    hint: 'a formula',
    formula: {
      text,
      graph,
      phi,
      phiPrime,
      kinks,
      edges,
      range,
      difference: (mean, half) =>
        Math.abs(half) > 0.5
          ? value(mean + half) - value(mean - half)
          : difference({ z: mean + half, other: mean - half, gap: 2 * half })[0],
    },
  };
}

function makeEdges(f: (x: number) => ArrayLike<number>, breaks: readonly number[], reach: number): number[] {
  const whole = Array.from({ length: 16 * reach + 1 }, (_, k) => k / 8 - reach);
  const merged = [...new Set([...whole, ...breaks])].sort((a, b) => a - b);
  return resolvedEdges(f, 2, merged);
}

/** φ and φ′ at points that quadratures and networks meet: multiples of 1/64, from 0 outwards. */
function requireFinite(phi: (x: number) => number, slope: (x: number) => number): void {
  for (let k = 0; k <= 32 * 64; k++) {
    for (const x of k === 0 ? [0] : [-k / 64, k / 64]) {
      const [value, prime] = [phi(x), slope(x)];
      if (Number.isFinite(value) && Number.isFinite(prime)) continue;
      const [symbol, what] = Number.isFinite(value) ? ['its derivative', prime] : ['it', value];
      const why = Number.isNaN(what) ? 'not a number' : String(what).replace('-', '−');
      throw new FormulaError(
        `where ${symbol} is ${why} at x = ${x}; an activation and its derivative must be finite for every x: sqrt and log take what is positive, such as 1 + x^2 or abs(x) + 1`,
      );
    }
  }
}

function requireSlope(slope: (x: number) => number): void {
  for (let x = -8; x <= 8; x += 0.173) if (slope(x) !== 0) return;
  throw new FormulaError(
    'which does not change with x; an activation is a formula in x, such as x*sigmoid(x)',
  );
}

/**
 * log|φ| may grow with x² by at most 1/40, so that E φ(√a g)² converges for a ≤ 10, and nothing of it is left beyond |g| = 13
 * for a ≤ 4, the norms of common data.
 */
function requireGrowth(phi: (x: number) => number): void {
  const size = (x: number): number => {
    let most = 1e-300;
    for (let s = 0.9; s <= 1; s += 0.02) most = Math.max(most, Math.abs(phi(s * x)), Math.abs(phi(-s * x)));
    return Math.log(most);
  };
  // Half the second difference of log|φ|: c for a growth of exp(c x²), whatever it is multiplied by.
  const bend = (x: number): number => (size(x + 8) - 2 * size(x) + size(x - 8)) / (2 * 8 ** 2);
  const square = Math.min(bend(16), bend(24));
  if (square > 1 / 40) {
    throw new FormulaError(
      `which grows ${Number.isFinite(square) ? `like exp(${square.toPrecision(2)}*x^2)` : 'faster than exp(x^2)'}; of what grows faster than exp(x^2/40) the Gaussian expectations diverge where inputs have a norm of 2√d`,
    );
  }
}

/** How far float32 keeps three digits of φ, by the bound that its operations give and the rounding of x. */
function requireDigits(phi: Node, phiPrime: Node): number {
  const exact = evaluator([phi, phiPrime]);
  const bounds = intervalEvaluator([phi, phiPrime]);
  const scale = greatestOf(Array.from({ length: 65 }, (_, k) => Math.abs(exact({ x: (k - 32) / 8 })[0])));
  const kept = (x: number): boolean => {
    const z = Math.fround(x);
    const [value, slope] = exact({ x: z });
    const [here, prime] = bounds({ x: argument(z) });
    const error = distanceTo(value, here) + 2 ** -24 * Math.abs(z * slope);
    return (
      error <= 2 ** -10 * Math.max(scale, Math.abs(value)) &&
      Number.isFinite(prime[0]) &&
      Number.isFinite(prime[1])
    );
  };
  let range = 2 ** 27;
  for (let power = -24; power < 27; power++) {
    for (let k = 0; k < 8; k++) {
      // Of no period that a formula may have.
      const x = 2 ** (power + k / 8 + 0.0137);
      if (kept(x) && kept(-x)) continue;
      // The last that was kept.
      range = Math.min(range, x * 2 ** -0.125);
    }
  }
  if (!kept(0)) range = 0;
  if (range < 16) {
    throw new FormulaError(
      `of which float32 keeps fewer than three digits ${range < 1e-3 ? 'near x = 0' : `from |x| = ${range.toPrecision(2)} on`}, where a part of it overflows or cancels; write it so that neither happens`,
    );
  }
  return range;
}

/** Whether φ′ differs by as much right beside x as farther away. */
function jumpsAt(slope: (x: number) => number, x: number): boolean {
  const unit = Math.max(1, Math.abs(x));
  const [far, near] = [1e-6 * unit, 1e-9 * unit].map((h) => Math.abs(slope(x + h) - slope(x - h)));
  const size = Math.abs(slope(x + unit * 1e-6)) + Math.abs(slope(x - unit * 1e-6));
  let scale = 0;
  for (let at = -4; at <= 4; at += 0.37) scale = Math.max(scale, Math.abs(slope(at)));
  return near > 1e-7 * size && near > 1e-9 * scale && near > far / 2;
}

/** The slopes of φ(x) = left · x below 0 and right · x above; null where it is another. */
function slopesOf(
  phi: (x: number) => number,
  slope: (x: number) => number,
): { left: number; right: number } | null {
  const [left, right] = [slope(-1), slope(1)];
  const unit = Math.max(Math.abs(left), Math.abs(right));
  for (let k = 1; k <= 200; k++) {
    const x = 2 ** (k / 8 - 20) * 1.0137;
    for (const [at, of] of [
      [-x, left],
      [x, right],
    ]) {
      if (Math.abs(slope(at) - of) > 1e-14 * unit || Math.abs(phi(at) - of * at) > 1e-14 * unit * x)
        return null;
    }
  }
  return phi(0) === 0 ? { left, right } : null;
}

/** Beyond ±20 no φ that grows slower than e^(x²/16) is left under the density. */
const momentsReach = 20;

function momentsOf(both: (x: number) => ArrayLike<number>, breaks: readonly number[]): Moments {
  const eighths = Array.from({ length: 16 * momentsReach + 1 }, (_, k) => k / 8 - momentsReach);
  const inside = breaks.filter((x) => Math.abs(x) < momentsReach);
  const edges = [...new Set([...eighths, ...inside])].sort((a, b) => a - b);
  const at = [0, 0, 0, 0];
  const { values, errors, sizes } = adaptiveIntegrals(
    (g) => {
      const [phi, slope] = [both(g)[0], both(g)[1]];
      const density = normalDensity(g);
      at[0] = slope * density;
      at[1] = g * at[0];
      at[2] = phi * density;
      at[3] = (g ** 3 / 2 - g) * at[0];
      return at;
    },
    4,
    edges,
  );
  const worst = greatestOf(errors.map((error, k) => error / Math.max(1, sizes[k])));
  if (!(worst <= 1e-9)) {
    throw new FormulaError(
      `whose Gaussian constants are only known to ${worst.toExponential(1)}, of 1e-9 at most; it bends too sharply, or too often`,
    );
  }
  // What rounding alone leaves of an integral that is 0.
  const [zeta, gPhiPrime, theta0, theta2] = values.map((value, k) =>
    Math.abs(value) < 1e-15 * sizes[k] ? 0 : value,
  );
  return { zeta, gPhiPrime, theta0, theta2 };
}

/**
 * sup |f|, searched where the panels of φ are densest and then beside the best points; infinite where it grows by more than a
 * hundredth in each of the last half octaves, up to |x| = 2^14 or as far as float32 holds φ, or by as much in each as before.
 */
function supremum(f: (x: number) => number, edges: readonly number[], range: number): number {
  // What is not a number where float64 overflows is none of its values.
  const size = (x: number): number => Math.abs(f(x)) || 0;
  const halves = Math.max(0, Math.min(22, Math.floor(2 * Math.log2(range)) - 6));
  const grown = Array.from({ length: halves }, (_, k) => {
    let most = 0;
    for (let s = 0; s < 64; s++) {
      const x = 2 ** (k / 2 + 3 + s / 128) * 1.000137;
      most = Math.max(most, size(x), size(-x));
    }
    return most;
  });
  const rises = grown.slice(1).map((most, k) => most / Math.max(grown[k], 1e-300) - 1);
  // What a period does to samples is less than a hundredth; the logarithm still grows by a thirtieth in the last half octave.
  if (rises.length > 0 && rises.slice(-4).every((rise) => rise > 0.01)) return Infinity;
  // What tends to a limit brings less and less, by half in a half octave where it is a power; what does not, as much again.
  const brought = grown.slice(1).map((most, k) => most - grown[k]);
  const unending = brought.slice(-5).every((step, k, steps) => {
    const ratio = k === 0 ? 1 : step / steps[k - 1];
    return step > 1e-6 * grown[grown.length - 1] && ratio > 0.9 && ratio < 1.3;
  });
  if (brought.length >= 5 && unending) return Infinity;
  const points: number[] = [];
  for (let k = 1; k < edges.length; k++) {
    for (let s = 0; s < 16; s++) points.push(edges[k - 1] + ((edges[k] - edges[k - 1]) * s) / 16);
    // The limit from the left, where f jumps at the edge.
    points.push(edges[k] - 1e-13 * Math.max(1, Math.abs(edges[k])));
  }
  // A limit at infinity: three times what the last half octave brought is more than what follows.
  const [first, before, last] = grown.slice(-3);
  const limit =
    last > before && before > first && last - before < 0.75 * (before - first) ? 4 * last - 3 * before : 0;
  let most = greatestOf([0, ...grown, limit]);
  const sizes = points.map(size);
  points.forEach((x, k) => {
    if (sizes[k] < 0.9 * most && k > 0) return;
    if (k > 0 && k < points.length - 1 && (sizes[k] < sizes[k - 1] || sizes[k] < sizes[k + 1])) return;
    let best = x;
    for (let step = (points[k + 1] ?? x + 1e-3) - x; step > 1e-10 * Math.max(1, Math.abs(x)); step /= 2) {
      for (const near of [best - step, best + step]) if (size(near) > size(best)) best = near;
    }
    most = Math.max(most, size(best));
  });
  return most;
}
