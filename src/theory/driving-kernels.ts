import { CommandStream } from '../gpu/command-stream.ts';
import { Matrix } from '../gpu/matrix.ts';
import { together } from '../gpu/together.ts';
import { denseNtk } from '../jacobian/dense-ntk.ts';
import { weightsFor } from '../jacobian/factors.ts';
import { rowProducts } from '../math/dense.ts';
import type { Inputs } from '../math/linear-features.ts';
import { type Kernel, sharing } from './bench.ts';
import { between, linear } from './kernels.ts';
import type { Lab } from './lab.ts';
import { drivingWeights } from './layers.ts';

/** Bytes that a stored kernel takes at most where somebody watches: a page has other things to hold. */
const mostBytesWatched = 2 ** 28;
/** Errors of an eigenvalue, relative to itself, for it is drawn on a logarithmic axis: enough to draw it. */
const drawn = { relativeTo: 'each', tolerance: 2e-2, accuracy: 1e-3, ends: ['largest'] } as const;

/** The kernels that drive both models at the present step, as they stand to each other. */
export interface DrivingKernels {
  points: number;
  /** points × points, row by row, on the first training points. */
  theta: Float32Array<ArrayBuffer>;
  linear: Float32Array<ArrayBuffer>;
  /** Largest eigenvalues of Θ/n and K/n on all training points, largest first. */
  spectrum: { theta: number[]; linear: number[] };
}

/**
 * Θ = Σ_l η_lΘ_l/η at θ(0) or at θ as it is, η = max_l η_l, and the linear model's K, which is the same of its K_l: entries on
 * the first `points` training points, and the `count` largest eigenvalues on all of them.
 */
export async function drivingKernels(
  lab: Lab,
  at: 'start' | 'position',
  points: number,
  count: number,
): Promise<DrivingKernels> {
  const first = Math.min(points, lab.train.size);
  const entries = await firstEntries(lab, at, first);
  const K = await lab.once(`largest eigenvalues of K/n, ${count}`, () => linearSpectrum(lab, count));
  const theta = await largest(lab, between('driving', at), count);
  return { points: first, theta: entries.theta, linear: entries.linear, spectrum: { theta, linear: K } };
}

/** Θ and K on the first training points, row by row, and those; n²d operations for K, on the host. */
export async function firstEntries(
  lab: Lab,
  at: 'start' | 'position',
  points: number,
): Promise<Pick<DrivingKernels, 'theta' | 'linear'> & { inputs: Inputs }> {
  const { gpu, train, network, linear, setting, signal } = lab;
  using X = new Matrix(gpu, 'first training points', points, train.X.cols);
  using stream = new CommandStream(gpu);
  stream.copy(train.X.blocks()[0].binding.buffer, 0, X.whole().binding.buffer, 0, 4 * points * X.stride);
  stream.flush();
  const rows = network.jacobian(X, at);
  const sides = { rows, weights: weightsFor(rows, drivingWeights(setting)) };
  using theta = await denseNtk(gpu, sides, { signal });
  const [thetaEntries, inputs] = await together([theta.readAll(), X.readAll()]);
  const first = { rows: points, cols: X.cols, data: inputs };
  const K = rowProducts(linear.featuresOf(first));
  return { theta: thetaEntries, linear: Float32Array.from(K.data), inputs: first };
}

/** The largest eigenvalues of K/n: those of its small matrix ΨᵀΨ/n, which the closed form knows, or by Lanczos. */
async function linearSpectrum(lab: Lab, count: number): Promise<number[]> {
  if (lab.closedForm) {
    const { eigenvalues } = lab.closedForm.solution;
    return [...eigenvalues.subarray(0, count)].filter((value) => value > 0);
  }
  return await largest(lab, linear('driving'), count);
}

/** The largest eigenvalues of a kernel over n, but those that cannot be told from 0. */
async function largest(lab: Lab, kernel: Kernel, count: number): Promise<number[]> {
  const watched = { ...lab, mostStored: Math.min(lab.mostStored, mostBytesWatched) };
  const values = await sharing(watched, (words) => words.spectrum(kernel, count, { ...drawn, rounding: 0 }));
  return values.map((value) => value / lab.train.size);
}
