import type { BenchCase } from '../case.ts';
import { convolutionalSizes, deepSizes } from '../deep-sizes.ts';
import { deepProductOperations } from '../operations.ts';
import { deepProblem } from '../problem.ts';

const times = 10;

/**
 * Ten products Θu one after the other, of all layers of the networks of deep-step and convolutional-step at their start, where
 * the kernel of both towers is that of one: everybody computes with one. By ours what does not depend on u (features and
 * derivatives; of convolutions, rows of the Jacobian) is made before; a second form makes it in the time, for all ten. The peers
 * differentiate anew for every product: jax-js by jvp of vjp, TensorFlow.js, which has no forward mode, by vjp of vjp, for
 * which its convolution by filters has no second derivative.
 */
export const deepProducts: BenchCase = {
  name: 'deep-products',
  what: 'ten products Θu of deep networks, all layers, without the n × n matrix',
  run: async ({ size, compete }) => {
    const outcomes = [];
    for (const { n, architecture, label, parameters } of [deepSizes[size], convolutionalSizes[size]]) {
      const problem = deepProblem(n, architecture);
      outcomes.push(
        await compete({
          label,
          parameters: { ...parameters, times },
          operations: deepProductOperations(architecture, n),
          units: { count: times, name: 'product' },
          tolerance: 2e-5,
          byProgram: true,
          forms: (contestant) => contestant.deepProducts?.(problem, times),
        }),
      );
    }
    return { outcomes };
  },
};
