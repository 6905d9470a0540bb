import type { ClosedForm, FeatureMoments } from './closed-form.ts';

/** Some of the modes, by their numbers, which begin with 1 at the largest eigenvalue. */
export interface ChosenModes {
  /** Modes with an eigenvalue other than 0: the rank of K, at most d + 2. */
  rank: number;
  indices: number[];
  /** Eigenvalues λ_k of K/n. */
  eigenvalues: number[];
  /** Error along each at t = 0. */
  initial: number[];
}

/**
 * The eigendirections u_1, u_2, … ∈ R^n of K = ΨΨᵀ among the training points, ‖u_k‖ = 1. Errors e = u(t) − y are measured
 * along them as ⟨u_k, e⟩/√n: the squares of all, with the mean square of what lies off the range of K, add up to 2L. Each
 * u_k has the sign that makes its error at t = 0, where u = 0, at least 0. By Claim C.1 the linear model's error along
 * u_k at time t is (1 − ηλ_k)^t of that.
 *
 * They are known by p = d + 2 numbers each (u_k = Ψq_k/√(nλ_k)); nothing here has n entries. Of equal eigenvalues, which
 * basis of their eigenspace is meant is the eigensolver's choice: there only the sum of squares has a meaning.
 */
export class Modes {
  /** Of K/n, those that are not 0, largest first. */
  readonly eigenvalues: Float64Array;
  /** ⟨u_k, u(0) − y⟩/√n ≥ 0 */
  readonly initial: Float64Array;
  readonly #solution: ClosedForm;
  readonly #signs: readonly number[];

  constructor({ solution, moments }: { solution: ClosedForm; moments: FeatureMoments }) {
    this.#solution = solution;
    const targets = solution.along(moments.cross);
    this.#signs = [...targets].map((value) => (value > 0 ? -1 : 1));
    this.initial = targets.map(Math.abs);
    this.eigenvalues = solution.eigenvalues.slice(0, targets.length);
  }

  get rank(): number {
    return this.eigenvalues.length;
  }

  /**
   * ⟨u_k, e⟩/√n for every mode, of the e whose moments Ψᵀe/n are given. Moments off by δ move them by at most ‖δ‖/√λ_k:
   * computed in float32 (blocks of 256 points), by about 10⁻⁶ √(Tr[K]/(nλ_k)) of the root mean square of e, and usually
   * by a hundredth of that.
   */
  along(moments: ArrayLike<number>): Float64Array {
    return this.#solution.along(moments).map((value, k) => this.#signs[k] * value);
  }

  /** What the linear model leaves of the error along mode `index` (from 1) after t steps: (1 − ηλ_k)^t. */
  remaining(index: number, eta: number, t: number): number {
    return (1 - eta * this.eigenvalues[index - 1]) ** t;
  }

  /** The first modes, as many as there are, or those of these numbers. @throws RangeError for one beyond the rank. */
  choose(wanted: number | readonly number[]): ChosenModes {
    const indices =
      typeof wanted === 'number'
        ? Array.from({ length: Math.min(wanted, this.rank) }, (_, k) => k + 1)
        : [...wanted];
    const beyond = indices.find((index) => !(index >= 1 && index <= this.rank));
    if (beyond !== undefined) {
      throw new RangeError(
        `There is no mode ${beyond}: the linear model's kernel has rank ${this.rank} here, so modes 1 to ${this.rank} have an eigenvalue.`,
      );
    }
    return {
      rank: this.rank,
      indices,
      eigenvalues: indices.map((index) => this.eigenvalues[index - 1]),
      initial: indices.map((index) => this.initial[index - 1]),
    };
  }

  /** 1, 2, 4, 8, … and the last: few modes that show the whole spectrum. */
  octaves(): number[] {
    const indices: number[] = [];
    for (let index = 1; index < this.rank; index *= 2) indices.push(index);
    return this.rank > 0 ? [...indices, this.rank] : [];
  }
}
