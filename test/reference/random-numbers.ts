import { type Dense, dense } from '../../src/math/dense.ts';

/**
 * Random numbers for tests, independent of the generator under test elsewhere: xoshiro128** (Blackman and Vigna)
 * seeded through SplitMix32, normals by the polar method.
 */
export class RandomNumbers {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    this.#state = Uint32Array.from({ length: 4 }, (_, k) => {
      let z = (seed + (k + 1) * 0x9e3779b9) >>> 0;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return z ^ (z >>> 16);
    });
  }

  /** Uniform on [0, 1), 32 bits. */
  uniform(): number {
    const s = this.#state;
    const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 11);
    return result / 2 ** 32;
  }

  normal(): number {
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
    }
  }

  normals(count: number): Float64Array<ArrayBuffer> {
    return Float64Array.from({ length: count }, () => this.normal());
  }

  normalMatrix(rows: number, cols: number): Dense {
    return dense(rows, cols, this.normals(rows * cols));
  }

  /** (W, v) by the symmetric initialization of THEORY.md, section 1. */
  symmetricInitialization(m: number, d: number): { W: Dense; v: Float64Array } {
    const half = this.normals((m / 2) * d);
    const signs = Float64Array.from({ length: m / 2 }, () => (this.uniform() < 0.5 ? -1 : 1));
    return { W: dense(m, d, [...half, ...half]), v: Float64Array.from([...signs, ...signs.map((s) => -s)]) };
  }

  /** sign(bᵀx + ½((cᵀx)² − 1)) for random unit b, c: the default target. */
  signQuadratic(X: Dense): Float64Array {
    const [n, d] = [X.rows, X.cols];
    const unit = (): Float64Array => {
      const g = this.normals(d);
      const norm = Math.hypot(...g);
      return g.map((value) => value / norm);
    };
    const [b, c] = [unit(), unit()];
    return Float64Array.from({ length: n }, (_, i) => {
      const project = (a: Float64Array): number =>
        a.reduce((sum, value, k) => sum + value * X.data[i * d + k], 0);
      return Math.sign(project(b) + (project(c) ** 2 - 1) / 2);
    });
  }
}
