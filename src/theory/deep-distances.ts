import { expectedPoints, expectedRows } from '../math/deep/expected-kernel.ts';
import type { Inputs } from '../math/linear-features.ts';
import type { DeepNetwork } from '../network/deep.ts';
import type { Norm } from '../spectral/spectrum.ts';
import { fallingBound } from './agreement.ts';
import type { Bound, Quantity, Setting } from './claim.ts';
import { firstEntries } from './driving-kernels.ts';
import { expectedEntryWork, expectedPointCount } from './expected-cost.ts';
import { entries, initial, linear, minus } from './kernels.ts';
import type { Lab } from './lab.ts';
import { drivingWeights } from './layers.ts';
import { kernelConstant, normQuantity } from './quantity.ts';
import { outputRounding } from './rounding.ts';

/** Norms of what the kernel of a deep network at t = 0 is off its expectation and its linear model’s (THEORY-DEEP.md, section g). */
export interface DeepDistances {
  /** ‖Θ(0) − K‖ and ‖K‖ on all training points. */
  fromLinear: Norm;
  linear: Norm;
  /** null where the expected kernel would take too long even of a few points. */
  expected: ExpectedDistances | null;
}

/** On the first training points: the expected kernel is made on the host. */
export interface ExpectedDistances {
  points: number;
  /** ‖Θ* − K‖ */
  whole: Norm;
  /** The same without the diagonals, which no linear model has. */
  offDiagonal: Norm;
  /** ‖Θ(0) − Θ*‖ */
  initial: Norm;
  /** ‖K‖ */
  linear: Norm;
}

/** Operations for Θ* between two breaths of the page, some tens of milliseconds where a row takes no longer. */
const workAtOnce = 3e7;

/** Measures them. Θ* takes some seconds at most, on as many points as that allows. @throws what the lab's signal was aborted with. */
export async function deepDistances(lab: Lab, network: DeepNetwork): Promise<DeepDistances> {
  const K = linear('driving');
  const all = await lab.sharing(async (words) => ({
    fromLinear: await words.norm(minus(initial('driving'), K)),
    linear: await words.norm(K),
  }));
  return { ...all, expected: await expectedDistances(lab, network) };
}

/** On the host 24n² bytes, on the device three kernels of that size. */
async function expectedDistances(lab: Lab, network: DeepNetwork): Promise<ExpectedDistances | null> {
  const { X } = lab.train;
  // The first points are copied from one panel.
  const points = Math.min(expectedPointCount(network.architecture, X.rows), X.blocks()[0].rows);
  if (points === 0) return null;
  const { theta, linear: K, inputs } = await firstEntries(lab, 'start', points);
  const expected = await expectedEntries(lab, network, inputs);
  const off = (from: Float32Array, diagonal = true): Float32Array<ArrayBuffer> =>
    Float32Array.from(expected, (value, k) => (diagonal || k % (points + 1) !== 0 ? value - from[k] : 0));
  return {
    points,
    whole: await lab.norm(entries(off(K))),
    offDiagonal: await lab.norm(entries(off(K, false))),
    initial: await lab.norm(entries(off(theta))),
    linear: await lab.norm(entries(K)),
  };
}

/** Θ*, of layers weighted as they drive the network, row by row. */
async function expectedEntries(
  { setting, signal }: Lab,
  { architecture, activation }: DeepNetwork,
  inputs: Inputs,
): Promise<Float64Array> {
  const points = inputs.rows;
  const set = expectedPoints({ architecture, activation }, inputs);
  const weights = drivingWeights(setting);
  const kernel = new Float64Array(points * points);
  const rowsAtOnce = Math.max(1, Math.floor(workAtOnce / (points * expectedEntryWork(architecture))));
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

/** Distances of kernels over n/d, of which the first falls with d; the others are read beside it. */
export function distanceQuantities(
  { expected, fromLinear, linear }: DeepDistances,
  setting: Setting,
): Quantity[] {
  return [
    ...(expected ? expectedQuantities(expected, setting) : []),
    ...shareOf(linear, fromLinear, { key: 'initial_share', symbol: '‖*Θ*(0) − *K*‖/‖*K*‖' }),
  ];
}

function expectedQuantities(
  { points, whole, offDiagonal, initial, linear }: ExpectedDistances,
  setting: Setting,
): Quantity[] {
  const { n, d, deep } = setting;
  const { k1, convolution } = deep!;
  const unit = points / d;
  const first = points < n ? `on the first ${points} training points` : '';
  const words = (remark: string): string => [first, remark].filter(Boolean).join('; ');
  const falling = fallingBound(setting);
  // The diagonal that K leaves out counts γd/points there: on fewer points than n the claim's n does not outweigh it.
  const judged: Partial<Quantity> & { bound: Bound | null } =
    points < n
      ? { bound: null, relation: 'beside' }
      : {
          bound: { symbol: `*k*_{1}${falling.symbol}`, value: k1 * falling.value },
          relation: 'falls',
          constant: kernelConstant,
        };
  return [
    normQuantity(
      whole,
      { key: 'expected_distance', symbol: '‖*Θ*^{∗} − *K*‖/(*n*/*d*)', remark: words(''), ...judged },
      unit,
    ),
    ...(convolution
      ? [
          normQuantity(
            offDiagonal,
            {
              key: 'expected_off_diagonal',
              symbol: '‖*Θ*^{∗} − *K*‖/(*n*/*d*) off the diagonal',
              bound: { symbol: '*k*_{1}/*Q*', value: k1 / convolution.taps },
              constant: kernelConstant,
              remark: words(''),
            },
            unit,
          ),
        ]
      : []),
    normQuantity(
      initial,
      {
        key: 'initial_distance',
        symbol: '‖*Θ*(0) − *Θ*^{∗}‖/(*n*/*d*)',
        bound: null,
        relation: 'beside',
        remark: words('falls with the width, grows with the depth'),
      },
      unit,
    ),
    ...shareOf(linear, whole, {
      key: 'expected_share',
      symbol: '‖*Θ*^{∗} − *K*‖/‖*K*‖',
      remark: words(''),
    }),
  ];
}

/** A distance over ‖K‖; nothing where that is 0 but for rounding, as of a mean pixel that is 0 at every input. */
const shareOf = (
  linear: Norm,
  distance: Norm,
  given: Pick<Quantity, 'key' | 'symbol'> & Partial<Quantity>,
): Quantity[] =>
  linear.value > outputRounding * distance.value
    ? [normQuantity(distance, { ...given, bound: null, relation: 'beside' }, linear.value)]
    : [];
