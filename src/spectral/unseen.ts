import { greatestOf } from '../math/statistics.ts';
import type { LanczosStep } from './ritz.ts';

/** What a bound on the unseen rests on. */
export interface Start {
  /** Dimension of the sphere's space that the start was drawn from, uniformly. */
  dimension: number;
  /** Probability over the start with which the bound may fail. */
  risk: number;
  /** Norm of what rounding adds to a product, as a share of the operator's norm: some units of roundoff. */
  roundoff: number;
}

/**
 * How far above its largest Ritz value the largest eigenvalue of a symmetric operator may lie, after so many steps of Lanczos:
 * a bound that fails with probability `risk` over the start at most, whatever the spectrum, and whatever decided when to look.
 *
 * Let μ be an eigenvalue above every Ritz value, v its unit eigenvector and z_j = ⟨v, q_j⟩. Then z_j = z₀ π_j(μ) with Lanczos'
 * own polynomials, β_{j+1} π_{j+1}(μ) = (μ − α_j) π_j(μ) − β_j π_{j−1}(μ), π₀ = 1, which grow with j and with μ; and since
 * the q_j are orthonormal, Σ_j z_j² ≤ 1. So the start held little of v:
 *
 *     |z₀| ≤ (Σ_j π_j(μ)²)^{−1/2} + φ ‖(μ − T)^{−1} e₀‖
 *
 * where the last term is what rounding may have hidden, φ = roundoff · ‖T‖/√dimension (of a rounding error of any direction
 * the part along v). A start that is uniform on the sphere of R^p holds less than τ of a given v with probability
 * τ √(2(p − 1)/π) at most. The largest μ for which the right-hand side reaches τ = risk/√(2(p − 1)/π) is the bound.
 *
 * It is the bound of van Dorsselaer, Hochstenbach and van der Vorst (SIAM J. Matrix Anal. Appl. 22, 2000, p. 837), and takes
 * what was seen into account, where that of Kuczyński and Woźniakowski (same journal, 13, 1992, p. 1094), for positive
 * semi-definite operators, must do with the number of steps: λ₁ − θ₁ > ελ₁ with probability 1.648 √n e^{−(2k−1)√ε} at most.
 * Both hold for indefinite operators, for a shift leaves the space and the differences of eigenvalues as they are (ελ₁ becomes
 * ε(λ₁ − λ_n) there), and with −A for its other end.
 */
export function unseenAbove(steps: readonly LanczosStep[], ritz: RitzStart, start: Start): number {
  const { values, first } = ritz;
  const top = greatestOf(values);
  const size = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (size === 0 || start.dimension < 2) return 0;
  const least = start.risk / Math.sqrt((2 * (start.dimension - 1)) / Math.PI);
  const hidden = (start.roundoff * size) / Math.sqrt(start.dimension);
  const isSeen = (distance: number): boolean => {
    const mu = top + distance;
    let resolvent = 0;
    for (const [i, value] of values.entries()) resolvent += (first[i] / (mu - value)) ** 2;
    return smallestStart(steps, mu) + hidden * Math.sqrt(resolvent) <= least;
  };
  // Bisection of the logarithm, from what is nothing to what is everything.
  let [low, high] = [size * 2 ** -60, size];
  if (isSeen(low)) return low;
  while (!isSeen(high)) {
    high *= 16;
    if (high === Infinity) return Infinity;
  }
  while (high > 1.01 * low) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (isSeen(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Ritz values, in any order, and the first entry of each one's eigenvector of T. */
export interface RitzStart {
  values: readonly number[];
  first: readonly number[];
}

/** (Σ_j π_j(μ)²)^{−1/2}: the most that a start can hold of an eigenvector of μ. */
function smallestStart(steps: readonly LanczosStep[], mu: number): number {
  let [before, now, beta, sum] = [0, 1, 0, 1];
  for (const step of steps) {
    const next = (mu - step.alpha) * now - beta * before;
    // Nothing is left over: the space is closed, and holds no part of v.
    if (step.beta === 0) return 0;
    [before, now, beta] = [now, next / step.beta, step.beta];
    sum += now ** 2;
    if (!(sum < 1e200)) return 0;
  }
  return 1 / Math.sqrt(sum);
}

/** The same of −A: for the other end of the spectrum. */
export const mirrored = (steps: readonly LanczosStep[]): LanczosStep[] =>
  steps.map(({ alpha, beta }) => ({ alpha: -alpha, beta }));
