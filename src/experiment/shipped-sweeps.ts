import type { SweepInput } from './sweep.ts';

/** A sweep to start from. */
export interface ShippedSweep {
  readonly name: string;
  /** One sentence on what to look for. */
  readonly description: string;
  readonly sweep: SweepInput;
}

const seeds = [0, 1, 2];
/** Half of log n/log d in steps of a quarter, from far too few to plenty. */
const powers = { from: 0.5, to: 2, plus: 0.25 };

/** Sweeps to start from, at sizes that a software adapter ends in minutes. */
export const shippedSweeps: readonly ShippedSweep[] = [
  {
    name: 'dimension',
    description:
      'The kernel at initialization over the dimension, with n = m = ⌈d^1.25⌉: how fast its distances to its mean and to the linear kernel fall.',
    sweep: {
      name: 'dimension',
      data: {
        distribution: 'gaussian',
        d: { from: 25, to: 200, times: 'sqrt(2)' },
        n: 'ceil(d^1.25)',
        nTest: 500,
      },
      network: { width: '2*ceil(d^1.25/2)', activation: 'erf' },
      training: { layers: 'first', eta: 'd/10', steps: 'ceil(10*log(d))' },
      claims: [2, 3, 4],
      seed: seeds,
    },
  },
  {
    name: 'width',
    description:
      'The width from d^½ to d² at fixed d and n: where the network has units enough to follow its linear model.',
    sweep: {
      name: 'width',
      variables: { p: powers },
      data: { distribution: 'gaussian', d: 32, n: 500, nTest: 500 },
      network: { width: '2*ceil(d^p/2)', activation: 'erf' },
      training: { layers: 'first', eta: 'd/10', steps: 'ceil(10*log(d))' },
      claims: [2, 4, 5],
      seed: seeds,
    },
  },
  {
    name: 'samples',
    description:
      'Training points from d^½ to d² at fixed d and width: how the data concentrate and the agreement with them.',
    sweep: {
      name: 'samples',
      variables: { p: powers },
      data: { distribution: 'gaussian', d: 32, n: 'ceil(d^p)', nTest: 500 },
      network: { width: 256, activation: 'erf' },
      training: { layers: 'first', eta: 'd/10', steps: 'ceil(10*log(d))' },
      claims: [1, 4, 5],
      seed: seeds,
    },
  },
  {
    name: 'rates',
    description:
      'Rates from d/16 to 8d, past 2n/‖K‖ ≈ 3d where the linear model diverges: how far the agreement carries.',
    sweep: {
      name: 'rates',
      variables: { c: { from: 0.0625, to: 8, times: 2 } },
      data: { distribution: 'gaussian', d: 32, n: 500, nTest: 500 },
      network: { width: 256, activation: 'erf' },
      training: { layers: 'first', eta: 'c*d', steps: 200 },
      claims: [5, 11],
      seed: seeds,
    },
  },
];
