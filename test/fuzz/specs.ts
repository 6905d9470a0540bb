import { presets } from '../../src/experiment/presets.ts';
import { shippedSweeps } from '../../src/experiment/shipped-sweeps.ts';
import type { SpecInput } from '../../src/experiment/spec.ts';
import { mutated, mutatedText } from './documents.ts';
import type { Random } from './random.ts';

/** Specs that have every field somewhere. */
const specs: readonly SpecInput[] = [
  ...presets.map(({ spec }) => spec),
  {
    name: 'every field',
    seed: 3,
    data: {
      distribution: 'gaussian',
      d: 3,
      n: 40,
      nTest: 9,
      spectrum: { kind: 'values', values: [1, 2, 0.5] },
    },
    target: { kind: 'hermite', coefficients: [1, 0, -1] },
    network: { width: 4, activation: 'leaky-relu', slope: 0.1 },
    training: {
      eta1: 1,
      eta2: 0.5,
      steps: 30,
      records: { steps: [1, 2, 30] },
      linearized: true,
      watched: [0, 8],
      modes: [1, 3],
      alignment: true,
      departure: 0.1,
    },
    kernel: 'both',
    claims: [1, 4, 5],
  },
  {
    data: { distribution: 'uncentred', d: 5, n: 9, nTest: 0, shift: -2 },
    target: { kind: 'teacher', width: 8, activation: 'relu' },
    network: { width: 6, activation: 'sin' },
    training: { layers: 'second', eta: 0.1, steps: 7, records: { spacing: 'linear', count: 5 }, watched: 3 },
    claims: 'all',
  },
  {
    data: { distribution: 'gaussian', d: 9, n: 9, spectrum: { kind: 'power-law', exponent: 1.5 } },
    target: { kind: 'sign-linear' },
    network: { width: 2 },
    training: { layers: 'first', eta: 2, steps: 5, records: 'linear' },
  },
  {
    data: { distribution: 'npy', x: 'X.npy', y: 'y.npy', xTest: 'X_test.npy', yTest: 'y_test.npy' },
    target: { kind: 'labels' },
    network: { width: 8, activation: 'gelu' },
    training: { eta: 1, steps: 9 },
  },
  {
    data: {
      distribution: 'files',
      x: ['batch_1.bin', 'batch_2.bin'],
      y: 'labels.npz#y',
      xTest: 'test.bin',
      yTest: 'labels.npz#y_test',
      classes: ['cat', 7],
      n: 40,
      nTest: 9,
      shape: [32, 32, 3],
      average: 4,
      prepare: 'whitened',
      components: 20,
    },
    network: { width: 8 },
    training: { eta: 1, steps: 9 },
  },
];

/** Sweeps of few points, with every kind of list, range and formula. */
const sweeps: readonly Record<string, unknown>[] = [
  ...shippedSweeps.map(({ sweep }) => sweep),
  {
    name: 'narrow-to-wide',
    variables: { p: { from: 0.5, to: 2, plus: 0.5 }, c: ['1/2', 2] },
    data: { distribution: 'gaussian', d: { from: 16, to: 32, times: 'sqrt(2)' }, n: 'ceil(4*d^1.25)' },
    network: { width: '2*ceil(d^p/2)' },
    training: { layers: 'first', eta: 'c*d/10', steps: 'ceil(10*log(d))' },
    seed: [0, 1],
  },
  {
    data: { distribution: ['sphere', 'hypercube'], d: [5, 10], n: 20, nTest: 'n/2' },
    network: { width: { from: 16, to: 64, times: 2 }, activation: ['erf', 'relu'] },
    training: { eta: [1, 'min(d, 3)'], steps: 10, records: { spacing: 'log', count: 'steps' } },
  },
];

const changed = (random: Random, of: readonly Record<string, unknown>[]): unknown =>
  random.chance(0.1) ? random.pick(of) : mutated(random, random.pick(of), of);

export const someSpec = (random: Random): unknown => changed(random, specs);
export const someSweep = (random: Random): unknown => changed(random, random.chance(0.8) ? sweeps : specs);

/** A spec as a file has it. */
export function someSpecText(random: Random): string {
  const value = random.chance(0.6) ? random.pick(specs) : someSpec(random);
  let text: string;
  try {
    text = JSON.stringify(value ?? null, null, random.pick([0, 2]));
  } catch {
    text = '[]'; // too deep to be written
  }
  return mutatedText(random, text);
}
