import type { Dense } from '../math/dense.ts';
import type { TangentPoint } from './ntk.ts';

/**
 * The Jacobian-vector product J₁ vec Δ + J₂δ: the change of the linearized network's outputs when (W, v) moves by (Δ, δ).
 *
 *     u_i = Σ_r v_r D_ir ⟨Δ_r, x_i⟩/√(md) + Σ_r A_ir δ_r/√m
 *
 * @param moveW Δ, m × d
 * @param moveV δ, m
 * @returns n
 */
export function tangent({ X, A, D, v }: TangentPoint, moveW: Dense, moveV: Float64Array): Float64Array {
  const [n, m, d] = [X.rows, D.cols, X.cols];
  const u = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let first = 0;
    let second = 0;
    for (let r = 0; r < m; r++) {
      let product = 0;
      for (let k = 0; k < d; k++) product += moveW.data[r * d + k] * X.data[i * d + k];
      first += v[r] * D.data[i * m + r] * product;
      second += A.data[i * m + r] * moveV[r];
    }
    u[i] = first / Math.sqrt(m * d) + second / Math.sqrt(m);
  }
  return u;
}
