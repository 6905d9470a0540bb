import { type Dense, dense } from '../math/dense.ts';
import { requireFinite, requireSame } from '../gpu/arguments.ts';
import { type Inputs, type LinearFeatures, requireInputs, writeFeatures } from '../math/linear-features.ts';
import { symmetricEigen } from '../math/symmetric-eigen.ts';

/** Unit roundoff of float64. */
const u = 2 ** -53;

/** All that gradient descent on the linear model's training loss depends on; p = d + 2 features. */
export interface FeatureMoments {
  /** ΨᵀΨ/n, p × p */
  readonly gram: Dense;
  /** Ψᵀy/n */
  readonly cross: Float64Array;
  /** ‖y‖²/n */
  readonly targetSquare: number;
  /** Bound on the spectral norm of the error of `gram`; what lies below is taken for the null space of Ψ. */
  readonly gramError: number;
}

/**
 * The moments of Ψ and y, without storing Ψ: about np²/2 multiply-adds and O(p²) memory.
 * @param X n × d inputs, n ≥ 1
 * @param y n targets
 * @throws TypeError, RangeError where X has no rows of d numbers, or y not as many entries as X has rows
 */
export function featureMoments(features: LinearFeatures, X: Inputs, y: ArrayLike<number>): FeatureMoments {
  requireInputs(features, X);
  requireSame('The number of targets', y.length, 'the rows of X', X.rows);
  const n = X.rows;
  const p = features.d + 2;
  const gram = dense(p, p);
  const cross = new Float64Array(p);
  const psi = new Float64Array(p);
  let targetSquare = 0;
  for (let i = 0; i < n; i++) {
    writeFeatures(features, X, i, psi);
    const target = y[i];
    targetSquare += target * target;
    for (let j = 0; j < p; j++) {
      cross[j] += psi[j] * target;
      for (let k = 0; k <= j; k++) gram.data[j * p + k] += psi[j] * psi[k];
    }
  }
  let trace = 0;
  for (let j = 0; j < p; j++) {
    cross[j] /= n;
    for (let k = 0; k <= j; k++) {
      gram.data[j * p + k] /= n;
      gram.data[k * p + j] = gram.data[j * p + k]!;
    }
    trace += gram.data[j * p + j];
  }
  // A sum of n products and a division: |error| ≤ γ_{n+1} |Ψ|ᵀ|Ψ|/n, of norm at most γ_{n+1} Tr[ΨᵀΨ]/n.
  const gramError = (((n + 1) * u) / (1 - (n + 1) * u)) * trace;
  return { gram, cross, targetSquare: targetSquare / n, gramError };
}

/**
 * Claim C.1: gradient descent on a linear model from β(0) = 0, at any time, from one p × p eigenproblem.
 *
 *     u(t) − y = (I − ηK/n)^t (u(0) − y),  K = ΨΨᵀ
 *
 * With ΨᵀΨ/n = QΛQᵀ and c = QᵀΨᵀy/n, β(t) = Q s(t) with s_k = c_k(1 − (1 − ηλ_k)^t)/λ_k. The nonzero
 * eigenvalues of ΨᵀΨ/n are those of K/n. Every t costs O(p²). Ψ may be rank-deficient: β stays in its row space.
 */
export class ClosedForm {
  /** Eigenvalues of ΨᵀΨ/n, largest first; those within rounding of 0 are 0. */
  readonly eigenvalues: Float64Array;
  /** 2n/‖K‖ = 2/λ_max: for rates up to here the residual norm never grows. Infinity where Ψ = 0. */
  readonly largestStableRate: number;
  /** Training loss ‖Ψβ − y‖²/(2n) of the least-squares solution; its absolute error is about 2⁻⁵³‖y‖²/n times
   * the condition number of ΨᵀΨ/n on its range. */
  readonly optimum: number;
  /** Entry (j, k) is component j of the eigenvector of eigenvalue k. */
  readonly #eigenvectors: Dense;
  /** c */
  readonly #coordinates: Float64Array;

  /** @throws RangeError where the moments are not of one number of features, or an entry is not finite. */
  constructor({ gram, cross, targetSquare, gramError }: FeatureMoments) {
    const p = gram.rows;
    requireSame('The number of columns of the Gram matrix', gram.cols, 'its rows', p);
    requireSame('The number of entries of the Gram matrix', gram.data.length, 'its rows and columns', p * p);
    requireSame('The length of Ψᵀy/n', cross.length, 'the rows of ΨᵀΨ/n', p);
    requireFinite('The error of the Gram matrix', gramError, 0);
    for (const values of [gram.data, cross, [targetSquare]]) {
      const entry = values.find((value) => !Number.isFinite(value));
      if (entry === undefined) continue;
      throw new RangeError(
        `The feature moments contain ${entry}; look for infinite, NaN or very large values in X and y.`,
      );
    }
    const { values, vectors } = symmetricEigen(gram);
    // The solver's own backward error is a small multiple of p·u·λ_max.
    const negligible = gramError + 8 * p * u * values[0];

    this.eigenvalues = new Float64Array(p);
    this.#eigenvectors = dense(p, p);
    this.#coordinates = new Float64Array(p);
    let explained = 0;
    for (const [k, lambda] of values.entries()) {
      if (!(lambda > negligible)) break; // Ψᵀy has no part there: the coordinate is 0 too.
      this.eigenvalues[k] = lambda;
      for (let j = 0; j < p; j++) {
        const q = vectors.data[k * p + j];
        this.#eigenvectors.data[j * p + k] = q;
        this.#coordinates[k] += q * cross[j];
      }
      explained += this.#coordinates[k] ** 2 / lambda;
    }
    this.largestStableRate = 2 / this.eigenvalues[0];
    this.optimum = Math.max(0, (targetSquare - explained) / 2);
  }

  /**
   * β(t). With t = Infinity and η below the largest stable rate, the least-squares solution of least norm.
   * @throws RangeError unless η ≥ 0 and t is a whole number ≥ 0 or Infinity, and for t = Infinity where β has no limit:
   * at the largest stable rate, to rounding, it swings for ever, and above it, it grows.
   */
  beta(eta: number, t: number): Float64Array {
    requireRateAndTime(eta, t);
    const p = this.eigenvalues.length;
    const s = new Float64Array(p);
    for (let k = 0; k < p; k++) {
      const lambda = this.eigenvalues[k];
      if (this.#coordinates[k] === 0) continue;
      const course = t === Infinity ? this.#course(eta * lambda) : 'decays';
      if (course === 'stays' || course === 'grows') {
        throw new RangeError(
          `β has no limit at η = ${eta}: along the eigenvalue ${lambda} every step multiplies the error by 1 − ηλ = ${1 - eta * lambda}. Ask for a finite t, or for a rate below 2/λ_max = ${this.largestStableRate}.`,
        );
      }
      s[k] = (this.#coordinates[k] * lostPart(eta * lambda, t)) / lambda;
    }
    const beta = new Float64Array(p);
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < p; k++) beta[j] += this.#eigenvectors.data[j * p + k] * s[k];
    }
    return beta;
  }

  /**
   * ⟨u_k, e⟩/√n along the eigenvectors u_k = Ψq_k/√(nλ_k) of K with λ_k > 0, largest first, of the e in R^n whose
   * moments Ψᵀe/n are given: q_kᵀ(Ψᵀe/n)/√λ_k. Their squares add up to the mean square of e's part in the range of Ψ.
   * @throws RangeError where there is not one moment for each feature.
   */
  along(moments: ArrayLike<number>): Float64Array<ArrayBuffer> {
    const p = this.eigenvalues.length;
    requireSame('The number of moments', moments.length, 'the features', p);
    const along = new Float64Array(this.eigenvalues.filter((lambda) => lambda > 0).length);
    for (let k = 0; k < along.length; k++) {
      let product = 0;
      for (let j = 0; j < p; j++) product += this.#eigenvectors.data[j * p + k] * moments[j];
      along[k] = product / Math.sqrt(this.eigenvalues[k]);
    }
    return along;
  }

  /**
   * Training loss at β(t): the optimum plus ½ Σ_k c_k²(1 − ηλ_k)^{2t}/λ_k. With t = Infinity its limit, which always exists:
   * a term keeps its c_k²/(2λ_k) where |1 − ηλ_k| = 1 to rounding, and is Infinity where that is greater.
   * @throws RangeError unless η ≥ 0 and t is a whole number ≥ 0 or Infinity.
   */
  loss(eta: number, t: number): number {
    requireRateAndTime(eta, t);
    let excess = 0;
    for (const [k, lambda] of this.eigenvalues.entries()) {
      const c = this.#coordinates[k];
      if (c === 0) continue;
      const left =
        t === Infinity
          ? { rests: 1, decays: 0, stays: 1, grows: Infinity }[this.#course(eta * lambda)]
          : 1 - lostPart(eta * lambda, t);
      excess += (c * left) ** 2 / lambda;
    }
    return this.optimum + excess / 2;
  }

  /** What (1 − x)^t does as t → ∞; x = ηλ is known to some p ulp, the accuracy of the eigenvalues. */
  #course(x: number): Course {
    const rounding = 8 * this.eigenvalues.length * u * x;
    if (x === 0) return 'rests';
    if (Math.abs(x - 2) <= rounding) return 'stays';
    return x < 2 ? 'decays' : 'grows';
  }
}

/** Of the error along an eigenvector: it keeps its value, vanishes, keeps its size with changing sign, or grows. */
type Course = 'rests' | 'decays' | 'stays' | 'grows';

/** 1 − (1 − x)^t. Where x < 1 through the logarithm, which keeps full accuracy at tiny x: → tx. */
function lostPart(x: number, t: number): number {
  if (t === 0 || x === 0) return 0;
  return x < 1 ? -Math.expm1(t * Math.log1p(-x)) : 1 - (1 - x) ** t;
}

function requireRateAndTime(eta: number, t: number): void {
  requireFinite('The rate η', eta, 0);
  if (t !== Infinity && !(Number.isInteger(t) && t >= 0)) {
    throw new RangeError(
      `The time is ${t}; gradient descent takes whole steps, so t must be 0, 1, 2, … or Infinity.`,
    );
  }
}
