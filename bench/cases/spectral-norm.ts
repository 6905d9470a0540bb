import type { BenchCase } from '../case.ts';
import { tangentNorm } from '../first-light.ts';
import { denseNtkOperations, storedProductOperations } from '../operations.ts';
import { networkProblem } from '../problem.ts';
import { sizeLabel } from '../size-label.ts';

const sizes = {
  quick: { n: 512, d: 50, m: 256 },
  standard: { n: 2000, d: 50, m: 256 },
  hardware: { n: 16_384, d: 64, m: 1024 },
};
/**
 * ‖Θ₁‖ from X, W and v. Ours decides by itself whether to store Θ₁ and when to stop, and certifies its error. The peers
 * have no Lanczos; they are given one, on the stored Θ₁, with as many steps, and look once, at the end. The number is read
 * back by everybody.
 */
export const spectralNorm: BenchCase = {
  name: 'spectral-norm',
  what: '‖Θ₁‖ by Lanczos, from X, W and v',
  run: async ({ size, gpu, compete }) => {
    const parameters = sizes[size];
    const problem = networkProblem(parameters);
    // All of ours are steps of Lanczos, but for the last one, which is its certificate.
    const products = (await tangentNorm(gpu, problem)).products - 1;
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
