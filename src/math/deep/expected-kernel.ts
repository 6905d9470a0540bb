import type { Activation } from '../activation-names.ts';
import { type Dense, dense } from '../dense.ts';
import type { Inputs } from '../linear-features.ts';
import { type DeepArchitecture, type DeepShape, type LayerShape, deepShape } from './architecture.ts';
import {
  type GaussianPairs,
  type GaussianVariable,
  type PairMoments,
  gaussianPairs,
} from './gaussian-pairs.ts';

/** A network of infinite width. */
export interface NetworkFamily {
  readonly architecture: DeepArchitecture;
  readonly activation: Activation;
}

/** A set of inputs with the variances that its preactivations have: what the expected kernel needs of each input alone. */
export interface ExpectedPoints {
  readonly network: NetworkFamily;
  readonly shape: DeepShape;
  readonly pairs: GaussianPairs;
  readonly X: Inputs;
  /** Of layer l, indexed from 0, those of Z_l at point i and position p: [l][i · P + p]. */
  readonly variables: readonly (readonly GaussianVariable[])[];
}

/**
 * Own variances first (THEORY-DEEP.md, section d): q_1[p] = s_1² mean_t ‖x_{p+t}‖²/C_0, q_{l+1}[p] = s² mean_t E φ(√q_l[p + t] g)²;
 * behind a pool they need all pairs of positions of each input. O(nL P Q), with a pool O(nL P² q), and the coefficients of
 * Hermite series where φ has no closed form.
 * @throws RangeError where the architecture is none or X does not have its d columns.
 */
export function expectedPoints(network: NetworkFamily, X: Inputs): ExpectedPoints {
  const shape = deepShape(network.architecture);
  if (X.cols !== shape.d || X.data.length !== X.rows * X.cols) {
    throw new RangeError(
      `X is ${X.rows} × ${X.cols} with ${X.data.length} entries; the network takes rows of ${shape.d} inputs.`,
    );
  }
  const pairs = gaussianPairs(network.activation);
  const pools = shape.layers.slice(0, -1).some(({ blockSize }) => blockSize > 1);
  const layout = pairLayout(shape, pools);
  const states = Array.from({ length: X.rows }, (_, i) => {
    const C = new Float64Array(layout.most);
    inputCovariance(shape, layout, { X, i }, { X, i }, C);
    return C;
  });
  const spare = new Float64Array(layout.most);
  const variables: GaussianVariable[][] = [];
  for (const [l, layer] of shape.layers.entries()) {
    const P = layer.positions;
    const variances = new Float64Array(X.rows * P);
    states.forEach((C, i) => {
      layout.window(C, layer, spare);
      const gain = layer.gain ** 2;
      const entries = layout.entries(P);
      for (let k = 0; k < entries; k++) C[k] *= gain;
      for (let p = 0; p < P; p++) variances[i * P + p] = C[layout.diagonal(p, P)];
    });
    const here = pairs.variables(variances);
    variables.push(here);
    if (l + 1 === shape.depth) break;
    const moments = { value: 0, slope: 0 };
    states.forEach((C, i) => {
      if (!pools) {
        for (let p = 0; p < P; p++) C[p] = here[i * P + p].square;
        return;
      }
      for (let p = 0; p < P; p++) {
        for (let other = 0; other < P; other++) {
          const k = p * P + other;
          pairs.moments(here[i * P + p], here[i * P + other], C[k], moments);
          C[k] = moments.value;
        }
      }
      layout.pool(C, layer, spare);
    });
  }
  return { network, shape, pairs, X, variables };
}

/**
 * Which pairs [p, p′] of positions a covariance is kept for: p = p′ alone, entry p, or all, entry p · P + p′. In both, windows of p
 * and p′ move together and a pool averages over both. The functions work in place.
 */
interface PairLayout {
  readonly all: boolean;
  /** Entries of the largest layer. */
  readonly most: number;
  entries: (positions: number) => number;
  diagonal: (p: number, positions: number) => number;
  /** C[p, p′] ← mean_t C[p + t, p′ + t], one axis after another. */
  window: (C: Float64Array, layer: LayerShape, spare: Float64Array) => void;
  /** The mean over pairs of blocks. */
  pool: (C: Float64Array, layer: LayerShape, spare: Float64Array) => void;
}

function pairLayout(shape: DeepShape, all: boolean): PairLayout {
  const entries = (positions: number): number => (all ? positions * positions : positions);
  return {
    all,
    most: entries(shape.positions),
    entries,
    diagonal: (p, positions) => (all ? p * positions + p : p),
    window: (C, { positions: P, axisWindows }, spare) => {
      for (const table of axisWindows) {
        const taps = table.length / P;
        if (taps === 1) continue;
        const count = entries(P);
        spare.set(C.subarray(0, count));
        let k = 0;
        for (let p = 0; p < P; p++) {
          for (let other = all ? 0 : p; other < (all ? P : p + 1); other++) {
            let sum = 0;
            for (let t = 0; t < taps; t++) {
              const moved = table[p * taps + t];
              sum += spare[all ? moved * P + table[other * taps + t] : moved];
            }
            C[k++] = sum / taps;
          }
        }
      }
    },
    pool: (C, { positions: P, pooled, block, blockSize }, spare) => {
      if (blockSize === 1) return;
      spare.fill(0, 0, pooled * pooled);
      for (let p = 0; p < P; p++) {
        for (let other = 0; other < P; other++) spare[block[p] * pooled + block[other]] += C[p * P + other];
      }
      for (let k = 0; k < pooled * pooled; k++) C[k] = spare[k] / blockSize ** 2;
    },
  };
}

interface Point {
  readonly X: Inputs;
  readonly i: number;
}

/** S_0[p, p′] = ⟨x_p, x′_p′⟩/C_0 */
function inputCovariance(
  { positions: P, channels, d }: DeepShape,
  { all }: PairLayout,
  x: Point,
  other: Point,
  C: Float64Array,
): void {
  const [data, otherData] = [x.X.data, other.X.data];
  for (let p = 0; p < P; p++) {
    const from = x.i * d + p * channels;
    for (let q = all ? 0 : p; q < (all ? P : p + 1); q++) {
      const otherFrom = other.i * d + q * channels;
      let sum = 0;
      for (let k = 0; k < channels; k++) sum += data[from + k] * otherData[otherFrom + k];
      C[all ? p * P + q : p] = sum / channels;
    }
  }
}

/**
 * Rows firstRow … firstRow + rows − 1 of Θ* = E Θ(0) between two sets of inputs of one network, a block at a time so that a page
 * may breathe between them (THEORY-DEEP.md, section d):
 *
 *     C_1 = s_1² mean_t ⟨x_{p+t}, x′_{p′+t}⟩/C_0, T_1 = r_1C_1      (S_l, Ṡ_l) = (E φφ, E φ′φ′) at covariance C_l
 *     C_{l+1} = s² mean_t S_l,  T_{l+1} = r_{l+1}C_{l+1} + s² mean_t Ṡ_l T_l      Θ* = s² mean (r_{L+1} S_L + Ṡ_L T_L)
 *
 * A pair of inputs costs d + L pair moments where the network is fully-connected, d + LPq with a flat readout and no pool, where p = p′
 * is enough, and P(d + LPq) else.
 * @param weights r_1 … r_{L+1}; 1 unless given
 * @param upper of a set with itself: what is below the diagonal stays 0
 * @returns rows × ñ
 * @throws RangeError where the rows are not among the points, or weights are not L + 1 finite numbers.
 */
export function expectedRows(
  points: ExpectedPoints,
  others: ExpectedPoints = points,
  {
    weights = unitWeights(points.shape),
    firstRow = 0,
    rows = points.X.rows - firstRow,
    upper = false,
  }: { weights?: readonly number[] | undefined; firstRow?: number; rows?: number; upper?: boolean } = {},
): Dense {
  requireWeights(weights, points.shape.depth);
  if (!(firstRow >= 0 && rows >= 0 && firstRow + rows <= points.X.rows)) {
    throw new RangeError(
      `Rows ${firstRow} to ${firstRow + rows - 1} were asked for; there are ${points.X.rows} points.`,
    );
  }
  const entry = entries(points, others, weights);
  const block = dense(rows, others.X.rows);
  for (let i = 0; i < rows; i++) {
    for (let j = upper ? firstRow + i : 0; j < others.X.rows; j++) {
      block.data[i * others.X.rows + j] = entry(firstRow + i, j);
    }
  }
  return block;
}

/**
 * The whole matrix; of one set with itself, half of its entries are computed. Fully-connected erf or ReLU, n = 1,000, L = 4:
 * about a second.
 * @throws what expectedPoints and expectedRows throw.
 */
export function deepExpectedKernel(
  network: NetworkFamily,
  X: Inputs,
  Xt: Inputs = X,
  weights?: readonly number[],
): Dense {
  const points = expectedPoints(network, X);
  if (X !== Xt) return expectedRows(points, expectedPoints(network, Xt), { weights });
  const given = weights ?? unitWeights(points.shape);
  requireWeights(given, points.shape.depth);
  const entry = entries(points, points, given);
  const n = X.rows;
  const kernel = dense(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) kernel.data[i * n + j] = kernel.data[j * n + i] = entry(i, j);
  }
  return kernel;
}

const unitWeights = ({ depth }: DeepShape): number[] => Array<number>(depth + 1).fill(1);

/** @throws RangeError where weights are not L + 1 finite numbers. */
export function requireWeights(weights: readonly number[], depth: number): void {
  if (weights.length === depth + 1 && weights.every(Number.isFinite)) return;
  throw new RangeError(
    `The weights of the layers are ${weights.join(', ')}; ${depth} hidden layers and the readout take ${depth + 1} finite numbers.`,
  );
}

/** Θ*(x_i, x′_j), by arrays that every call uses again. */
function entries(
  points: ExpectedPoints,
  others: ExpectedPoints,
  weights: readonly number[],
): (i: number, j: number) => number {
  const { shape, pairs } = points;
  const { readout, depth } = shape;
  const all = shape.layers.some(({ blockSize }) => blockSize > 1) || readout.kind === 'mean';
  const layout = pairLayout(shape, all && shape.positions > 1);
  const [C, T, spare] = [0, 1, 2].map(() => new Float64Array(layout.most));
  const moments: PairMoments = { value: 0, slope: 0 };
  return (i, j) => {
    inputCovariance(shape, layout, { X: points.X, i }, { X: others.X, i: j }, C);
    T.fill(0);
    for (let l = 0; l < depth; l++) {
      const layer = shape.layers[l];
      const P = layer.positions;
      layout.window(C, layer, spare);
      layout.window(T, layer, spare);
      const gain = layer.gain ** 2;
      const [own, other] = [points.variables[l], others.variables[l]];
      let k = 0;
      for (let p = 0; p < P; p++) {
        const z = own[i * P + p];
        for (let q = layout.all ? 0 : p; q < (layout.all ? P : p + 1); q++) {
          C[k] *= gain;
          T[k] = weights[l] * C[k] + gain * T[k];
          pairs.moments(z, other[j * P + q], C[k], moments);
          C[k] = moments.value;
          T[k++] *= moments.slope;
        }
      }
      layout.pool(C, layer, spare);
      layout.pool(T, layer, spare);
    }
    const P = readout.positions;
    let sum = 0;
    if (readout.kind === 'mean') {
      const count = layout.entries(P);
      for (let k = 0; k < count; k++) sum += weights[depth] * C[k] + T[k];
      return (readout.gain ** 2 * sum) / count;
    }
    for (let p = 0; p < P; p++) {
      const k = layout.diagonal(p, P);
      sum += weights[depth] * C[k] + T[k];
    }
    return (readout.gain ** 2 * sum) / P;
  };
}
