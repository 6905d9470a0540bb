import type { Bench, BenchCase, CaseResult } from '../case.ts';
import { type DeepSize, deepSizes } from '../deep-sizes.ts';
import { deepStepOperations } from '../operations.ts';
import { deepProblem } from '../problem.ts';

/** Operations of a run: enough steps for the wait at its end not to count, where a step is small. */
const runOperations = { quick: 1e8, standard: 1e9, hardware: 2e12 };

/**
 * Full-batch gradient descent on ½ mean (f − y)² of all layers of two towers of fully-connected layers, f = (g₊ − g₋)/√2. The
 * peers differentiate for themselves. What is compared is f after the steps of a run, from f = 0: it is a difference of two
 * towers near each other, in which the float32 rounding of outputs and of parameters stays.
 */
export const deepStep: BenchCase = {
  name: 'deep-step',
  what: 'one step of full-batch gradient descent on all layers of a deep network of two towers',
  run: (bench) => stepsOf(bench, deepSizes[bench.size], 5),
};

export async function stepsOf(
  { size, compete }: Pick<Bench, 'size' | 'compete'>,
  { n, architecture, label, parameters }: DeepSize,
  rate: number,
): Promise<CaseResult> {
  const problem = deepProblem(n, architecture);
  const operations = deepStepOperations(architecture, n);
  const count = Math.min(500, Math.max(1, Math.round(runOperations[size] / operations)));
  const outcome = await compete({
    label,
    parameters: { ...parameters, steps: count },
    operations,
    units: { count, name: 'step' },
    tolerance: 1e-4,
    byProgram: true,
    forms: (contestant) => contestant.deepDescent?.(problem, rate, count),
  });
  return { outcomes: [outcome] };
}
