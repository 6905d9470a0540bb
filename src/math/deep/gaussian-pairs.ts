import type { Activation } from '../activation-names.ts';
import { mathematicsOf } from '../activations.ts';
import type { ActivationMathematics, DualDerivatives } from '../activations/mathematics.ts';
import {
  type HermiteCoefficients,
  expansionBetween,
  hermiteExpansion,
  mostHermiteTerms,
} from '../hermite-coefficients.ts';

/** z ~ N(0, q) as φ sees it. */
export interface GaussianVariable {
  /** q */
  readonly variance: number;
  /** E φ(z)² */
  readonly square: number;
  /** E φ′(z)² */
  readonly slopeSquare: number;
  /** E[φ(√q g) h_k(g)] and E[φ′(√q g) h_k(g)], as many as count; none where E φφ has a closed form. */
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
}

/** E φ(z)φ(z′) and E φ′(z)φ′(z′). */
export interface PairMoments {
  value: number;
  slope: number;
}

/**
 * Expectations of an activation over pairs (z, z′) ~ N(0, [[a, c], [c, b]]) in float64 (THEORY-DEEP.md, section d): in closed form
 * for erf, sin, the identity and piecewise linear φ, else by Hermite series in the correlation,
 *
 *     E φφ = Σ_k α_k(a) α_k(b) ρ^k      E φ′φ′ = Σ_k β_k(a) β_k(b) ρ^k      β_k(a) = √(k + 1) α_{k+1}(a)/√a
 *
 * of at most 256 terms, and by quadrature in one dimension where z = z′. What is proper to one variance is computed once, as a
 * `GaussianVariable`: 256 coefficients, some 10⁴ to 10⁵ operations. A pair costs some ten operations by a closed form and four for
 * each term that counts. A series is exact to about 10⁻¹³ but for what 256 terms leave out, at most |ρ|²⁵⁶ times this share of E φ²
 * and of E φ′²: for tanh 2·10⁻¹⁰ and 4·10⁻⁸ at variance 5, 6·10⁻⁶ and 6·10⁻⁴ at 20; for GELU 2·10⁻⁹ and 5·10⁻⁷ at 20; nothing at
 * variance 1. For a formula whose φ′ jumps it is more: for min(max(x, −1), 1) 3·10⁻⁵ and 0.014 at variance 1, which matters where
 * |ρ| > 0.95.
 */
export interface GaussianPairs {
  variable: (variance: number) => GaussianVariable;
  /** Many at once: what is a Hermite series is interpolated between the variances where that is as exact (to 10⁻¹²). */
  variables: (variances: Float64Array) => GaussianVariable[];
  /** Writes the moments of z, z′ with covariance c into `out`. */
  moments: (z: GaussianVariable, other: GaussianVariable, c: number, out: PairMoments) => void;
  /** E φφ and its first three derivatives in c, at two equal variances and |c| < the variance. */
  derivatives: (z: GaussianVariable, c: number) => DualDerivatives;
}

/** @throws FormulaError where the activation's formula is none. */
export function gaussianPairs(activation: Activation): GaussianPairs {
  const mathematics = mathematicsOf(activation);
  const { dualDerivatives } = mathematics;
  return dualDerivatives ? closedPairs(dualDerivatives) : seriesPairs(activation, mathematics);
}

const none = new Float64Array(0);

function closedPairs(dual: NonNullable<ActivationMathematics['dualDerivatives']>): GaussianPairs {
  const variable = (variance: number): GaussianVariable => {
    const { value, slope } = dual({ a: variance, b: variance, c: variance });
    return { variance, square: value, slopeSquare: slope, alpha: none, beta: none };
  };
  return {
    variable,
    variables: (variances) => Array.from(variances, variable),
    moments: (z, other, c, out) => {
      const { value, slope } = dual({ a: z.variance, b: other.variance, c });
      out.value = value;
      out.slope = slope;
    },
    derivatives: ({ variance }, c) => dual({ a: variance, b: variance, c }),
  };
}

/** From so many variances on, coefficients are interpolated. */
const manyVariances = 100;

/** Below this variance, φ′ is taken for constant: what α_1/√a loses to rounding is more than what that errs by. */
const leastVariance = 1e-12;

/** Squared coefficients whose sum, of the whole, is less than this do not count. */
const negligible = 2 ** -60;

/** A coefficient below this share of √E φ² is what the rounding of its sum leaves of 0. */
const coefficientRounding = 1e-13;

function seriesPairs(activation: Activation, { phi, phiPrime }: ActivationMathematics): GaussianPairs {
  const direct = hermiteExpansion(activation, mostHermiteTerms);
  const made = (variance: number, { alpha, first, second }: HermiteCoefficients): GaussianVariable => {
    if (variance < leastVariance) {
      return {
        variance,
        square: phi(0) ** 2,
        slopeSquare: phiPrime(0) ** 2,
        alpha: Float64Array.of(phi(0)),
        beta: Float64Array.of(phiPrime(0)),
      };
    }
    const root = Math.sqrt(variance);
    const least = coefficientRounding * Math.sqrt(second);
    const known = alpha.slice(0, countingTerms(alpha)).map((value) => (Math.abs(value) > least ? value : 0));
    return {
      variance,
      square: second,
      slopeSquare: first / variance,
      alpha: known,
      beta: Float64Array.from(
        { length: known.length - 1 },
        (_, k) => (Math.sqrt(k + 1) * known[k + 1]) / root,
      ),
    };
  };
  return {
    variable: (variance) => made(variance, direct(variance)),
    variables: (variances) => {
      let [least, largest] = [Infinity, 0];
      for (const variance of variances) {
        least = Math.min(least, variance);
        largest = Math.max(largest, variance);
      }
      const many = variances.length > manyVariances && least < largest;
      const expansion = many ? expansionBetween(direct, least, largest) : direct;
      return Array.from(variances, (variance) => made(variance, expansion(variance)));
    },
    moments: (z, other, c, out) => {
      if (c === z.variance && c === other.variance) {
        out.value = z.square;
        out.slope = z.slopeSquare;
        return;
      }
      const size = Math.sqrt(z.variance * other.variance);
      const rho = size > 0 ? Math.max(-1, Math.min(1, c / size)) : 0;
      out.value = seriesSum(z.alpha, other.alpha, rho);
      out.slope = seriesSum(z.beta, other.beta, rho);
    },
    derivatives: ({ variance, alpha }, c) => seriesDerivatives(alpha, variance, c),
  };
}

/** How many coefficients there are up to the last that counts in Σ (k + 1)α_k²; at least 2. */
function countingTerms(alpha: Float64Array): number {
  let whole = 0;
  for (let k = 0; k < alpha.length; k++) whole += (k + 1) * alpha[k] ** 2;
  let rest = 0;
  let count = alpha.length;
  while (count > 2 && rest + count * alpha[count - 1] ** 2 <= negligible * whole) {
    rest += count * alpha[count - 1] ** 2;
    count--;
  }
  return count;
}

/** Σ_k p_k q_k ρ^k, until ρ^k no longer counts. */
function seriesSum(p: Float64Array, q: Float64Array, rho: number): number {
  const terms = Math.min(p.length, q.length);
  let power = 1;
  let sum = 0;
  for (let k = 0; k < terms; k++) {
    sum += p[k] * q[k] * power;
    power *= rho;
    if (power < 1e-18 && power > -1e-18) break;
  }
  return sum;
}

/** Σ_k α_k² (c/q)^k and its derivatives in c. */
function seriesDerivatives(alpha: Float64Array, q: number, c: number): DualDerivatives {
  const rho = c / q;
  const sums = [0, 0, 0, 0];
  for (let order = 0; order < 4; order++) {
    let power = q ** -order;
    for (let k = order; k < alpha.length; k++) {
      let factor = alpha[k] ** 2 * power;
      for (let j = 0; j < order; j++) factor *= k - j;
      sums[order] += factor;
      power *= rho;
    }
  }
  const [value, slope, second, third] = sums;
  return { value, slope, second, third };
}
