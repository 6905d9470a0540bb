import type { BenchCase } from '../case.ts';
import { denseNtkOperations, storedProductOperations } from '../operations.ts';
import { networkProblem } from '../problem.ts';
import { sizeLabel } from '../size-label.ts';

const sizes = {
  quick: { n: 512, d: 50, m: 256 },
  standard: { n: 2000, d: 50, m: 256 },
  hardware: { n: 16_384, d: 64, m: 1024 },
};
/** Steps that ours takes at the standard size, beside one product for its certificate; the peers look once, at the end. */
const products = 27;

/**
 * ‖Θ₁‖ from X, W and v. Ours decides by itself whether to store Θ₁ and when to stop, and certifies its error. The peers
 * have no Lanczos; they are given one, on the stored Θ₁, with as many steps. The number is read back by everybody.
 */
export const spectralNorm: BenchCase = {
  name: 'spectral-norm',
  what: '‖Θ₁‖ by Lanczos, from X, W and v',
  run: async ({ size, compete }) => {
    const parameters = sizes[size];
    const problem = networkProblem(parameters);
    return {
      outcomes: [
        await compete({
          label: sizeLabel(parameters),
          parameters: { ...parameters, products },
          about: denseNtkOperations(parameters) + products * storedProductOperations(parameters),
          units: { count: 1, name: 'norm' },
          tolerance: 1e-4,
          forms: (contestant) => contestant.spectralNorm?.(problem, products),
        }),
      ],
    };
  },
};
