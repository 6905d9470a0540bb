import type { SpecInput } from '../../src/experiment/spec.ts';

export interface LabPreset {
  id: string;
  title: string;
  spec: SpecInput;
}

/** Small enough for a processor without a GPU to keep pace with the eye, as the first preset is. */
const data = { distribution: 'gaussian', d: 30, n: 600, nTest: 500 } as const;

/** Experiments of the lab, the one that it opens with first. */
export const labPresets: readonly LabPreset[] = [
  {
    id: 'two-layers',
    title: 'Network and linear model',
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
    title: 'As in the paper, with fewer points',
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
