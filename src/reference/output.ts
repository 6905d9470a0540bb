import type { Dense } from '../math/dense.ts';

/**
 * f = Av/√m; of two towers (Av + A′v′)/√m.
 * @param A n × m
 * @param v m
 * @returns n
 */
export function output(A: Dense, v: Float64Array, other?: { A: Dense; v: Float64Array }): Float64Array {
  const [n, m] = [A.rows, A.cols];
  const half = Math.floor(m / 2);
  const f = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    const term = (r: number): number => A.data[i * m + r] * v[r];
    // Pair by pair, so that units that begin as each other's opposites give exactly 0, as on a device.
    for (let r = 0; r < half; r++) sum += term(r) + term(half + r);
    if (m % 2 === 1) sum += term(m - 1);
    if (other) for (let r = 0; r < m; r++) sum += other.A.data[i * m + r] * other.v[r];
    f[i] = sum / Math.sqrt(m);
  }
  return f;
}

/** e = f − y. */
export function residual(f: Float64Array, y: Float64Array): Float64Array {
  return f.map((value, i) => value - y[i]);
}
