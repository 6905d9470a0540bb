import { type DeepArchitecture, deepShape } from '../src/math/deep/architecture.ts';

/** A two-layer network with erf at the symmetric initialization, and data: the same arrays for every contestant. */
export interface NetworkProblem {
  n: number;
  d: number;
  m: number;
  /** n × d, entries N(0, 1). */
  X: Float32Array<ArrayBuffer>;
  /** n targets, ±1. */
  y: Float32Array<ArrayBuffer>;
  /** m × d: rows r and r + m/2 are equal. */
  W: Float32Array<ArrayBuffer>;
  /** m signs; v_{r + m/2} = −v_r. */
  v: Float32Array<ArrayBuffer>;
  /** What Θ₁ is multiplied with: n entries N(0, 1). */
  u: Float32Array<ArrayBuffer>;
}

export type NetworkSize = Pick<NetworkProblem, 'n' | 'd' | 'm'>;

/**
 * A deep network of two towers with erf, which begin as one, f = (g₊ − g₋)/√2, and data. No layer pools, the readout is flat, and
 * every gain is 1: g = v·φ(Z_L)/√(positions · channels), Z_l = H_{l−1}W_lᵀ/√fan-in.
 */
export interface DeepProblem {
  architecture: DeepArchitecture;
  n: number;
  /** n × d, entries N(0, 1): positions first, row by row, then channels. */
  X: Float32Array<ArrayBuffer>;
  /** n targets, ±1. */
  y: Float32Array<ArrayBuffer>;
  /** Of each layer of a tower, channels × (taps · channels below), taps first; entries N(0, 1). */
  weights: readonly Float32Array<ArrayBuffer>[];
  /** positions × channels signs. */
  readout: Float32Array<ArrayBuffer>;
  /** What the kernel is multiplied with: n entries N(0, 1). */
  u: Float32Array<ArrayBuffer>;
}

export interface SquareMatrices {
  size: number;
  A: Float32Array<ArrayBuffer>;
  B: Float32Array<ArrayBuffer>;
}

export function networkProblem({ n, d, m }: NetworkSize): NetworkProblem {
  const normal = normals(1);
  const half = normal(new Float32Array((m / 2) * d));
  const W = new Float32Array(m * d);
  W.set(half);
  W.set(half, half.length);
  const v = Float32Array.from({ length: m }, (_, r) => (r % 2 === 0 ? 1 : -1) * (r < m / 2 ? 1 : -1));
  const X = normal(new Float32Array(n * d));
  const y = Float32Array.from({ length: n }, (_, i) => Math.sign(X[i * d] + 0.5 * (X[i * d + 1] ** 2 - 1)));
  return { n, d, m, X, y, W, v, u: normal(new Float32Array(n)) };
}

export function deepProblem(n: number, architecture: DeepArchitecture): DeepProblem {
  const normal = normals(3);
  const { d, layers, readout } = deepShape(architecture);
  const X = normal(new Float32Array(n * d));
  return {
    architecture,
    n,
    X,
    y: Float32Array.from({ length: n }, (_, i) => Math.sign(X[i * d] + 0.5 * (X[i * d + 1] ** 2 - 1))),
    weights: layers.map(({ channels, fanIn }) => normal(new Float32Array(channels * fanIn))),
    readout: normal(new Float32Array(readout.weights)).map(Math.sign),
    u: normal(new Float32Array(n)),
  };
}

export function squareMatrices(size: number): SquareMatrices {
  const normal = normals(2);
  return { size, A: normal(new Float32Array(size * size)), B: normal(new Float32Array(size * size)) };
}

/** Fills arrays with N(0, 1) entries, 10⁸ of them in seconds: Marsaglia's polar method on a 32-bit mixing counter. */
function normals(seed: number): (entries: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer> {
  let state = Math.imul(seed, 0x9e3779b9);
  const symmetricUniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) / 2 ** 31;
  };
  return (entries) => {
    for (let i = 0; i < entries.length; i += 2) {
      let a, b, square;
      do {
        a = symmetricUniform();
        b = symmetricUniform();
        square = a * a + b * b;
      } while (square >= 1 || square === 0);
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      entries[i] = a * scale;
      if (i + 1 < entries.length) entries[i + 1] = b * scale;
    }
    return entries;
  };
}
