import { type Dense, dense, rowProducts } from '../math/dense.ts';
import type { Tower, TowerPoint } from './deep-network.ts';
import { pointProducts } from './first-gradient.ts';

/**
 * The Jacobian of one tower's outputs, layer by layer (THEORY-DEEP.md, section c): row i of the l-th is
 *
 *     vec(s_l (QC_{l−1})^{−1/2} Σ_p B_l[i, p]ᵀA_l[i, p])      l ≤ L
 *
 * and of the last ∂g_i/∂v. Between them n × (parameters) numbers.
 * @returns L + 1 matrices, n × (C_l · QC_{l−1}) and n × (entries of v)
 */
export function jacobianRows({ shape, size: n, A, B, H }: TowerPoint): Dense[] {
  const hidden = shape.layers.map(({ positions, fanIn, gain }, l) => {
    const { rows, cols, data } = pointProducts(B[l], A[l], positions);
    return dense(
      rows,
      cols,
      data.map((sum) => (gain * sum) / Math.sqrt(fanIn)),
    );
  });
  const { kind, positions, channels, weights, gain } = shape.readout;
  const J = dense(n, weights);
  const last = H[shape.depth - 1];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < positions * channels; k++) {
      const value = gain * last.data[i * positions * channels + k];
      if (kind === 'flat') J.data[i * weights + k] = value / Math.sqrt(positions * channels);
      else J.data[i * weights + (k % channels)] += value / (positions * Math.sqrt(channels));
    }
  }
  return [...hidden, J];
}

/**
 * Θ = Σ_l r_l J_l J̃_lᵀ of one tower, between two sets of inputs, two parameter points, or both.
 * @param weights r_1 … r_{L+1}; 1 unless given
 * @returns n × ñ
 */
export function towerKernel(
  point: TowerPoint,
  other: TowerPoint = point,
  weights: readonly number[] = Array<number>(point.shape.depth + 1).fill(1),
): Dense {
  const [rows, others] = [jacobianRows(point), jacobianRows(other)];
  const kernel = dense(point.size, other.size);
  rows.forEach((J, l) => {
    rowProducts(J, others[l]).data.forEach((value, k) => (kernel.data[k] += weights[l] * value));
  });
  return kernel;
}

/**
 * Jᵀu of one tower, in the shapes of its parameters: G_l = s_l (diag(u)B_l)ᵀA_l/√fan-in and G_v = s H_Lᵀu/√m_L.
 * @param u n
 */
export function towerPullback(point: TowerPoint, u: Float64Array): Tower {
  const gathered = jacobianRows(point).map((J) => {
    const G = new Float64Array(J.cols);
    for (let i = 0; i < J.rows; i++) {
      for (let k = 0; k < J.cols; k++) G[k] += u[i] * J.data[i * J.cols + k];
    }
    return G;
  });
  const { layers, depth } = point.shape;
  return {
    W: layers.map(({ channels, fanIn }, l) => dense(channels, fanIn, gathered[l])),
    v: gathered[depth],
  };
}

/**
 * Jp of one tower: the change of the linearized outputs when its parameters move by p, from the B_l that the point keeps.
 * @returns n
 */
export function towerPushforward(point: TowerPoint, move: Tower): Float64Array {
  const moves = [...move.W.map(({ data }) => data), move.v];
  const change = new Float64Array(point.size);
  jacobianRows(point).forEach((J, l) => {
    for (let i = 0; i < J.rows; i++) {
      for (let k = 0; k < J.cols; k++) change[i] += J.data[i * J.cols + k] * moves[l][k];
    }
  });
  return change;
}
