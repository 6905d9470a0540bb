import { CommandStream } from '../gpu/command-stream.ts';
import { Matrix } from '../gpu/matrix.ts';
import { together } from '../gpu/together.ts';
import { denseNtk } from '../jacobian/dense-ntk.ts';
import { FeatureKernel } from '../kernel/feature-kernel.ts';
import type { LinearOperator } from '../spectral/operator.ts';
import { extremeEigenvalues } from '../spectral/spectrum.ts';
import { tangentOperator } from '../jacobian/tangent-operator.ts';
import { featureMatrix } from '../math/linear-features.ts';
import { TwoLayerJacobian, type TwoLayerPoint } from '../network/two-layer-jacobian.ts';
import type { Setting } from './claim.ts';
import type { Lab } from './lab.ts';

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
 * Θ = (η₁Θ₁ + η₂Θ₂)/η at parameters (W, v), the present ones or those of the start, η = max(η₁, η₂), and the linear model's K, which is the same of K₁ and
 * K₂: entries on the first `points` training points, and the `count` largest eigenvalues on all of them.
 */
export async function drivingKernels(
  lab: Lab,
  at: TwoLayerPoint,
  points: number,
  count: number,
): Promise<DrivingKernels> {
  const first = Math.min(points, lab.train.size);
  const entries = await firstEntries(lab, at, first);
  const linear = await lab.once(`largest eigenvalues of K/n, ${count}`, () => linearSpectrum(lab, count));
  using stream = new CommandStream(lab.gpu);
  const sides = { rows: new TwoLayerJacobian(lab.train.X, at), weights: drivingWeights(lab.setting) };
  using theta = await tangentOperator(lab.gpu, stream, sides, {
    signal: lab.signal,
    mostStored: Math.min(lab.mostStored, mostBytesWatched),
  });
  return { points: first, ...entries, spectrum: { theta: await largest(lab, stream, theta, count), linear } };
}

/** Θ and K on the first training points. */
async function firstEntries(
  lab: Lab,
  at: TwoLayerPoint,
  points: number,
): Promise<Pick<DrivingKernels, 'theta' | 'linear'>> {
  const { gpu, train, linear, setting, signal } = lab;
  using X = new Matrix(gpu, 'first training points', points, train.X.cols);
  using stream = new CommandStream(gpu);
  stream.copy(train.X.blocks()[0].binding.buffer, 0, X.whole().binding.buffer, 0, 4 * points * X.stride);
  stream.flush();
  const sides = { rows: new TwoLayerJacobian(X, at), weights: drivingWeights(setting) };
  using theta = await denseNtk(gpu, sides, { signal });
  const [thetaEntries, inputs] = await together([theta.readAll(), X.readAll()]);
  const Psi = featureMatrix(linear.features, { rows: points, cols: X.cols, data: inputs });
  const psi = (i: number) => Psi.data.subarray(i * Psi.cols, (i + 1) * Psi.cols);
  const K = new Float32Array(points * points);
  for (let i = 0; i < points; i++) {
    for (let j = 0; j < points; j++) {
      K[i * points + j] = psi(i).reduce((sum, value, k) => sum + value * psi(j)[k], 0);
    }
  }
  return { theta: thetaEntries, linear: K };
}

/** Of Θ₁ and Θ₂ in the kernel that drives the network at the linear model's rate. */
export const drivingWeights = ({ rates, eta }: Pick<Setting, 'rates' | 'eta'>): number[] =>
  rates.map(({ rate }) => rate / eta);

/** The largest eigenvalues of K/n: those of its small matrix ΨᵀΨ/n, which the closed form knows, or by Lanczos. */
async function linearSpectrum(lab: Lab, count: number): Promise<number[]> {
  if (lab.closedForm) {
    const { eigenvalues } = lab.closedForm.solution;
    return [...eigenvalues.subarray(0, count)].filter((value) => value > 0);
  }
  using stream = new CommandStream(lab.gpu);
  using K = await FeatureKernel.create(lab.gpu, stream, lab.train.X, lab.linear.features);
  return await largest(lab, stream, K, count);
}

/** The largest eigenvalues of an operator over n, but those that cannot be told from 0. */
async function largest(
  { gpu, seed, signal, train }: Lab,
  stream: CommandStream,
  operator: LinearOperator,
  count: number,
): Promise<number[]> {
  await stream.finish();
  const options = { seed, ...drawn, ...(signal && { signal }) };
  const spectrum = await extremeEigenvalues(gpu, operator, count, options);
  const known = spectrum.largest.filter(({ value, error }) => value > error);
  return known.map(({ value }) => value / train.size);
}
