import { test } from 'vitest';
import { compileDescend } from '../../src/programs/descend.ts';
import { expectWithin, u } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedMatrix, run, upload, uploadVector } from '../gpu-device.ts';

test.for([
  [2, 1],
  [6, 5],
  [70, 33],
] as const)('Δ ← Δ − rate · diag(v) g and θ = θ(0) + Δ, rows, cols = %s', async ([rows, cols]) => {
  const random = new Float32Numbers(rows);
  const [g, delta, start] = [0, 1, 2].map(() => random.matrix(rows, cols));
  const factors = random.vector(rows);
  const rate = 0.37;
  using gradient = upload(g);
  using displacement = upload(delta);
  using origin = upload(start);
  using position = poisonedMatrix(rows, cols);
  using v = uploadVector(factors);
  const program = await compileDescend(gpu, { rowFactors: true, position: true });
  await run([
    program(
      {
        rows,
        cols,
        gradient: gradient.whole().binding,
        displacement: displacement.whole().binding,
        v: v.binding,
        start: origin.whole().binding,
        position: position.whole().binding,
      },
      rate,
    ),
  ]);

  const step = g.data.map((value, k) => rate * factors[Math.floor(k / cols)] * value);
  const moved = delta.data.map((value, k) => value - step[k]);
  // The rate's rounding and two products in the step, then the difference.
  const bound = moved.map((value, k) => 3.01 * u * Math.abs(step[k]) + u * Math.abs(value));
  expectWithin(
    'displacement',
    await displacement.readAll(),
    moved,
    bound.map((value) => 1.01 * value),
  );
  expectWithin(
    'position',
    await position.readAll(),
    moved.map((value, k) => value + start.data[k]),
    bound.map((value, k) => 1.01 * value + u * Math.abs(moved[k] + start.data[k])),
  );
});
