import { describe, expect, test } from 'vitest';
import { tiles } from '../../shaders/parts/tile.ts';
import { absolute } from '../../src/math/absolute.ts';
import { compileMatrixProduct } from '../../src/programs/matrix-product.ts';
import { runnableTiles } from '../../src/programs/tile-choice.ts';
import { matrixProduct } from '../../src/reference/matrix-product.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedMatrix, readPadded, run, upload } from '../gpu-device.ts';

const forms = ['NN', 'NT', 'TN'] as const;
const cases = runnableTiles(gpu, 'matrix-product').flatMap((tile) => forms.map((form) => ({ form, tile })));

/** rows, inner, cols */
const shapes = [
  [1, 1, 1],
  [5, 7, 3],
  [67, 30, 133],
  [3, 301, 9], // tall and thin
] as const;

describe.for(cases)('$form, $tile', ({ form, tile }) => {
  test.for(shapes)('rows, inner, cols = %s', async ([rows, inner, cols]) => {
    const random = new Float32Numbers(rows + inner);
    const p = form === 'TN' ? random.matrix(inner, rows) : random.matrix(rows, inner);
    const q = form === 'NT' ? random.matrix(cols, inner) : random.matrix(inner, cols);
    using P = upload(p);
    using Q = upload(q);
    using C = poisonedMatrix(rows, cols);
    const product = await compileMatrixProduct(gpu, form, tiles[tile]);
    await run([product(P, Q, C)]);

    const size = matrixProduct(form, absolute(p), absolute(q));
    expectWithin(
      'C',
      await C.readAll(),
      matrixProduct(form, p, q).data,
      size.data.map((value) => gamma(inner) * value),
    );
    const padding = (await readPadded(C)).filter((_, index) => index % C.stride >= cols);
    expect(padding.every((value) => value === 0)).toBe(true);
  });
});

test('refuses shapes that do not fit each other, and says which', async () => {
  using P = upload(new Float32Numbers(1).matrix(2, 3));
  using Q = upload(new Float32Numbers(2).matrix(4, 5));
  using C = poisonedMatrix(2, 5);
  const product = await compileMatrixProduct(gpu, 'NN', tiles['direct-8x8']);
  expect(() => product(P, Q, C)).toThrow(/2 × 3 and 4 × 5/);
});
