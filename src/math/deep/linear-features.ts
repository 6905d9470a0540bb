import { type Dense, dense } from '../dense.ts';
import type { Inputs, LinearFeatures } from '../linear-features.ts';
import type { Quadratic } from './linear-constants.ts';

/**
 * The feature map of the linear model of a deep network (THEORY-DEEP.md, section e):
 *
 *     ψ(x) = [scale · s(a) · Mx ; bias ; R(1, r, r²)ᵀ]      a = ‖x‖²/d,  r = √a − 1
 *
 * Its parts for two layers are those of `LinearFeatures`, whose q(x) is the one norm feature there is (see `asDeepFeatures`).
 */
export interface DeepLinearFeatures {
  readonly d: number;
  readonly scale: number;
  /** s of the *adapted* model; null where it is 1. */
  readonly adapted: ((a: number) => number) | null;
  /** M, which mixes positions behind pools; null where Mx = x. */
  readonly mixing: PositionMixing | null;
  readonly bias: number;
  /** Rows of R, none to three. */
  readonly norms: readonly Quadratic[];
}

/** The same mixture of positions for every channel: (Mx)[k, β] = Σ_p rows[k, p] x[p, β]. */
export interface PositionMixing {
  /** k × P */
  readonly rows: Dense;
  /** C_0 */
  readonly channels: number;
}

/** The features of a two-layer network, as what they are among those of deep ones. */
export const asDeepFeatures = ({
  d,
  scale,
  bias,
  normScale,
  theta0,
  theta1,
  theta2,
}: LinearFeatures): DeepLinearFeatures => ({
  d,
  scale,
  adapted: null,
  mixing: null,
  bias,
  norms: normScale === 0 ? [] : [[normScale * theta0, normScale * theta1, normScale * theta2]],
});

/** The same where they are features of a two-layer network's kind: of the inputs as they are and at most one norm feature; else null. */
export function asLinearFeatures({
  d,
  scale,
  adapted,
  mixing,
  bias,
  norms,
}: DeepLinearFeatures): LinearFeatures | null {
  if (adapted || mixing || norms.length > 1) return null;
  const [theta0, theta1, theta2] = norms[0] ?? [0, 0, 0];
  return { d, scale, bias, normScale: norms.length, theta0, theta1, theta2 };
}

/** Entries of ψ(x): d or those of Mx, the bias, and the norm features. */
export const featureCount = ({ d, mixing, norms }: DeepLinearFeatures): number =>
  (mixing ? mixing.rows.rows * mixing.channels : d) + 1 + norms.length;

/**
 * Ψ, n × featureCount: row i is ψ(x_i). O(nd), with a mixture O(ndk).
 * @throws RangeError where X does not have d columns.
 */
export function deepFeatureMatrix(features: DeepLinearFeatures, X: Inputs): Dense {
  const { d, scale, adapted, mixing, bias, norms } = features;
  if (X.cols !== d || X.data.length !== X.rows * d) {
    throw new RangeError(
      `X is ${X.rows} × ${X.cols} with ${X.data.length} entries; the features are of rows of ${d} inputs.`,
    );
  }
  const count = featureCount(features);
  const Psi = dense(X.rows, count);
  for (let i = 0; i < X.rows; i++) {
    const x = X.data.subarray(i * d, (i + 1) * d);
    const psi = Psi.data.subarray(i * count, (i + 1) * count);
    let squaredNorm = 0;
    for (const entry of x) squaredNorm += entry * entry;
    const a = squaredNorm / d;
    const factor = scale * (adapted ? adapted(a) : 1);
    const linear = mixing ? mixed(mixing, x) : x;
    for (let k = 0; k < linear.length; k++) psi[k] = factor * linear[k];
    psi[linear.length] = bias;
    const r = Math.sqrt(a) - 1;
    norms.forEach(([c0, c1, c2], k) => (psi[linear.length + 1 + k] = c0 + c1 * r + c2 * r * r));
  }
  return Psi;
}

function mixed({ rows, channels }: PositionMixing, x: Float32Array | Float64Array): Float64Array {
  const out = new Float64Array(rows.rows * channels);
  for (let k = 0; k < rows.rows; k++) {
    for (let p = 0; p < rows.cols; p++) {
      const weight = rows.data[k * rows.cols + p];
      for (let beta = 0; beta < channels; beta++) out[k * channels + beta] += weight * x[p * channels + beta];
    }
  }
  return out;
}
