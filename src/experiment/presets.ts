import type { SpecInput } from './spec.ts';

/** An experiment to start from. */
export interface Preset {
  readonly name: string;
  /** One sentence on what to look for. */
  readonly description: string;
  readonly spec: SpecInput;
}

const figureData = { distribution: 'gaussian', d: 50, n: 2000, nTest: 1000 } as const;

/** Experiments to start from. */
export const presets: readonly Preset[] = [
  {
    name: 'figure-1',
    description:
      'The paper’s experiment: network and linear model agree until the linear optimum, then the network passes it.',
    spec: {
      name: 'figure-1',
      data: figureData,
      network: { width: 256, activation: 'erf' },
      training: { layers: 'both', eta: 5, steps: 800 },
    },
  },
  {
    name: 'first-layer',
    description: 'Training W alone stays closest to its linear model: the first-layer theorem.',
    spec: {
      name: 'first-layer',
      data: figureData,
      network: { width: 256, activation: 'erf' },
      training: { layers: 'first', eta: 5, steps: 400 },
    },
  },
  {
    name: 'second-layer',
    description:
      'Training v alone is a random-feature model; here its kernel is nearly linear in the inputs.',
    spec: {
      name: 'second-layer',
      data: figureData,
      network: { width: 256, activation: 'erf' },
      training: { layers: 'second', eta: 5, steps: 400 },
    },
  },
  {
    name: 'relu-norm-feature',
    description: 'With E φ(g) ≠ 0 the linear model needs its bias and norm features, and a smaller rate.',
    spec: {
      name: 'relu-norm-feature',
      data: figureData,
      network: { width: 256, activation: 'relu' },
      training: { layers: 'both', eta: 0.5, steps: 800 },
    },
  },
  {
    name: 'linearized',
    description: 'The linearized network as a third curve shows where the network leaves the kernel regime.',
    spec: {
      name: 'linearized',
      data: { ...figureData, n: 1000, nTest: 500 },
      network: { width: 256, activation: 'erf' },
      training: { layers: 'both', eta: 5, steps: 400, linearized: true },
    },
  },
  {
    name: 'spiked',
    description:
      'Outside the assumptions: one direction holds half the variance, ‖Σ‖ grows with d, and the agreement is lost.',
    spec: {
      name: 'spiked',
      data: { ...figureData, distribution: 'spiked', spike: 0.5 },
      network: { width: 256, activation: 'erf' },
      training: { layers: 'first', eta: 5, steps: 400 },
    },
  },
  {
    name: 'too-narrow',
    description: 'Too few hidden units (m < d): the kernel at initialization is far from its expectation.',
    spec: {
      name: 'too-narrow',
      data: figureData,
      network: { width: 16, activation: 'erf' },
      training: { layers: 'both', eta: 5, steps: 400 },
    },
  },
  {
    name: 'cats-against-horses',
    description:
      'The paper’s pair of CIFAR-10, averaged to 8 × 8 pixels: runs where cifar-10-batches-bin is ("first-light data" says where to get it).',
    spec: {
      name: 'cats-against-horses',
      data: {
        distribution: 'files',
        x: [1, 2, 3, 4, 5].map((batch) => `cifar-10-batches-bin/data_batch_${batch}.bin`),
        xTest: 'cifar-10-batches-bin/test_batch.bin',
        classes: ['cat', 'horse'],
        average: 4,
      },
      network: { width: 256, activation: 'erf' },
      training: { layers: 'both', eta: 0.5, steps: 400 },
    },
  },
];
