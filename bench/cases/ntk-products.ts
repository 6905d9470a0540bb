import type { BenchCase } from '../case.ts';
import { denseNtkOperations, ntkProductOperations, storedProductOperations } from '../operations.ts';
import { networkProblem } from '../problem.ts';
import { sizeLabel } from '../size-label.ts';

const sizes = {
  quick: [{ n: 512, d: 50, m: 256 }],
  standard: [{ n: 2000, d: 50, m: 256 }],
  hardware: [{ n: 16_384, d: 64, m: 1024 }],
};
/** Far larger than any stored Θ₁: 6 TB as a matrix. */
const large = { n: 1_246_064, d: 94, m: 1024 };
const times = 10;

/**
 * Ten products Θ₁u one after the other, as Lanczos or gradient descent in function space makes them. Without the matrix:
 * what does not depend on u (φ′(Z), by ours up to 512 MiB) is made before and not in the time. With it: making Θ₁ is.
 */
export const ntkProducts: BenchCase = {
  name: 'ntk-products',
  what: 'ten products Θ₁u, without the n × n matrix and with it',
  run: async ({ size, compete }) => {
    const outcomes = [];
    for (const parameters of size === 'hardware' ? [...sizes.hardware, large] : sizes[size]) {
      const problem = networkProblem(parameters);
      const common = {
        parameters: { ...parameters, times },
        tolerance: 2e-5,
      };
      outcomes.push(
        await compete({
          ...common,
          label: `${sizeLabel(parameters)}, without the matrix`,
          operations: ntkProductOperations(parameters),
          units: { count: times, name: 'product' },
          byProgram: true,
          forms: (contestant) => contestant.ntkProducts?.(problem, times),
        }),
      );
      if (parameters === large) continue;
      outcomes.push(
        await compete({
          ...common,
          label: `${sizeLabel(parameters)}, with the matrix`,
          operations: denseNtkOperations(parameters) + times * storedProductOperations(parameters),
          units: { count: 1, name: 'matrix and ten products' },
          byProgram: true,
          forms: (contestant) => contestant.denseProducts?.(problem, times),
        }),
      );
    }
    return { outcomes };
  },
};
