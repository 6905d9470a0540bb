import { CommandStream } from '../gpu/command-stream.ts';
import { Matrix } from '../gpu/matrix.ts';
import { together } from '../gpu/together.ts';
import { denseNtk } from '../jacobian/dense-ntk.ts';
import { weightsFor } from '../jacobian/factors.ts';
import { rowProducts } from '../math/dense.ts';
import type { Inputs } from '../math/linear-features.ts';
import type { Norm } from '../spectral/spectrum.ts';
import { type Kernel, sharing } from './bench.ts';
import { between, linear, minus } from './kernels.ts';
import type { Lab } from './lab.ts';
import { drivingWeights } from './layers.ts';

/** Bytes that a stored kernel takes at most where somebody watches: a page has other things to hold. */
const mostBytesWatched = 2 ** 28;
/** Errors of an eigenvalue, relative to itself, for it is drawn on a logarithmic axis: enough to draw it. */
const drawn = { relativeTo: 'each', tolerance: 2e-2, accuracy: 1e-3, ends: ['largest'] } as const;

/** Where the kernels that drive a network are asked for: at θ(0), or at θ as it is. */
export type DrivingPlace = 'start' | 'position';

/** Θ = Σ_l η_lΘ_l/η and the linear model's K = Σ_l η_lK_l/η on a few points, η = max_l η_l. */
export interface KernelEntries {
  /** points × points, row by row. */
  theta: Float32Array<ArrayBuffer>;
  linear: Float32Array<ArrayBuffer>;
  inputs: Inputs;
}

/** Spectral norms on all training points. */
export interface KernelDistance {
  /** ‖Θ − K‖, and ‖K‖ to read it by. */
  difference: Norm;
  linear: Norm;
}

/** Largest eigenvalues on all training points, largest first, but those that cannot be told from 0. */
export interface DrivingSpectra {
  /** Of Θ/n and of K/n. */
  theta: number[];
  linear: number[];
}

/** Θ and K on the first training points; n²d operations for K, on the host. */
export async function firstEntries(lab: Lab, at: DrivingPlace, points: number): Promise<KernelEntries> {
  const { gpu, train, network, linear, setting, signal } = lab;
  using X = new Matrix(gpu, 'first training points', points, train.X.cols);
  using stream = new CommandStream(gpu);
  stream.copy(train.X.blocks()[0].binding.buffer, 0, X.whole().binding.buffer, 0, 4 * points * X.stride);
  stream.flush();
  const rows = network.jacobian(X, at);
  const sides = { rows, weights: weightsFor(rows, drivingWeights(setting)) };
  using theta = await denseNtk(gpu, sides, { signal, once: true });
  const [thetaEntries, inputs] = await together([theta.readAll(), X.readAll()]);
  const first = { rows: points, cols: X.cols, data: inputs };
  const K = rowProducts(linear.featuresOf(first));
  return { theta: thetaEntries, linear: Float32Array.from(K.data), inputs: first };
}

/** How far Θ is from K, as the claims measure it. */
export async function drivingDistance(lab: Lab, at: DrivingPlace): Promise<KernelDistance> {
  const K = linear('driving');
  return {
    difference: await lab.norm(minus(between('driving', at), K)),
    linear: await lab.once('norm of the driving K', () => lab.norm(K)),
  };
}

/** The `count` largest eigenvalues of both. */
export const drivingSpectra = async (lab: Lab, at: DrivingPlace, count: number): Promise<DrivingSpectra> => ({
  linear: await lab.once(`largest eigenvalues of K/n, ${count}`, () => linearSpectrum(lab, count)),
  theta: await largest(lab, between('driving', at), count),
});

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
