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
const rate = 5;

/** Who adds up n points one after the other in float32 is that far off, about: n · 2⁻²⁴, signs helping. */
const toleranceOf = (n: number): number => Math.max(1e-4, n * 2 ** -26);

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
          tolerance: toleranceOf(parameters.n),
          forms: (contestant) => contestant.gradientDescent?.(problem, rate, count),
        }),
      );
    }
    return { outcomes };
  },
};
