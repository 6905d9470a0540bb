import type { BenchCase } from '../case.ts';
import { convolutionalSizes } from '../deep-sizes.ts';
import { stepsOf } from './deep-step.ts';

/**
 * As deep-step, of two layers of convolutions that wrap around and a readout of every position and channel. Peers compute them
 * in two ways: by their own convolution of images that they wrap beforehand, or as products with patches copied side by side.
 */
export const convolutionalStep: BenchCase = {
  name: 'convolutional-step',
  what: 'one step of full-batch gradient descent on all layers of a convolutional network of two towers',
  run: (bench) => stepsOf(bench, convolutionalSizes[bench.size], 10),
};
