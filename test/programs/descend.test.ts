import { test } from 'vitest';
import { compileDescend } from '../../src/programs/descend.ts';
import { absolute } from '../../src/math/absolute.ts';
import { dense } from '../../src/math/dense.ts';
import { descend } from '../../src/reference/descend.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedMatrix, run, upload } from '../gpu-device.ts';

test.for([
  [2, 1, 1],
  [6, 5, 3],
  [70, 33, 20], // of which eight are read at a time
] as const)(
  'Δ ← Δ − rate · g and θ = θ(0) + Δ, rows, cols, partial sums = %s',
  async ([rows, cols, count]) => {
    const random = new Float32Numbers(rows);
    const [delta, start] = [0, 1].map(() => random.matrix(rows, cols));
    const parts = Array.from({ length: count }, () => random.matrix(rows, cols));
    const total = (of: (value: number) => number) =>
      delta.data.map((_, k) => parts.reduce((sum, { data }) => sum + of(data[k]), 0));
    const [g, size] = [
      dense(
        rows,
        cols,
        total((value) => value),
      ),
      dense(rows, cols, total(Math.abs)),
    ];
    const rate = 0.37;
    using gradient = upload(
      dense(count * rows, cols, Float64Array.from(parts.flatMap(({ data }) => [...data]))),
    );
    using displacement = upload(delta);
    using origin = upload(start);
    using position = poisonedMatrix(rows, cols);
    const program = await compileDescend(gpu, { position: true });
    await run([
      program(
        {
          rows,
          cols,
          gradient: { binding: gradient.whole().binding, count, floats: rows * gradient.stride },
          displacement: displacement.whole().binding,
          start: origin.whole().binding,
          position: position.whole().binding,
        },
        rate,
      ),
    ]);

    const moved = descend(delta, g, rate).data;
    // Of the step the sums, the rate's rounding and a product; then the rounding of a difference, and of a sum.
    const nothing = { ...delta, data: new Float64Array(delta.data.length) };
    const step = absolute(descend(nothing, size, rate).data).map((value) => gamma(count + 1) * value);
    const bound = moved.map((value, k) => step[k] + u * (Math.abs(value) + step[k]));
    expectWithin('displacement', await displacement.readAll(), moved, bound);
    const sum = moved.map((value, k) => value + start.data[k]);
    expectWithin(
      'position',
      await position.readAll(),
      sum,
      bound.map((error, k) => error + u * (Math.abs(sum[k]) + error)),
    );
  },
);
