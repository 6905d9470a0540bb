import { mathematicsOf } from '../activations.ts';
import { type Dense, rowProducts } from '../dense.ts';
import type { Inputs } from '../linear-features.ts';
import { type DeepShape, deepShape } from './architecture.ts';
import { type NetworkFamily, deepExpectedKernel, expectedPoints } from './expected-kernel.ts';
import {
  type DeepConstants,
  type DeepLayers,
  adaptedSquare,
  deepConstants,
  oddSlope,
  pooledConstants,
} from './linear-constants.ts';
import { type DeepLinearFeatures, deepFeatureMatrix } from './linear-features.ts';
import { positionMixing } from './position-mixing.ts';

/** What a linear model is asked for beside its network. */
export interface DeepLinearModelOptions {
  /** r_1 … r_{L+1}, the layers' rates over the rate of the linear model; 1 unless given. */
  weights?: readonly number[];
  /** Tr[Σ²]/d of the inputs; 1 unless given. */
  spectrumMoment?: number;
  /** Inputs, of which at most 100 are taken, where constants depend on more than the inputs' second moments. */
  sample?: Inputs;
}

/** Samples that κ is a mean over, and those that a₀ and a₁ are fitted to. */
const [kappaSamples, fittedSamples] = [100, 400];

/**
 * The linear model of a deep network (THEORY-DEEP.md, section e): K = k₁⟨x, Sx′⟩/d + a constant + NMNᵀ.
 *
 * Fully-connected: S = I and the constant is k₂ Tr Σ²/d². Convolutional with a flat readout: the same k₁ and M, and where φ is not odd
 * the constant is κ = mean_{i≠j}(Θ* − k₁⟨x, Sx′⟩/d − NMNᵀ) over the sample, or 0 where that is below. Mean readout: of the mean pixel,
 * k₁⟨x̄, x̄′⟩/C_0. Pools between layers: k₁ at the mean variances that the sample has; where φ is not odd also M, at those of the sample
 * brought to each norm, of at most 8 inputs where M takes several norms, and κ over fewer inputs, since there a pair of them costs P²
 * pairs of positions: some 10⁷ pair moments in all.
 * @throws RangeError where a sample is needed and there is none.
 */
export function deepLinearModel(
  network: NetworkFamily,
  options: DeepLinearModelOptions = {},
): DeepLinearFeatures {
  const shape = deepShape(network.architecture);
  const layers = layersOf(network, shape, options.weights);
  const { spectrumMoment = 1, sample } = options;
  if (!(spectrumMoment >= 0 && spectrumMoment < Infinity)) {
    throw new RangeError(`Tr[Σ²]/d is ${spectrumMoment}; it must be a finite number, at least 0.`);
  }
  const { odd } = mathematicsOf(network.activation);
  const pools = shape.layers.slice(0, -1).some(({ blockSize }) => blockSize > 1);
  const d = shape.d;
  const mixing = positionMixing(shape);
  if (odd) {
    const k1 = pools
      ? oddSlope(layers, meanVariances(network, shape, required(sample, 'pools between layers')))
      : deepConstants(layers).k1;
    return { d, scale: root(k1 / d), adapted: null, mixing, bias: 0, norms: [] };
  }
  const constants = pools
    ? pooledConstants(layers, variancesOf(network, shape, required(sample, 'pools between layers')))
    : deepConstants(layers);
  const base = { d, scale: root(constants.k1 / d), adapted: null, mixing, norms: constants.normFeatures };
  if (shape.positions === 1) {
    return { ...base, bias: root(secondOrder(deepConstants(layers), spectrumMoment, d)) };
  }
  const enough = required(sample, 'more than one position and φ not odd');
  const most = pools ? affordable(shape, (count) => (count * (count - 1)) / 2) : kappaSamples;
  return { ...base, bias: root(meanRest(network, { ...base, bias: 0 }, layers, enough, most)) };
}

/**
 * *Adapted*: K = (Σ_l r_l) s(x)s(x′)⟨x, x′⟩/d, exact to first order in c at each input's own norm; fully-connected, odd φ.
 * @throws RangeError for any other network.
 */
export function adaptedLinearModel(network: NetworkFamily, weights?: readonly number[]): DeepLinearFeatures {
  const shape = deepShape(network.architecture);
  if (shape.positions > 1 || !mathematicsOf(network.activation).odd) {
    throw new RangeError('The adapted linear model is of fully-connected networks whose activation is odd.');
  }
  const layers = layersOf(network, shape, weights);
  const square = adaptedSquare(layers);
  const scale = root(layers.weights.reduce((sum, weight) => sum + weight, 0) / shape.d);
  return { d: shape.d, scale, adapted: (a) => Math.sqrt(square(a)), mixing: null, bias: 0, norms: [] };
}

/**
 * *Fitted*: K = a₀ + a₁⟨x, Sx′⟩/d by least squares of Θ* on its entries off the diagonal, over at most 400 of the inputs, with
 * a₀, a₁ ≥ 0. Costs Θ* of these: see deepExpectedKernel.
 * @throws RangeError for fewer than three inputs.
 */
export function fittedLinearModel(
  network: NetworkFamily,
  X: Inputs,
  weights?: readonly number[],
): DeepLinearFeatures {
  const shape = deepShape(network.architecture);
  const layers = layersOf(network, shape, weights);
  if (X.rows < 3)
    throw new RangeError(`A linear model is fitted to three inputs or more; there are ${X.rows}.`);
  const rows = firstRows(X, fittedSamples);
  const base = { d: shape.d, adapted: null, mixing: positionMixing(shape), norms: [] };
  const products = kernelOf({ ...base, scale: 1 / Math.sqrt(shape.d), bias: 0 }, rows);
  const kernel = deepExpectedKernel(network, rows, rows, layers.weights);
  let [count, c, k, cc, ck] = [0, 0, 0, 0, 0];
  offDiagonal(rows.rows, (at) => {
    const [x, y] = [products.data[at], kernel.data[at]];
    count++;
    c += x;
    k += y;
    cc += x * x;
    ck += x * y;
  });
  const spread = cc - (c * c) / count;
  let a1 = spread > 0 ? (ck - (c * k) / count) / spread : 0;
  let a0 = (k - a1 * c) / count;
  if (a0 < 0) [a0, a1] = [0, cc > 0 ? ck / cc : 0];
  if (a1 < 0) [a0, a1] = [Math.max(0, k / count), 0];
  return { ...base, scale: root(a1 / shape.d), bias: root(a0) };
}

/** k₂ Tr Σ²/d² */
const secondOrder = ({ k2 }: DeepConstants, spectrumMoment: number, d: number): number =>
  (k2 * spectrumMoment) / d;

/** κ */
function meanRest(
  network: NetworkFamily,
  features: DeepLinearFeatures,
  { weights }: DeepLayers,
  sample: Inputs,
  most: number,
): number {
  const rows = firstRows(sample, most);
  const kernel = deepExpectedKernel(network, rows, rows, weights);
  const known = kernelOf(features, rows);
  let [sum, count] = [0, 0];
  offDiagonal(rows.rows, (at) => {
    sum += kernel.data[at] - known.data[at];
    count++;
  });
  return count > 0 ? Math.max(0, sum / count) : 0;
}

/** The mean of q_l over the sample and all positions, of every layer. */
function meanVariances(network: NetworkFamily, shape: DeepShape, sample: Inputs): number[] {
  const { variables } = expectedPoints(network, firstRows(sample, kappaSamples));
  return shape.layers.map((_, l) => {
    const here = variables[l];
    return here.reduce((sum, { variance }) => sum + variance, 0) / here.length;
  });
}

/**
 * The same of inputs of ‖x‖²/d = a: those of the sample that are not 0, each brought to that norm. Where φ(z) ∝ z on either side of 0
 * one norm is enough, and all of the sample is taken.
 */
function variancesOf(
  network: NetworkFamily,
  shape: DeepShape,
  sample: Inputs,
): (a: number) => readonly number[] {
  const norms = mathematicsOf(network.activation).slopes ? 1 : normSteps;
  const most = Math.min(
    norms === 1 ? kappaSamples : fewSamples,
    affordable(shape, (count) => norms * count),
  );
  const d = shape.d;
  const squares = Array.from({ length: sample.rows }, (_, i) => {
    let square = 0;
    for (const x of sample.data.subarray(i * d, (i + 1) * d)) square += x * x;
    return square;
  });
  const chosen = squares.flatMap((square, i) => (square > 0 ? [i] : [])).slice(0, most);
  if (chosen.length === 0) {
    throw new RangeError(
      'The linear model of a network with pools between layers needs inputs that are not 0.',
    );
  }
  return (a) => {
    const data = new Float64Array(chosen.length * d);
    for (const [k, i] of chosen.entries()) {
      const stretch = Math.sqrt((a * d) / squares[i]);
      for (let j = 0; j < d; j++) data[k * d + j] = stretch * sample.data[i * d + j];
    }
    return meanVariances(network, shape, { rows: chosen.length, cols: d, data });
  };
}

/** Norms that M is interpolated between, with that of the constants; and the inputs that are brought to each. */
const [normSteps, fewSamples] = [15, 8];

/** Pair moments that a linear model behind pools may take: seconds of one core. */
const mostMoments = 1e7;

/** The largest count, from 2 to 100, for which so many pairs of inputs, each of all pairs of positions, are affordable. */
function affordable({ layers }: DeepShape, pairsOf: (count: number) => number): number {
  const moments = layers.reduce((sum, { positions }) => sum + positions ** 2, 0);
  let count = kappaSamples;
  while (count > 2 && pairsOf(count) * moments > mostMoments) count--;
  return count;
}

function kernelOf(features: DeepLinearFeatures, X: Inputs): Dense {
  return rowProducts(deepFeatureMatrix(features, X));
}

function offDiagonal(n: number, visit: (at: number) => void): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (i !== j) visit(i * n + j);
  }
}

function firstRows(X: Inputs, most: number): Inputs {
  const rows = Math.min(most, X.rows);
  return { rows, cols: X.cols, data: X.data.subarray(0, rows * X.cols) };
}

function layersOf(
  { activation, architecture: { gains } }: NetworkFamily,
  shape: DeepShape,
  weights?: readonly number[],
): DeepLayers {
  return { activation, gains, weights: weights ?? Array<number>(shape.depth + 1).fill(1) };
}

function required(sample: Inputs | undefined, why: string): Inputs {
  if (sample && sample.rows >= 2) return sample;
  throw new RangeError(
    `The linear model of a network with ${why} needs a sample of its inputs, two at least.`,
  );
}

/** Of what is at least 0, but for rounding. */
const root = (square: number): number => Math.sqrt(Math.max(0, square));
