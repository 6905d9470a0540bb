import { expect, test } from 'vitest';
import { Matrix } from '../../src/gpu/matrix.ts';
import { compileExtendBasis } from '../../src/programs/extend-basis.ts';
import { extendBasis } from '../../src/reference/extend-basis.ts';
import { expectWithin, u } from '../bounds.ts';
import { Float32Numbers, gpu, poison, poisonedVector, run, uploadVector } from '../gpu-device.ts';

test.for([
  { rows: 1, zero: false },
  { rows: 200, zero: false },
  { rows: 200, zero: true },
])('w/‖w‖ into a vector and a column, $rows rows, w = 0: $zero', async ({ rows, zero }) => {
  const [columns, column] = [6, 4];
  const values = zero ? new Float64Array(rows) : new Float32Numbers(rows).vector(rows);
  const square = Math.fround(values.reduce((sum, value) => sum + value * value, 0));
  using w = uploadVector(values);
  using squares = uploadVector(Float64Array.of(7, square, 7));
  using q = poisonedVector(rows);
  using Q = new Matrix(gpu, 'Q', rows, columns, { maxPanelBytes: 64 * 8 * 4 });
  for (const { binding } of Q.blocks()) poison(binding);
  const program = await compileExtendBasis(gpu);
  await run(Q.blocks().map((block) => program({ block, columns, column }, w, squares, 1, q)));

  const exact = extendBasis(values, square);
  // A square root and a division: 9u and 5u by the specification (see shaders/parts/accuracy.ts).
  const bound = exact.map((value) => 15 * u * Math.abs(value));
  expectWithin('q', await q.read(), exact, bound);
  const stored = await Q.readAll();
  expect(stored.filter((_, k) => k % columns === column)).toEqual(await q.read());
  expect(stored.filter((_, k) => k % columns !== column).every(Number.isNaN)).toBe(true);
});
