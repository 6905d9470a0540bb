import { test } from 'vitest';
import { compileDescend } from '../../src/programs/descend.ts';
import { absolute } from '../../src/math/absolute.ts';
import { descend } from '../../src/reference/descend.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedMatrix, run, upload } from '../gpu-device.ts';

test.for([
  [2, 1],
  [6, 5],
  [70, 33],
] as const)('Δ ← Δ − rate · g and θ = θ(0) + Δ, rows, cols = %s', async ([rows, cols]) => {
  const random = new Float32Numbers(rows);
  const [g, delta, start] = [0, 1, 2].map(() => random.matrix(rows, cols));
  const rate = 0.37;
  using gradient = upload(g);
  using displacement = upload(delta);
  using origin = upload(start);
  using position = poisonedMatrix(rows, cols);
  const program = await compileDescend(gpu, { position: true });
  await run([
    program(
      {
        rows,
        cols,
        gradient: gradient.whole().binding,
        displacement: displacement.whole().binding,
        start: origin.whole().binding,
        position: position.whole().binding,
      },
      rate,
    ),
  ]);

  const moved = descend(delta, g, rate).data;
  // γ₂ of the step for the rate's rounding and a product; then the rounding of a difference, and of a sum.
  const nothing = { ...delta, data: new Float64Array(delta.data.length) };
  const step = absolute(descend(nothing, g, rate).data).map((size) => gamma(2) * size);
  const bound = moved.map((value, k) => step[k] + u * (Math.abs(value) + step[k]));
  expectWithin('displacement', await displacement.readAll(), moved, bound);
  const sum = moved.map((value, k) => value + start.data[k]);
  expectWithin(
    'position',
    await position.readAll(),
    sum,
    bound.map((error, k) => error + u * (Math.abs(sum[k]) + error)),
  );
});
