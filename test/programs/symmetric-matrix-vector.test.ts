import { expect, test } from 'vitest';
import { stripRows } from '../../shaders/symmetric-matrix-vector.wgsl.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { absolute } from '../../src/math/absolute.ts';
import { compileSumSlices } from '../../src/programs/sum-slices.ts';
import { compileSymmetricMatrixVector, stripCount } from '../../src/programs/symmetric-matrix-vector.ts';
import { matrixVector } from '../../src/reference/matrix-vector.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

test.for([1, 4, 7, 8, 9, 70, 193])('Mc of a symmetric M, n = %i, in panels of 64 rows', async (n) => {
  const random = new Float32Numbers(n);
  const [matrix, vector] = [random.matrix(n, n), random.vector(n)];
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix.data[j * n + i] = matrix.data[i * n + j];
  const exact = matrixVector(matrix, vector);
  const size = matrixVector(absolute(matrix), absolute(vector));
  // What is above the diagonal, but for the strips' own squares, is not read.
  const half = { ...matrix, data: matrix.data.slice() };
  for (let i = 0; i < n; i++)
    half.data.fill(NaN, i * n + stripRows * (Math.floor(i / stripRows) + 1), (i + 1) * n);

  using M = upload(half, { maxPanelBytes: 64 * 4 * (n + 3) });
  using c = uploadVector(vector);
  using out = poisonedVector(n);
  using slices = new Vector(gpu, 'slices', stripCount(n) * M.stride);
  const [program, sum] = await Promise.all([compileSymmetricMatrixVector(gpu), compileSumSlices(gpu)]);
  const blocks = M.blocks();
  expect(blocks).toHaveLength(Math.ceil(n / 64));
  for (const block of blocks) {
    const strips = stripCount(block.rows);
    await run([
      program(block, n, c.binding, slices.binding),
      sum(slices.binding, out.binding, M.stride, strips, block.firstRow > 0),
    ]);
  }
  // A product and the sums of a row up to its strip, in four; or those of a column in its strip, then of the slices.
  const bound = gamma(n + stripRows + stripCount(n) + blocks.length);
  expectWithin(
    'M c of a symmetric M',
    await out.read(),
    exact,
    size.map((value) => bound * value),
  );
});
