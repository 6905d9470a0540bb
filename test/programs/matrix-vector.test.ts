import { test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import { compileMatrixVector } from '../../src/programs/matrix-vector.ts';
import { matrixVector } from '../../src/reference/matrix-vector.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

const shapes = [
  [1, 1],
  [9, 70],
  [130, 33],
] as const;

test.for(
  [1, 8, 32].flatMap((lanes) =>
    shapes.flatMap((shape) => [false, true].map((accumulate) => [...shape, accumulate, lanes] as const)),
  ),
)('M c, rows, cols, accumulate, lanes = %s', async ([rows, cols, accumulate, lanes]) => {
  const random = new Float32Numbers(rows);
  const [matrix, vector, start] = [random.matrix(rows, cols), random.vector(cols), random.vector(rows)];
  // Panels of 64 rows, so that the last shape takes three.
  using M = upload(matrix, { maxPanelBytes: 64 * 36 * 4 });
  using c = uploadVector(vector);
  using out = accumulate ? uploadVector(start) : poisonedVector(rows);
  const scale = Math.fround(-0.3);
  const program = await compileMatrixVector(gpu, { accumulate }, lanes);
  await run(M.blocks().map((block) => program(block, cols, c.binding, out, scale)));

  const before = (i: number) => (accumulate ? start[i] : 0);
  const exact = matrixVector(matrix, vector).map((value, i) => before(i) + scale * value);
  const size = matrixVector(absolute(matrix), absolute(vector)).map(
    (value, i) => Math.abs(before(i)) + Math.abs(scale) * value,
  );
  // A product and cols sums, the lanes, the scale, the last sum.
  expectWithin(
    'M c',
    await out.read(),
    exact,
    size.map((value) => gamma(cols + lanes + 3) * value),
  );
});
