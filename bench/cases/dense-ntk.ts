import type { BenchCase } from '../case.ts';
import { denseNtkOperations } from '../operations.ts';
import { networkProblem } from '../problem.ts';
import { sizeLabel } from '../size-label.ts';

const sizes = {
  quick: [{ n: 512, d: 50, m: 256 }],
  standard: [
    { n: 512, d: 50, m: 256 },
    { n: 1024, d: 64, m: 256 },
    { n: 2048, d: 64, m: 256 },
  ],
  hardware: [
    { n: 2048, d: 64, m: 256 },
    { n: 16_384, d: 1024, m: 4096 },
  ],
};

/** Entries up to which the whole of Θ₁ is compared; of a larger one, the first rows. */
const comparedEntries = 2 ** 23;

/** Θ₁ = (D diag(v²) Dᵀ/m) ∘ (XXᵀ/d) as an n × n matrix, from X, W and v on the device; the hidden layer is in the time. */
export const denseNtk: BenchCase = {
  name: 'dense-ntk',
  what: 'Θ₁ of n points as a matrix, from X, W and v',
  run: async ({ size, compete }) => {
    const outcomes = [];
    for (const parameters of sizes[size]) {
      const { n } = parameters;
      const problem = networkProblem(parameters);
      const checkedRows = Math.min(n, Math.floor(comparedEntries / n));
      outcomes.push(
        await compete({
          label: sizeLabel(parameters),
          parameters,
          operations: denseNtkOperations(parameters),
          tolerance: 2e-5,
          byProgram: true,
          forms: (contestant) => contestant.denseNtk?.(problem, checkedRows),
        }),
      );
    }
    return { outcomes };
  },
};
