import type { Graph } from '../formula/graph.ts';
import type { Node } from '../formula/node.ts';

/** φ and its derivatives in float64, for every finite z (THEORY.md, section 1). */
export interface ActivationFunctions {
  readonly phi: (z: number) => number;
  /** φ′; where it jumps, its limit from the right. */
  readonly phiPrime: (z: number) => number;
  /** φ″; null where φ′ jumps. */
  readonly phiSecond: ((z: number) => number) | null;
  /** sup |φ′|, the Lipschitz constant of φ; infinite where φ has none. */
  readonly supPhiPrime: number;
  /** sup |φ″|, the Lipschitz constant of φ′; infinite where φ′ is unbounded in its slope, null where it jumps. */
  readonly supPhiSecond: number | null;
}

/** The expectations over g ~ N(0, 1) that the linear models are made of (THEORY.md, section 4). */
export interface Moments {
  /** ζ = E φ′(g) */
  zeta: number;
  /** E[gφ′(g)] */
  gPhiPrime: number;
  /** ϑ₀ = E φ(g) */
  theta0: number;
  /** ϑ₂ = E[(½g³ − g)φ′(g)] */
  theta2: number;
}

/** (z, z′) ~ N(0, [[a, c], [c, b]]), c² ≤ ab. */
export interface Covariance {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Θ₁*(x, x′) = c E[φ′(z)φ′(z′)] and Θ₂*(x, x′) = E[φ(z)φ(z′)] (THEORY.md, section 3). */
export interface ExpectedEntry {
  first: number;
  second: number;
}

/**
 * E[φ(z)φ(z′)] and its first three derivatives in the covariance c, which are E[φ′φ′], E[φ″φ″] and E[φ‴φ‴] (THEORY-DEEP.md,
 * sections d and e).
 */
export interface DualDerivatives {
  value: number;
  slope: number;
  second: number;
  third: number;
}

/** What an activation that is a formula has beside what every activation has. */
export interface FormulaParts {
  text: string;
  graph: Graph;
  phi: Node;
  phiPrime: Node;
  /** Where φ′ jumps, |x| ≤ 32. */
  kinks: readonly number[];
  /** Edges on [−reach, reach] between which φ and φ′ are polynomials to about 10⁻¹⁵. */
  edges: (reach: number) => readonly number[];
  /** φ(mean + half) − φ(mean − half), to full relative accuracy however small half is. */
  difference: (mean: number, half: number) => number;
  /** Largest |x| up to which float32 keeps three digits of φ, its argument rounded. */
  range: number;
}

/** All that the house knows of an activation, beside its WGSL. A new one says all of it: nothing here has a default. */
export interface ActivationMathematics extends ActivationFunctions {
  /** φ(−z) = −φ(z), which its WGSL keeps bit for bit. */
  readonly odd: boolean;
  /** φ(z) = left · z below 0 and right · z above; null for any other φ. */
  readonly slopes: { readonly left: number; readonly right: number } | null;
  /** ζ, E[gφ′], ϑ₀, ϑ₂ in closed form; null where they are quadratures. */
  readonly moments: Moments | null;
  /** Θ₁* and Θ₂* in closed form, which its WGSL then has, too; null where they are Hermite series. */
  readonly dual: ((covariance: Covariance) => ExpectedEntry) | null;
  /** E[φφ] and its derivatives in the covariance in closed form; null where they are Hermite series. */
  readonly dualDerivatives: ((covariance: Covariance) => DualDerivatives) | null;
  /** What reports and the lab call it, and a few words on it. */
  readonly label: string;
  readonly hint: string;
  /** Only of one that is a formula: its quadratures are cut where it bends, its differences are its own. */
  readonly formula?: FormulaParts;
}

/** For odd φ, φ′ is even and every constant but ζ vanishes. */
export const momentsOfOdd = (zeta: number): Moments => ({ zeta, gPhiPrime: 0, theta0: 0, theta2: 0 });
