import type { LanczosStep } from '../../src/spectral/ritz.ts';
import type { Krylov, Projection, StartKrylov } from '../../src/spectral/search.ts';
import { RandomNumbers } from '../../test/reference/random-numbers.ts';

/** A vector that needs no disposal. */
export type HostVector = Float64Array & Disposable;

/**
 * Lanczos in float64 on a diagonal matrix, which for a start that is uniform on the sphere stands for every matrix of these
 * eigenvalues: what src/spectral/lanczos.ts does on the device, without its rounding, and fast enough for thousands of starts.
 */
export const diagonalKrylov =
  (eigenvalues: Float64Array, seed: number): StartKrylov<HostVector> =>
  (locked, round) =>
    Promise.resolve(new DiagonalKrylov(eigenvalues, locked, new RandomNumbers(2 ** 16 * round + seed)));

/** What is left over below this share of the norm is rounding. */
const nothing = 8 * 2 ** -53;

class DiagonalKrylov implements Krylov<HostVector> {
  steps = 0;
  readonly #eigenvalues: Float64Array;
  readonly #locked: number;
  readonly #basis: Float64Array[];
  readonly #steps: LanczosStep[] = [];
  readonly #couplings: number[][] = [];
  #norm = 0;

  constructor(eigenvalues: Float64Array, locked: readonly HostVector[], random: RandomNumbers) {
    this.#eigenvalues = eigenvalues;
    this.#locked = locked.length;
    this.#basis = [...locked];
    const start = random.normals(eigenvalues.length);
    this.#removeSpan(start);
    this.#removeSpan(start);
    this.#extend(start);
  }

  step(): Promise<void> {
    const w = this.#product(this.#basis.at(-1)!);
    const coefficients = this.#removeSpan(w);
    const again = this.#removeSpan(w);
    const alpha = coefficients.at(-1)! + again.at(-1)!;
    const beta = this.#extend(w);
    this.#steps.push({ alpha, beta });
    this.#norm = Math.max(this.#norm, Math.abs(alpha), beta);
    this.#couplings.push(coefficients.slice(0, this.#locked));
    this.steps++;
    return Promise.resolve();
  }

  read(): Promise<Projection> {
    const last = this.#steps.findIndex(({ beta }) => beta <= nothing * this.#norm);
    const end = last < 0 ? this.#steps.length : last + 1;
    const [steps, couplings] = [this.#steps.slice(0, end), this.#couplings.slice(0, end)];
    return Promise.resolve({ steps, couplings, closed: last >= 0 });
  }

  ritzVector(s: Float64Array, theta: number): Promise<{ vector: HostVector; residual: number }> {
    const y = new Float64Array(this.#eigenvalues.length);
    for (const [j, weight] of s.entries()) {
      const q = this.#basis[j];
      for (let i = 0; i < y.length; i++) y[i] += weight * q[i];
    }
    const image = this.#product(y);
    const residual = norm(image.map((entry, i) => entry - theta * y[i])) / norm(y);
    return Promise.resolve({ vector: hostVector(y), residual });
  }

  #product(u: Float64Array): Float64Array {
    return u.map((entry, i) => entry * this.#eigenvalues[i]);
  }

  #removeSpan(w: Float64Array): number[] {
    const coefficients = this.#basis.map((q) => {
      let sum = 0;
      for (let i = 0; i < w.length; i++) sum += q[i] * w[i];
      return sum;
    });
    coefficients.forEach((c, j) => {
      const q = this.#basis[j];
      for (let i = 0; i < w.length; i++) w[i] -= c * q[i];
    });
    return coefficients;
  }

  #extend(w: Float64Array): number {
    const size = norm(w);
    this.#basis.push(size > 0 ? w.map((entry) => entry / size) : w);
    return size;
  }

  [Symbol.dispose](): void {
    this.#basis.length = 0;
  }
}

const norm = (a: Float64Array): number => Math.sqrt(a.reduce((sum, entry) => sum + entry * entry, 0));

function hostVector(entries: Float64Array): HostVector {
  return Object.assign(entries, { [Symbol.dispose]: () => undefined });
}
