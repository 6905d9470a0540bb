import { test } from 'vitest';
import { compileRowNorms } from '../../src/programs/row-norms.ts';
import { rowNorms } from '../../src/reference/row-norms.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload } from '../gpu-device.ts';

test.for([
  [1, 1],
  [70, 7],
  [131, 50],
] as const)('‖x_i‖²/d over panels of 64 rows, n, d = %s', async ([n, d]) => {
  const x = new Float32Numbers(d).matrix(n, d);
  using X = upload(x, { maxPanelBytes: Math.ceil(d / 4) * 16 * 64 });
  using norms = poisonedVector(n);
  const program = await compileRowNorms(gpu);
  await run(X.blocks().map((block) => program(block, d, norms)));

  const exact = rowNorms(x);
  // d products and sums, the rounded 1/d and its product.
  const bound = exact.map((a) => gamma(d + 2) * a);
  expectWithin('a', await norms.read(), exact, bound);
});
