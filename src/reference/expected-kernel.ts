import type { Activation } from '../math/activation-names.ts';
import { mathematicsOf } from '../math/activations.ts';
import type { Covariance, ExpectedEntry, FormulaParts } from '../math/activations/mathematics.ts';
import { type Dense, dense } from '../math/dense.ts';
import { panelRule } from '../math/formula/panels.ts';
import { normalDensity } from '../math/normal.ts';

const reach = 9;

/**
 * E f(z)f(z′) for f analytic in |Im z| ≤ 1, by the trapezoidal rule in z = √a g₁, z′ = √b(ρg₁ + √(1 − ρ²)g₂); in one
 * dimension where z and z′ are proportional.
 *
 * The step is 1/(6 max(1, √a, √b)), so by the bound of src/math/gaussian-expectation.ts the rule errs by about 2e^{−12π} ≈
 * 10⁻¹⁶ times the size of the integrand, and the density beyond 9 is 10⁻¹⁸.
 */
export function gaussianProduct(f: (z: number) => number, { a, b, c }: Covariance): number {
  const [rootA, rootB] = [Math.sqrt(a), Math.sqrt(b)];
  const rho = a * b > 0 ? Math.max(-1, Math.min(1, c / (rootA * rootB))) : 0;
  const rest = Math.sqrt(1 - rho * rho);
  const count = Math.ceil(reach * 6 * Math.max(1, rootA, rootB));
  const step = reach / count;
  const density = Float64Array.from({ length: count + 1 }, (_, k) => normalDensity(k * step));
  let sum = 0;
  for (let k = -count; k <= count; k++) {
    const g = k * step;
    let inner = 0;
    if (rest === 0) inner = f(rootB * rho * g) / step;
    else {
      // Beyond the circle of radius `reach` the density is as small as beyond the square.
      const end = Math.floor(Math.sqrt(count * count - k * k));
      for (let l = -end; l <= end; l++) {
        inner += density[Math.abs(l)] * f(rootB * (rho * g + rest * l * step));
      }
    }
    sum += density[Math.abs(k)] * f(rootA * g) * inner;
  }
  return step * step * sum;
}

/**
 * Θ₁* = c E[φ′(z)φ′(z′)] and Θ₂* = E[φ(z)φ(z′)] (THEORY.md, section 3): in closed form where φ has one, else by quadrature.
 */
export const expectedEntry = (activation: Activation, covariance: Covariance): ExpectedEntry =>
  mathematicsOf(activation).dual?.(covariance) ?? expectedByQuadrature(activation, covariance);

/**
 * The edges of a formula within ±reach, without those of the grid of eighths, from which its panels are refined, that are neither
 * kinks nor beside narrower panels: squared, as many as one integral bears would take a second for each entry.
 */
function coarse({ edges, kinks }: FormulaParts, reach: number): number[] {
  const all = edges(Math.ceil(reach));
  const onGrid = (z: number) => Number.isInteger(8 * z) && !Number.isInteger(z);
  const beside = (k: number) => all[k] - all[k - 1] < 1 / 8 || all[k + 1] - all[k] < 1 / 8;
  return all.filter((z, k) => Math.abs(z) < reach && (!onGrid(z) || beside(k) || kinks.includes(z)));
}

/**
 * E f(z)f(z′) of a formula, which may have kinks and narrow poles: for each z = √a g the expectation over z′ = √b(ρg + √(1 − ρ²)h),
 * both by Gauss and Legendre in panels that are cut where f bends (src/math/formula/panels.ts).
 */
function panelProduct(f: (z: number) => number, formula: FormulaParts, { a, b, c }: Covariance): number {
  const [rootA, rootB] = [Math.sqrt(a), Math.sqrt(b)];
  const rho = a * b > 0 ? Math.max(-1, Math.min(1, c / (rootA * rootB))) : 0;
  const rest = Math.sqrt(1 - rho * rho);
  const inside = coarse(formula, rootA * reach).map((z) => z / rootA);
  const along = panelRule(rootA === 0 ? [-reach, reach] : [-reach, ...inside, reach], 0.5);
  const spread = rootB * rest;
  const cuts = coarse(formula, rootB * reach * 2);
  let sum = 0;
  along.nodes.forEach((g, i) => {
    const middle = rootB * rho * g;
    let inner = 0;
    if (spread < 1e-7 * rootB || rootB === 0) inner = f(middle);
    else {
      const inside = cuts.map((z) => (z - middle) / spread).filter((h) => Math.abs(h) < reach);
      const across = panelRule([-reach, ...inside, reach], 0.75);
      across.nodes.forEach(
        (h, j) => (inner += across.weights[j] * normalDensity(h) * f(middle + spread * h)),
      );
    }
    sum += along.weights[i] * normalDensity(g) * f(rootA * g) * inner;
  });
  return sum;
}

/** The definitions, for a smooth φ or a formula. */
export function expectedByQuadrature(activation: Activation, covariance: Covariance): ExpectedEntry {
  const { phi, phiPrime, formula } = mathematicsOf(activation);
  const product = (f: (z: number) => number): number =>
    formula ? panelProduct(f, formula, covariance) : gaussianProduct(f, covariance);
  return { first: covariance.c * product(phiPrime), second: product(phi) };
}

/** The covariances [[a, c], [c, b]] of points i of X and j of Xt; c = a where they are the same point of one set. */
export function covariances(X: Dense, Xt: Dense, sameSet: boolean): Covariance[] {
  const d = X.cols;
  const product = (P: Dense, i: number, Q: Dense, j: number): number => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += P.data[i * d + k] * Q.data[j * d + k];
    return sum / d;
  };
  return Array.from({ length: X.rows * Xt.rows }, (_, at) => {
    const [i, j] = [Math.floor(at / Xt.rows), at % Xt.rows];
    const a = product(X, i, X, i);
    return sameSet && i === j ? { a, b: a, c: a } : { a, b: product(Xt, j, Xt, j), c: product(X, i, Xt, j) };
  });
}

/**
 * weight₁ Θ₁* + weight₂ Θ₂* between two sets of inputs.
 * @returns n × ñ
 */
export function expectedKernel(
  activation: Activation,
  X: Dense,
  Xt: Dense,
  weights: ExpectedEntry,
  sameSet = X === Xt,
): Dense {
  const entries = covariances(X, Xt, sameSet).map((covariance) => {
    const { first, second } = expectedEntry(activation, covariance);
    return weights.first * first + weights.second * second;
  });
  return dense(X.rows, Xt.rows, entries);
}

/** Σ_j K_ij u_j. */
export function expectedProduct(K: Dense, u: Float64Array): Float64Array {
  return Float64Array.from({ length: K.rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < K.cols; j++) sum += K.data[i * K.cols + j] * u[j];
    return sum;
  });
}
