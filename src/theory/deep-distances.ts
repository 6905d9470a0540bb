import { expectedPoints, expectedRows } from '../math/deep/expected-kernel.ts';
import type { Norm } from '../spectral/spectrum.ts';
import type { DeepNetwork } from '../network/deep.ts';
import { firstEntries } from './driving-kernels.ts';
import { expectedPointCount } from './expected-points.ts';
import { entries, initial, linear, minus } from './kernels.ts';
import type { Lab } from './lab.ts';
import { drivingWeights } from './layers.ts';

/** Norms of what the kernel of a deep network at t = 0 is off its expectation and its linear model’s (THEORY-DEEP.md, section g). */
export interface DeepDistances {
  /** The first training points, on which the first three are measured: the expected kernel is made on the host. */
  points: number;
  /** ‖Θ* − K‖ */
  expected: Norm;
  /** ‖K‖ on the same points. */
  linearThere: Norm;
  /** ‖Θ* − K‖ without the diagonals, which no linear model has. */
  offDiagonal: Norm;
  /** ‖Θ(0) − Θ*‖ */
  initial: Norm;
  /** ‖Θ(0) − K‖ and ‖K‖ on all training points. */
  fromLinear: Norm;
  linear: Norm;
}

/** Entries of Θ* between two breaths of the page, some tens of milliseconds. */
const entriesAtOnce = 20_000;

/**
 * Measures them. Θ* takes some seconds at most, on as many points as that allows; memory there 16n² bytes.
 * @throws what the lab's signal was aborted with.
 */
export async function deepDistances(lab: Lab, network: DeepNetwork): Promise<DeepDistances> {
  const points = expectedPointCount(network.architecture, lab.train.size);
  const { theta, linear: K } = await firstEntries(lab, 'start', points);
  const expected = await expectedEntries(lab, network, points);
  const without = (
    a: Float64Array | Float32Array,
    b: Float32Array,
    diagonal = true,
  ): Float32Array<ArrayBuffer> =>
    Float32Array.from(a, (value, k) => (diagonal || k % (points + 1) !== 0 ? value - b[k] : 0));
  return {
    points,
    expected: await lab.norm(entries(without(expected, K))),
    linearThere: await lab.norm(entries(K)),
    offDiagonal: await lab.norm(entries(without(expected, K, false))),
    initial: await lab.norm(entries(without(expected, theta))),
    ...(await lab.sharing(async (words) => {
      const K = linear('driving');
      return { fromLinear: await words.norm(minus(initial('driving'), K)), linear: await words.norm(K) };
    })),
  };
}

/** Θ*, of layers weighted as they drive the network, on the first training points, row by row. */
async function expectedEntries(
  { train, setting, signal }: Lab,
  { architecture, activation }: DeepNetwork,
  points: number,
): Promise<Float64Array> {
  const { cols } = train.X;
  const data = (await train.X.readAll()).subarray(0, points * cols);
  const set = expectedPoints({ architecture, activation }, { rows: points, cols, data });
  const weights = drivingWeights(setting);
  const kernel = new Float64Array(points * points);
  const rowsAtOnce = Math.ceil(entriesAtOnce / points);
  for (let firstRow = 0; firstRow < points; firstRow += rowsAtOnce) {
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    const rows = Math.min(rowsAtOnce, points - firstRow);
    kernel.set(expectedRows(set, set, { weights, firstRow, rows, upper: true }).data, firstRow * points);
  }
  for (let i = 0; i < points; i++) {
    for (let j = 0; j < i; j++) kernel[i * points + j] = kernel[j * points + i];
  }
  return kernel;
}
