import { test } from 'vitest';
import { strideOf } from '../../src/gpu/matrix.ts';
import { absolute } from '../../src/math/absolute.ts';
import { dense } from '../../src/math/dense.ts';
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

test.for([1, 32])('the first columns of M alone, lanes = %s', async (lanes) => {
  const random = new Float32Numbers(lanes);
  const [rows, cols, used] = [70, 90, 33];
  const matrix = random.matrix(rows, cols);
  const vector = random.vector(used);
  const first = dense(
    rows,
    used,
    Float64Array.from(
      { length: rows * used },
      (_, k) => matrix.data[Math.floor(k / used) * cols + (k % used)],
    ),
  );
  // As a basis is filled: what comes after the columns in use is 0 up to a multiple of four, and anything behind that.
  for (let i = 0; i < rows; i++) matrix.data.fill(0, i * cols + used, i * cols + strideOf(used));
  using M = upload(matrix);
  using c = uploadVector(vector);
  using out = poisonedVector(rows);
  const program = await compileMatrixVector(gpu, { accumulate: false }, lanes);
  await run(M.blocks().map((block) => program(block, used, c.binding, out, 1, M.stride)));
  expectWithin(
    'M c',
    await out.read(),
    matrixVector(first, vector),
    matrixVector(absolute(first), absolute(vector)).map((value) => gamma(used + lanes + 3) * value),
  );
});
