import type { Activation } from './activation-names.ts';
import type { ActivationMathematics, FormulaParts } from './activations/mathematics.ts';
import { panelRule } from './formula/panels.ts';
import { mathematicsOf } from './activations.ts';
import { normalDensity } from './normal.ts';

/** The one-dimensional expectations that an expected kernel is made of at one norm a = ‖x‖²/d, g ~ N(0, 1). */
export interface HermiteCoefficients {
  /** α_k = E[φ(√a g) h_k(g)], h_k the normalized Hermite polynomials. */
  readonly alpha: Float64Array;
  /** Θ₁* on the diagonal: a E φ′(√a g)² = Σ_k k α_k². */
  readonly first: number;
  /** Θ₂* on the diagonal: E φ(√a g)² = Σ_k α_k². */
  readonly second: number;
}

/** What a series leaves out at ρ = 1, by Parseval: Σ_{k ≥ K} k α_k² of Θ₁* and Σ_{k ≥ K} α_k² of Θ₂*. */
export interface HermiteTail {
  first: number;
  second: number;
}

/** The most terms a series may have. */
export const mostHermiteTerms = 256;

const reach = 13;

/** Nodes x > 0 of the trapezoidal rule of step 2^−(3 + level), and step · density · h_k there: row k of `weights`. */
interface Grid {
  nodes: Float64Array;
  weights: Float64Array;
  atZero: Float64Array;
}

function hermiteGrid(level: number, terms: number): Grid {
  const step = 2 ** -(3 + level);
  const count = reach / step;
  // From the small terms inwards.
  const nodes = Float64Array.from({ length: count }, (_, i) => (count - i) * step);
  const values = (x: number): Float64Array => {
    // h_{k+1} = (x h_k − √k h_{k−1})/√(k + 1), stable forwards.
    const h = new Float64Array(terms);
    for (let k = 0; k < terms; k++) {
      if (k === 0) h[k] = step * normalDensity(x);
      else h[k] = (x * h[k - 1] - (k > 1 ? Math.sqrt(k - 1) * h[k - 2] : 0)) / Math.sqrt(k);
    }
    return h;
  };
  const weights = new Float64Array(terms * count);
  nodes.forEach((x, i) => values(x).forEach((h, k) => (weights[k * count + i] = h)));
  return { nodes, weights, atZero: values(0) };
}

/**
 * α_k(a), k < terms, and the diagonal values at any norm a, for a smooth activation; O(terms · √max(a, 1)) operations.
 *
 * By the trapezoidal rule, for φ analytic in |Im z| ≤ 1: φ(√a g) is in |Im g| ≤ b = 1/√max(a, 1), and a step h ≤ b/8
 * errs by about 2e^{−16π} ≈ 3·10⁻²² times the size of the integrand on Im g = b (src/math/gaussian-expectation.ts), where
 * h_k is larger by at most about e^{b√k} (Mehler's formula): below 10⁻¹⁴ for k < 256. |h_k(x)| ≤ 1.09 e^{x²/4} (Cramér), so
 * what lies beyond |x| = 13 is below 10⁻¹⁸. What remains is the rounding of the sums, about 10⁻¹⁴.
 */
export function hermiteExpansion(activation: Activation, terms: number): (a: number) => HermiteCoefficients {
  const { phi, phiPrime, formula } = mathematicsOf(activation);
  if (formula) return panelExpansion({ phi, phiPrime, formula }, terms);
  const grids = new Map<number, Grid>();
  const gridOf = (a: number): Grid => {
    const level = Math.max(0, Math.ceil(Math.log2(Math.sqrt(a))));
    let grid = grids.get(level);
    if (!grid) grids.set(level, (grid = hermiteGrid(level, terms)));
    return grid;
  };
  return (a) => {
    const { nodes, weights, atZero } = gridOf(a);
    const count = nodes.length;
    const root = Math.sqrt(a);
    // h_k is even or odd as k is.
    const halves = [new Float64Array(count), new Float64Array(count)];
    let second = atZero[0] * phi(0) ** 2;
    let slopes = atZero[0] * phiPrime(0) ** 2;
    nodes.forEach((x, i) => {
      const [right, left] = [phi(root * x), phi(-root * x)];
      halves[0][i] = right + left;
      halves[1][i] = right - left;
      second += weights[i] * (right * right + left * left);
      slopes += weights[i] * (phiPrime(root * x) ** 2 + phiPrime(-root * x) ** 2);
    });
    const alpha = Float64Array.from({ length: terms }, (_, k) => {
      const half = halves[k % 2];
      let sum = 0;
      for (let i = 0; i < count; i++) sum += weights[k * count + i] * half[i];
      return sum + atZero[k] * phi(0);
    });
    return { alpha, first: a * slopes, second };
  };
}

/** √k, which the recurrence asks for at every node. */
const roots = Float64Array.from({ length: mostHermiteTerms }, (_, k) => Math.sqrt(k));

/**
 * The same of a φ that a formula says, which may have kinks and poles near the real line: by 16 points of Gauss and Legendre in
 * panels between which φ and φ′ are resolved (src/math/formula/panels.ts), at most ½ wide, where h_k, k < 256, turns at most once;
 * what lies beyond |g| = 13 is below 10⁻¹⁸, as above. O(terms · panels) operations.
 */
function panelExpansion(
  { phi, phiPrime, formula }: Pick<ActivationMathematics, 'phi' | 'phiPrime'> & { formula: FormulaParts },
  terms: number,
): (a: number) => HermiteCoefficients {
  return (a) => {
    const root = Math.sqrt(a);
    const alpha = new Float64Array(terms);
    let [first, second] = [0, 0];
    const { nodes, weights } = panelRule(scaledEdges(formula, root, reach), 0.5);
    for (let i = 0; i < nodes.length; i++) {
      const g = nodes[i];
      const weight = weights[i] * normalDensity(g);
      const value = phi(root * g);
      second += weight * value * value;
      first += weight * phiPrime(root * g) ** 2;
      let [before, here] = [0, weight * value];
      for (let k = 0; k < terms; k++) {
        alpha[k] += here;
        if (k + 1 === terms) break;
        // h_{k+1} = (g h_k − √k h_{k−1})/√(k + 1)
        const next: number = (g * here - roots[k] * before) / roots[k + 1];
        before = here;
        here = next;
      }
    }
    return { alpha, first: a * first, second };
  };
}

/**
 * The expansion at many norms between two: by polynomials in √a through Chebyshev nodes, in which the coefficients are smooth
 * whatever φ is, since they are Gaussian means; directly where these miss it, at five norms between the nodes, by 10⁻¹².
 */
export function expansionBetween(
  direct: (a: number) => HermiteCoefficients,
  least: number,
  largest: number,
): (a: number) => HermiteCoefficients {
  const [from, to] = [Math.sqrt(least), Math.sqrt(largest)];
  for (const count of [24, 48]) {
    const interpolated = chebyshevExpansion(direct, from, to, count);
    const tried = [0.031, 0.27, 0.513, 0.78, 0.967].map((share) => (from + share * (to - from)) ** 2);
    if (tried.every((a) => agree(direct(a), interpolated(a)))) return interpolated;
  }
  return direct;
}

function agree(p: HermiteCoefficients, q: HermiteCoefficients): boolean {
  const size = Math.sqrt(p.second);
  return (
    p.alpha.every((value, k) => Math.abs(value - q.alpha[k]) <= 1e-12 * size) &&
    Math.abs(p.first - q.first) <= 1e-11 * p.first &&
    Math.abs(p.second - q.second) <= 1e-11 * p.second
  );
}

function chebyshevExpansion(
  direct: (a: number) => HermiteCoefficients,
  from: number,
  to: number,
  count: number,
): (a: number) => HermiteCoefficients {
  const angles = Array.from({ length: count }, (_, j) => (Math.PI * (j + 0.5)) / count);
  const nodes = angles.map((angle) => (from + to) / 2 + ((to - from) / 2) * Math.cos(angle));
  const weights = angles.map((angle, j) => (j % 2 === 0 ? 1 : -1) * Math.sin(angle));
  const values = nodes.map((node) => direct(node * node));
  return (a) => {
    const root = Math.sqrt(a);
    const hit = nodes.indexOf(root);
    if (hit >= 0) return values[hit];
    const shares = nodes.map((node, j) => weights[j] / (root - node));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const alpha = new Float64Array(values[0].alpha.length);
    let [first, second] = [0, 0];
    shares.forEach((share, j) => {
      const weight = share / total;
      const at = values[j];
      for (let k = 0; k < alpha.length; k++) alpha[k] += weight * at.alpha[k];
      first += weight * at.first;
      second += weight * at.second;
    });
    return { alpha, first, second };
  };
}

/** Edges of the panels of φ(root · g) on |g| ≤ reach. */
export function scaledEdges(formula: FormulaParts, root: number, reach: number): number[] {
  if (root === 0) return [-reach, reach];
  const inside = formula
    .edges(root * reach)
    .map((edge) => edge / root)
    .filter((g) => Math.abs(g) < reach);
  return [-reach, ...inside, reach];
}

/** Relative rounding of the sums that a tail is the difference of: at most some 500 terms of some operations each. */
const tailRounding = 2 ** -43;

/** What the first `terms` coefficients leave out, at most: the rounding of the difference is added. */
export function hermiteTail({ alpha, first, second }: HermiteCoefficients, terms: number): HermiteTail {
  let [sumFirst, sumSecond] = [0, 0];
  for (let k = terms - 1; k >= 0; k--) {
    sumFirst += k * alpha[k] ** 2;
    sumSecond += alpha[k] ** 2;
  }
  return {
    first: Math.max(0, first - sumFirst) + tailRounding * first,
    second: Math.max(0, second - sumSecond) + tailRounding * second,
  };
}

/**
 * The fewest terms, a multiple of 4, that leave out less than float32's unit roundoff of the diagonal at the largest norm,
 * between points whose correlation |ρ| = |⟨x, x′⟩|/(‖x‖‖x′‖) is at most `correlation`; mostHermiteTerms where they do not
 * suffice (tanh at correlation 1: a > 5). What is left out grows with a.
 */
export function hermiteTerms(activation: Activation, largestNorm: number, correlation = 1): number {
  const coefficients = hermiteExpansion(activation, mostHermiteTerms)(largestNorm);
  const { first, second } = coefficients;
  for (let terms = 4; terms < mostHermiteTerms; terms += 4) {
    const tail = hermiteTail(coefficients, terms);
    const power = correlation ** terms;
    if (power * tail.first <= 2 ** -24 * first && power * tail.second <= 2 ** -24 * second) return terms;
  }
  return mostHermiteTerms;
}

/** Floats that stand after the coefficients in a row of the series: 1/√a, a E φ′(√a g)², E φ(√a g)², 0. */
export const hermiteExtras = 4;

/** Rows for the device, points × (terms + hermiteExtras), and the sum of the tails of these points. */
export interface HermiteSeries {
  rows: Float32Array<ArrayBuffer>;
  tail: HermiteTail;
}

/**
 * The rows α_0 … α_{terms−1}, 1/√a (0 at a = 0), a E φ′(√a g)², E φ(√a g)², 0 for norms a_i, by a `hermiteExpansion` of as
 * many terms, a multiple of 4.
 *
 * Between two points, with ρ = c/√(ab) (by Stein's identity √a E[φ′(√a g) h_k(g)] = √(k + 1) α_{k+1}(a)):
 *
 *     Θ₁* = Σ_k k α_k(a) α_k(b) ρ^k      Θ₂* = Σ_k α_k(a) α_k(b) ρ^k
 *
 * What the series leaves out there is at most |ρ|^terms times the geometric mean of the two points' tails (Cauchy–Schwarz).
 */
export function hermiteSeries(
  expansion: (a: number) => HermiteCoefficients,
  norms: ArrayLike<number>,
  terms: number,
): HermiteSeries {
  const stride = terms + hermiteExtras;
  const rows = new Float32Array(norms.length * stride);
  const tail = { first: 0, second: 0 };
  for (let i = 0; i < norms.length; i++) {
    const a = norms[i];
    const coefficients = expansion(a);
    const { alpha, first, second } = coefficients;
    rows.set(alpha.subarray(0, terms), i * stride);
    rows.set([a > 0 ? 1 / Math.sqrt(a) : 0, first, second, 0], i * stride + terms);
    const left = hermiteTail(coefficients, terms);
    tail.first += left.first;
    tail.second += left.second;
  }
  return { rows, tail };
}
