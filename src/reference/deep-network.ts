import type { Activation } from '../math/activation-names.ts';
import { activationFunctions } from '../math/activations.ts';
import {
  type DeepArchitecture,
  type DeepShape,
  type LayerShape,
  deepShape,
} from '../math/deep/architecture.ts';
import { type Dense, dense } from '../math/dense.ts';
import { backward } from './backward.ts';
import { patchesOf } from './patches.ts';
import { pool, unpool } from './pool.ts';

/** The parameters of one tower (THEORY-DEEP.md, sections a and b). */
export interface Tower {
  /** W_l, C_l × QC_{l−1}: column t · C_{l−1} + β is tap t of channel β. */
  readonly W: readonly Dense[];
  /** 'flat': P_L · C_L entries, channel α at position p is p · C_L + α. 'mean': C_L entries. */
  readonly v: Float64Array;
}

/**
 * A set of n inputs seen from one tower: all that outputs, gradients and kernels are made of. Rows of a layer's matrices are
 * points and positions, i · P + p; the arrays are indexed from 0, so that entry l − 1 belongs to layer l.
 */
export interface TowerPoint {
  readonly shape: DeepShape;
  readonly tower: Tower;
  readonly size: number;
  /** A_l, the patches of H_{l−1}: nP × QC_{l−1}. */
  readonly A: readonly Dense[];
  /** Z_l: nP × C_l, before the pool. */
  readonly Z: readonly Dense[];
  /** H_l: after φ and the pool. */
  readonly H: readonly Dense[];
  /** B_l = ∂g/∂Z_l: nP × C_l. */
  readonly B: readonly Dense[];
  /** n */
  readonly g: Float64Array;
}

/**
 * Forward and backward through one tower:
 *
 *     Z_l[p, α] = s_l (QC_{l−1})^{−1/2} Σ_{t,β} W_l[α, t, β] H_{l−1}[p + t, β]      H_l = pool(φ(Z_l))
 *     flat: g = s Σ_{p,α} v[p, α] H_L[p, α]/√(P_L C_L)      mean: g = s Σ_α v[α] (mean_p H_L[p, α])/√C_L
 *     B_l = ∂g/∂Z_l
 *
 * @param X n × d, positions first, channels last
 */
export function towerPoint(
  architecture: DeepArchitecture,
  activation: Activation,
  tower: Tower,
  X: Dense,
): TowerPoint {
  const shape = deepShape(architecture);
  const { phi, phiPrime } = activationFunctions(activation);
  const n = X.rows;
  const [A, Z, H]: [Dense[], Dense[], Dense[]] = [[], [], []];
  let below = dense(n * shape.positions, shape.channels, X.data);
  for (const [l, layer] of shape.layers.entries()) {
    const patches = patchesOf(below, layer);
    const sums = layerSums(patches, tower.W[l], layer);
    below = pool(mapped(sums, phi), layer);
    A.push(patches);
    Z.push(sums);
    H.push(below);
  }
  const weights = readoutWeights(shape, tower.v);
  const g = Float64Array.from({ length: n }, (_, i) =>
    weights.reduce((sum, weight, k) => sum + weight * below.data[i * weights.length + k], 0),
  );

  // ∂g/∂H_L, the same for every point; then down, through each pool, φ and convolution.
  const B: Dense[] = [];
  let slope = dense(n * shape.readout.positions, shape.readout.channels);
  for (let i = 0; i < n; i++) slope.data.set(weights, i * weights.length);
  for (let l = shape.depth - 1; l >= 0; l--) {
    const layer = shape.layers[l];
    const D = mapped(Z[l], phiPrime);
    const back = unpool(slope, layer);
    B.unshift(
      dense(
        back.rows,
        back.cols,
        back.data.map((value, k) => value * D.data[k]),
      ),
    );
    if (l > 0) slope = backward(B[0], tower.W[l], layer.gain / Math.sqrt(layer.fanIn), layer);
  }
  return { shape, tower, size: n, A, Z, H, B, g };
}

/** What each entry of H_L counts in g: P_L · C_L numbers. */
function readoutWeights(
  { readout: { kind, positions, channels, gain } }: DeepShape,
  v: Float64Array,
): Float64Array {
  return Float64Array.from({ length: positions * channels }, (_, k) =>
    kind === 'flat'
      ? (gain * v[k]) / Math.sqrt(positions * channels)
      : (gain * v[k % channels]) / (positions * Math.sqrt(channels)),
  );
}

const mapped = ({ rows, cols, data }: Dense, f: (z: number) => number): Dense =>
  dense(rows, cols, data.map(f));

/** Z = s AWᵀ/√(fan-in). */
function layerSums(A: Dense, W: Dense, { gain, fanIn, channels }: LayerShape): Dense {
  const Z = dense(A.rows, channels);
  for (let row = 0; row < A.rows; row++) {
    for (let alpha = 0; alpha < channels; alpha++) {
      let sum = 0;
      for (let k = 0; k < fanIn; k++) sum += A.data[row * fanIn + k] * W.data[alpha * fanIn + k];
      Z.data[row * channels + alpha] = (gain * sum) / Math.sqrt(fanIn);
    }
  }
  return Z;
}
