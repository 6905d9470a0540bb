import type { SpecInput } from '../../src/experiment/spec.ts';

export interface LabPreset {
  id: string;
  title: string;
  /** One sentence on what to look for. */
  lookFor: string;
  spec: SpecInput;
}

/** Small enough for a processor without a GPU to keep pace with the eye, as the first preset is. */
const data = { distribution: 'gaussian', d: 30, n: 600, nTest: 500 } as const;

/** Experiments of the lab, the one that it opens with first. */
export const labPresets: readonly LabPreset[] = [
  {
    id: 'two-layers',
    title: 'Network and linear model',
    lookFor:
      'Both losses fall as one; once the linear model is at its optimum, the network goes below it, on new points, too.',
    // So many points for so few inputs that what the network learns beyond the linear model is not learned by heart, and so wide
    // that on the training points the two differ by less than 5 % until T: both with every seed from 0 to 9.
    spec: {
      name: 'network-and-linear-model',
      data: { distribution: 'gaussian', d: 12, n: 1400, nTest: 500 },
      network: { width: 256, activation: 'erf' },
      training: { layers: 'both', eta: 1.2, steps: 500 },
    },
  },
  {
    id: 'figure-1',
    title: 'The paper’s experiment',
    lookFor:
      'The published setting, d = 50 and m = 256, with fewer samples: a closer agreement, and a longer one. It takes a GPU to be quick.',
    spec: {
      name: 'figure-1',
      data: { distribution: 'gaussian', d: 50, n: 2000, nTest: 1000 },
      network: { width: 256, activation: 'erf' },
      training: { layers: 'both', eta: 5, steps: 800 },
    },
  },
  {
    id: 'first-layer',
    title: 'First layer only',
    lookFor:
      'With v at rest, the network stays with its linear model the longest: the points keep to the diagonal.',
    spec: {
      name: 'first-layer-only',
      data,
      network: { width: 128, activation: 'erf' },
      training: { layers: 'first', eta: 3, steps: 500 },
    },
  },
  {
    id: 'norm-feature',
    title: 'Second layer, ReLU',
    lookFor:
      'E φ(g) ≠ 0: the kernel sees how long an input is, so the linear model needs the norm feature to follow, and the rate must be small.',
    spec: {
      name: 'second-layer-relu',
      data,
      network: { width: 256, activation: 'relu' },
      training: { layers: 'second', eta: 2, steps: 400 },
    },
  },
  {
    id: 'spiked',
    title: 'Outside the assumptions: a spike',
    lookFor:
      'One direction holds most of the variance. The dots bend off the diagonal at once: the network saturates where the linear model cannot.',
    spec: {
      name: 'spiked-data',
      data: { ...data, distribution: 'spiked', spike: 0.8 },
      network: { width: 128, activation: 'erf' },
      training: { layers: 'first', eta: 2, steps: 400 },
    },
  },
  {
    id: 'too-narrow',
    title: 'Too narrow a network',
    lookFor:
      'Eight hidden units for 30 inputs: the kernel is far from its expectation, and so is the network from the line.',
    spec: {
      name: 'too-narrow',
      data,
      network: { width: 8, activation: 'erf' },
      training: { layers: 'both', eta: 3, steps: 500 },
    },
  },
  {
    id: 'deep',
    title: 'Three hidden layers',
    lookFor:
      'The same early agreement, two layers deeper: the kernel begins farther from its linear model’s, so the two part sooner (claim 17).',
    spec: {
      name: 'three-hidden-layers',
      data,
      network: { kind: 'deep', depth: 3, width: 128, activation: 'erf' },
      training: { eta: 3, steps: 300 },
    },
  },
  {
    id: 'convolution',
    title: 'A convolutional network',
    lookFor:
      'Filters of 3 × 3 see patches and not images, so norms and products of patches vary more: the linear model is near, but not as near as on the same inputs fully-connected.',
    spec: {
      name: 'convolution',
      data: { distribution: 'gaussian', d: 64, n: 300, nTest: 300 },
      network: {
        kind: 'convolutional',
        shape: [8, 8, 1],
        channels: [32],
        filter: 3,
        readout: 'flat',
        activation: 'erf',
      },
      training: { eta: 5, steps: 200 },
    },
  },
  {
    id: 'frequency-bias',
    title: 'Frequency bias',
    lookFor:
      'A target of degrees 1, 2 and 3: the linear part is learned first, the others long after (claim 16).',
    spec: {
      name: 'frequency-bias',
      // Cubes have heavy tails, so that the powers of the targets of two sets differ, by 5 % for this seed.
      seed: 4,
      data: { ...data, n: 2000, nTest: 5000 },
      target: { kind: 'hermite', coefficients: [1, 0.7, 0.5] },
      network: { width: 128, activation: 'erf' },
      training: { layers: 'both', eta: 3, steps: 800 },
      claims: [16],
    },
  },
];
