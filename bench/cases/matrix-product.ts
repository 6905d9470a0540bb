import type { BenchCase } from '../case.ts';
import { matrixProductOperations } from '../operations.ts';
import { squareMatrices } from '../problem.ts';

const sizes = { quick: [512], standard: [512, 1024], hardware: [1024, 4096, 8192] };

/** C = AB of square float32 matrices: what the other cases are made of, and what every library has been tuned for. */
export const matrixProduct: BenchCase = {
  name: 'matrix-product',
  what: 'C = AB of square matrices',
  run: async ({ size, compete }) => {
    const outcomes = [];
    for (const side of sizes[size]) {
      const matrices = squareMatrices(side);
      outcomes.push(
        await compete({
          label: `${side}³`,
          parameters: { size: side },
          operations: matrixProductOperations(side),
          tolerance: 1e-5,
          byProgram: true,
          forms: (contestant) => contestant.matrixProduct?.(matrices),
        }),
      );
    }
    return { outcomes };
  },
};
