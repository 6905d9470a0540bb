import type { Activation } from '../activation-names.ts';
import { mathematicsOf } from '../activations.ts';
import { dense } from '../dense.ts';
import { symmetricEigen } from '../symmetric-eigen.ts';
import { requireWeights } from './expected-kernel.ts';
import { type GaussianPairs, type GaussianVariable, gaussianPairs } from './gaussian-pairs.ts';

/** Three numbers: coefficients of 1, r, r². */
export type Quadratic = readonly [number, number, number];

/** A fully-connected network of infinite width: φ, the gains s_1 … s_{L+1} and the weights r_1 … r_{L+1} of its layers' kernels. */
export interface DeepLayers {
  readonly activation: Activation;
  readonly gains: readonly number[];
  readonly weights: readonly number[];
}

/**
 * The expected kernel about (a, b, c) = (1, 1, 0), k = Σ_{i,j≤2} M_ij rⁱr′ʲ + k₁c + k₂c² + …, where a = ‖x‖²/d = (1 + r)² and
 * c = ⟨x, x′⟩/d (THEORY-DEEP.md, section e).
 */
export interface DeepConstants {
  /** M_00 */
  readonly k0: number;
  readonly k1: number;
  readonly k2: number;
  /** k(1, 1, 1) */
  readonly diagonal: number;
  /** k(1, 1, 1) − k₀ − k₁, what the linear model neglects on the diagonal. */
  readonly gamma: number;
  /** q_1 … q_L, the variances of the layers' preactivations at a = 1. */
  readonly variances: readonly number[];
  /** ζ_1² … ζ_L², ζ_l = E φ′(√q_l g). */
  readonly slopeSquares: readonly number[];
  /** M */
  readonly norms: readonly [Quadratic, Quadratic, Quadratic];
  /** Rows of R, RᵀR = M: at most three norm features, the largest last. */
  readonly normFeatures: readonly Quadratic[];
}

/**
 * k₀, k₁, k₂ by the recursion for value, first and second derivative in c; M in closed form for odd φ (0) and where
 * φ(z) ∝ z on either side of 0 (k₀(1, 1, 0)ᵀ(1, 1, 0)), else from k((1 + r)², (1 + r′)², 0) by Chebyshev interpolation at 14 × 14 nodes,
 * |r| ≤ 0.15, to about 10⁻⁹. At L = 1 they are those of THEORY.md, section 4: k₁ = 2ζ², k₂ = (3/2)(E gφ′)², M = ϑϑᵀ. Some
 * milliseconds; 14L Hermite expansions where φ has no closed form.
 * @throws RangeError where there are not as many gains as weights, at least 2, or one is no finite number, or a gain not above 0; where
 * variances grow beyond 10²⁴, or 10⁴ where φ has no closed form.
 */
export function deepConstants(layers: DeepLayers): DeepConstants {
  requireLayers(layers);
  const { activation, gains, weights } = layers;
  const pairs = gaussianPairs(activation);
  const mathematics = mathematicsOf(activation);
  const chain = variableChain(
    pairs,
    gains,
    1,
    mathematics.dualDerivatives ? mostVariance.closed : mostVariance.series,
  );
  const slopeSquares = chain.map((z) => pairs.derivatives(z, 0).slope);
  const { odd, slopes } = mathematics;
  const [k0, k1, twice] = kernelJet(pairs, chain, gains, weights);
  const diagonal = kernelBetween(pairs, chain, chain, 1, layers);
  const norms = normPart(pairs, layers, {
    odd,
    proportional: slopes !== null,
    k0,
    chainAt: (a) => variableChain(pairs, gains, a),
  });
  return {
    k0: odd ? 0 : k0,
    k1,
    k2: odd ? 0 : twice / 2,
    diagonal,
    gamma: diagonal - (odd ? 0 : k0) - k1,
    variances: chain.map(({ variance }) => variance),
    slopeSquares,
    norms,
    normFeatures: odd ? [] : semidefiniteFactor(norms, diagonal),
  };
}

/**
 * k₀, k₁ and M where layers pool before the last one. Averages over windows and blocks are linear in the covariances of positions, and
 * to first order in those between two inputs all pairs of positions have the same k₀ and k₁: what pools change are the variances, which
 * are those that the data has, not those of the recursion.
 * @param variancesAt q_1 … q_L of inputs of ‖x‖²/d = a
 * @throws RangeError as deepConstants does for gains and weights.
 */
export function pooledConstants(
  layers: DeepLayers,
  variancesAt: (a: number) => readonly number[],
): Pick<DeepConstants, 'k0' | 'k1' | 'norms' | 'normFeatures'> {
  requireLayers(layers);
  const { activation, gains, weights } = layers;
  const pairs = gaussianPairs(activation);
  const { odd, slopes } = mathematicsOf(activation);
  const chainAt = (a: number): GaussianVariable[] => variancesAt(a).map((q) => pairs.variable(q));
  const [value, k1] = kernelJet(pairs, chainAt(1), gains, weights);
  const k0 = odd ? 0 : value;
  const norms = normPart(pairs, layers, { odd, proportional: slopes !== null, k0, chainAt });
  return { k0, k1, norms, normFeatures: odd ? [] : semidefiniteFactor(norms, k0 + k1) };
}

/**
 * k₁ = (Σ_l r_l) s_1² Π_l s²_{l+1}ζ_l² of an odd φ from the variances that its layers have: every layer contributes the same.
 */
export function oddSlope({ activation, gains, weights }: DeepLayers, variances: readonly number[]): number {
  const pairs = gaussianPairs(activation);
  return variances.reduce(
    (slope, q, l) => slope * gains[l + 1] ** 2 * pairs.derivatives(pairs.variable(q), 0).slope,
    weights.reduce((sum, weight) => sum + weight, 0) * gains[0] ** 2,
  );
}

/**
 * s(x)² = s_1² Π_l s²_{l+1}(E φ′(√q_l(x) g))², q_1(x) = s_1²‖x‖²/d, as a function of a = ‖x‖²/d: of the *adapted* linear model of
 * an odd φ. Where φ has no closed form L Hermite expansions a value.
 */
export function adaptedSquare({ activation, gains }: DeepLayers): (a: number) => number {
  const pairs = gaussianPairs(activation);
  return (a) =>
    variableChain(pairs, gains, a).reduce(
      (square, z, l) => square * gains[l + 1] ** 2 * meanSlopeSquare(pairs, z),
      gains[0] ** 2,
    );
}

/** (E φ′(z))², for variances however small. */
function meanSlopeSquare(pairs: GaussianPairs, z: GaussianVariable): number {
  return z.beta.length > 0 ? z.beta[0] ** 2 : pairs.derivatives(z, 0).slope;
}

/**
 * k(a, b, c) of a fully-connected network of infinite width, one entry of its expected kernel (THEORY-DEEP.md, section d).
 * @throws RangeError as deepConstants does.
 */
export function deepKernelAt(layers: DeepLayers, { a, b, c }: { a: number; b: number; c: number }): number {
  requireLayers(layers);
  const pairs = gaussianPairs(layers.activation);
  const chain = variableChain(pairs, layers.gains, a);
  return kernelBetween(pairs, chain, a === b ? chain : variableChain(pairs, layers.gains, b), c, layers);
}

/** Variances up to which constants are computed: where φ has no closed form, an expansion takes the longer the larger they are. */
const mostVariance = { closed: 1e24, series: 1e4 };

/**
 * z of every layer for an input of ‖x‖²/d = a: variances s_1²a, then s²_{l+1} E φ².
 * @throws RangeError for a variance above `most`.
 */
function variableChain(
  pairs: GaussianPairs,
  gains: readonly number[],
  a: number,
  most = Infinity,
): GaussianVariable[] {
  const chain: GaussianVariable[] = [];
  for (let l = 0; l + 1 < gains.length; l++) {
    const variance = gains[l] ** 2 * (l === 0 ? a : chain[l - 1].square);
    if (variance > most) {
      throw new RangeError(
        `Layer ${l + 1} has a variance of ${Number(variance.toPrecision(3))} at inputs of norm √d; constants of the linear model are computed up to ${most}. Take smaller gains.`,
      );
    }
    chain.push(pairs.variable(variance));
  }
  return chain;
}

function kernelBetween(
  pairs: GaussianPairs,
  chain: readonly GaussianVariable[],
  other: readonly GaussianVariable[],
  c: number,
  { gains, weights }: DeepLayers,
): number {
  const moments = { value: 0, slope: 0 };
  let C = gains[0] ** 2 * c;
  let T = weights[0] * C;
  for (let l = 1; l < gains.length; l++) {
    pairs.moments(chain[l - 1], other[l - 1], C, moments);
    C = gains[l] ** 2 * moments.value;
    T = weights[l] * C + gains[l] ** 2 * moments.slope * T;
  }
  return T;
}

/** Value, first and second derivative in c. */
type Jet = readonly [number, number, number];

/**
 * The jet of k at (1, 1, 0): C ← s²(S, S₁C′, S₂C′² + S₁C″), P = (S₁, S₂C′, S₃C′² + S₂C″), T ← rC + s²PT.
 */
function kernelJet(
  pairs: GaussianPairs,
  chain: readonly GaussianVariable[],
  gains: readonly number[],
  weights: readonly number[],
): Jet {
  let C: Jet = [0, gains[0] ** 2, 0];
  let T: Jet = [0, weights[0] * gains[0] ** 2, 0];
  chain.forEach((z, index) => {
    const { value, slope, second, third } = pairs.derivatives(z, C[0]);
    const [s2, r] = [gains[index + 1] ** 2, weights[index + 1]];
    const P: Jet = [slope, second * C[1], third * C[1] ** 2 + second * C[2]];
    C = [s2 * value, s2 * slope * C[1], s2 * (second * C[1] ** 2 + slope * C[2])];
    T = [
      r * C[0] + s2 * P[0] * T[0],
      r * C[1] + s2 * (P[0] * T[1] + P[1] * T[0]),
      r * C[2] + s2 * (P[0] * T[2] + 2 * P[1] * T[1] + P[2] * T[0]),
    ];
  });
  return T;
}

/** M; `proportional`: φ(z) ∝ z on either side of 0. */
function normPart(
  pairs: GaussianPairs,
  layers: DeepLayers,
  {
    odd,
    proportional,
    k0,
    chainAt,
  }: { odd: boolean; proportional: boolean; k0: number; chainAt: (a: number) => GaussianVariable[] },
): DeepConstants['norms'] {
  if (odd) return zeros;
  return proportional ? outer([Math.sqrt(k0), Math.sqrt(k0), 0]) : interpolatedNorms(pairs, layers, chainAt);
}

const nodes = 14;
const reach = 0.15;

/**
 * M by interpolation: weights w_ik, Σ_k w_ik f(r_k) the i-th Taylor coefficient at 0 of the polynomial through 14 Chebyshev nodes
 * of |r| ≤ 0.15, whose error and rounding (some 10³ ε/reach²) are then below 10⁻⁹ of f.
 */
function interpolatedNorms(
  pairs: GaussianPairs,
  layers: DeepLayers,
  chainAt: (a: number) => GaussianVariable[],
): readonly [Quadratic, Quadratic, Quadratic] {
  const angles = Array.from({ length: nodes }, (_, k) => (Math.PI * (k + 0.5)) / nodes);
  const chains = angles.map((angle) => chainAt((1 + reach * Math.cos(angle)) ** 2));
  const weights = angles.map((angle) => taylorWeights(angle));
  const M = [0, 1, 2].map(() => [0, 0, 0]);
  chains.forEach((chain, k) => {
    chains.forEach((other, l) => {
      const value = kernelBetween(pairs, chain, other, 0, layers);
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) M[i][j] += weights[k][i] * weights[l][j] * value;
      }
    });
  });
  // Symmetric but for rounding.
  const mean = (i: number, j: number): number => (M[i][j] + M[j][i]) / 2;
  const row = (i: number): Quadratic => [mean(i, 0), mean(i, 1), mean(i, 2)];
  return [row(0), row(1), row(2)];
}

/** What f at reach · cos(angle) counts in f, f′ and f″/2 at 0: through T_m at 0, m < 14, and its derivatives. */
function taylorWeights(angle: number): Quadratic {
  const at: [number, number, number] = [0, 0, 0];
  for (let m = 0; m < nodes; m++) {
    const coefficient = ((m === 0 ? 1 : 2) / nodes) * Math.cos(m * angle);
    // T_m(0) = cos(mπ/2), T_m′(0) = m sin(mπ/2), T_m″(0) = −m² cos(mπ/2).
    const even = [1, 0, -1, 0][m % 4];
    const odd = [0, 1, 0, -1][m % 4];
    at[0] += coefficient * even;
    at[1] += (coefficient * m * odd) / reach;
    at[2] -= (coefficient * m * m * even) / (2 * reach * reach);
  }
  return at;
}

const zeros: readonly [Quadratic, Quadratic, Quadratic] = [
  [0, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
];

function outer([x, y, z]: Quadratic): readonly [Quadratic, Quadratic, Quadratic] {
  return [
    [x * x, x * y, x * z],
    [y * x, y * y, y * z],
    [z * x, z * y, z * z],
  ];
}

/** Eigenvalues below this share of the largest, or of k(1, 1, 1), are what interpolation leaves. */
const rankTolerance = 1e-9;

/** Rows √λ u of the eigenvalues λ of M that count, ascending. */
function semidefiniteFactor(norms: readonly [Quadratic, Quadratic, Quadratic], size: number): Quadratic[] {
  const { values, vectors } = symmetricEigen(dense(3, 3, norms.flat()));
  const floor = rankTolerance * Math.max(0, values[0]) + 1e-13 * size;
  return Array.from(values)
    .map((value, k) => ({ value, u: [...vectors.data.subarray(3 * k, 3 * k + 3)] }))
    .filter(({ value }) => value > floor)
    .reverse()
    .map(({ value, u }): Quadratic => {
      // Signs are free: the largest entry is positive.
      const largest = u.reduce((most, entry) => (Math.abs(entry) > Math.abs(most) ? entry : most));
      const root = Math.sign(largest) * Math.sqrt(value);
      return [root * u[0], root * u[1], root * u[2]];
    });
}

function requireLayers({ gains, weights }: DeepLayers): void {
  if (gains.length < 2 || !gains.every((gain) => gain > 0 && gain < Infinity)) {
    throw new RangeError(
      `The gains are ${gains.join(', ')}; L hidden layers and the readout take L + 1 finite numbers above 0, L ≥ 1.`,
    );
  }
  requireWeights(weights, gains.length - 1);
}
