import type { BenchCase } from '../case.ts';
import { gradientStepOperations } from '../operations.ts';
import { networkProblem } from '../problem.ts';
import { sizeLabel } from '../size-label.ts';

const sizes = {
  quick: [{ n: 1024, d: 64, m: 256 }],
  standard: [
    { n: 1024, d: 64, m: 256 },
    { n: 2000, d: 50, m: 256 },
    { n: 20_000, d: 50, m: 256 },
  ],
  hardware: [
    { n: 20_000, d: 50, m: 256 },
    { n: 65_536, d: 512, m: 4096 },
  ],
};

/** Operations of a run: enough steps for the wait at its end not to count. */
const runOperations = { quick: 5e8, standard: 1e9, hardware: 2e12 };

/**
 * As the paper's: it grows with d. What is compared is W − W(0), beside which the float32 rounding of W itself, which the peers
 * keep, must stay small: at one rate for every d, W of a large network hardly moves in a few steps.
 */
const rateOf = ({ d }: { d: number }): number => d / 10;

/** Gradient descent on both layers: outputs, residuals, both gradients, update; many steps a run without a look. */
export const gdStep: BenchCase = {
  name: 'gd-step',
  what: 'one step of full-batch gradient descent on both layers',
  run: async ({ size, compete }) => {
    const outcomes = [];
    for (const parameters of sizes[size]) {
      const problem = networkProblem(parameters);
      const operations = gradientStepOperations(parameters);
      const count = Math.min(500, Math.max(2, Math.round(runOperations[size] / operations)));
      outcomes.push(
        await compete({
          label: sizeLabel(parameters),
          parameters: { ...parameters, steps: count },
          operations,
          units: { count, name: 'step' },
          tolerance: 1e-4,
          byProgram: true,
          forms: (contestant) => contestant.gradientDescent?.(problem, rateOf(parameters), count),
        }),
      );
    }
    return { outcomes };
  },
};
