import { expect, test } from 'vitest';
import { Resources } from '../../src/gpu/resources.ts';
import { absolute } from '../../src/math/absolute.ts';
import { type Dense, dense } from '../../src/math/dense.ts';
import { compileDescend } from '../../src/programs/descend.ts';
import { descend } from '../../src/reference/descend.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, asOnGpu, gpu, poisonedMatrix, run, upload } from '../gpu-device.ts';

/** A layer of random numbers: what the program takes, the exact outcome, and where it will be. */
function layerOf([rows, cols, count]: readonly number[], rate: number, owned: Resources) {
  const random = new Float32Numbers(rows);
  const [delta, start] = [0, 1].map(() => random.matrix(rows, cols));
  const parts = Array.from({ length: count }, () => random.matrix(rows, cols));
  const total = (of: (value: number) => number): Dense =>
    dense(
      rows,
      cols,
      delta.data.map((_, k) => parts.reduce((sum, { data }) => sum + of(data[k]), 0)),
    );
  const all = dense(count * rows, cols, Float64Array.from(parts.flatMap(({ data }) => [...data])));
  const [gradient, displacement, origin] = [all, delta, start].map((values) => owned.own(upload(values)));
  const position = owned.own(poisonedMatrix(rows, cols));
  const layer = {
    rows,
    cols,
    gradient: { binding: gradient.whole().binding, count, floats: rows * gradient.stride },
    rate,
    displacement: displacement.whole().binding,
    start: origin.whole().binding,
    position: position.whole().binding,
  };
  const sums = { exact: total((value) => value), size: total(Math.abs) };
  return { layer, delta, start, count, rate, ...sums, displacement, position };
}

type Layer = ReturnType<typeof layerOf>;

async function expectDescended({ delta, start, count, rate, exact, size, ...found }: Layer): Promise<void> {
  const moved = descend(delta, exact, rate).data;
  // Of the step the sums, the rate's rounding and a product; then the rounding of a difference, and of a sum.
  const nothing = { ...delta, data: new Float64Array(delta.data.length) };
  const step = absolute(descend(nothing, size, rate).data).map((value) => gamma(count + 1) * value);
  const bound = moved.map((value, k) => step[k] + u * (Math.abs(value) + step[k]));
  expectWithin('displacement', await found.displacement.readAll(), moved, bound);
  const sum = moved.map((value, k) => value + start.data[k]);
  expectWithin(
    'position',
    await found.position.readAll(),
    sum,
    bound.map((error, k) => error + u * (Math.abs(sum[k]) + error)),
  );
}

const sizes = [
  [2, 1, 1],
  [6, 5, 3],
  [70, 33, 20], // of which eight are read at a time
] as const;

test.for(sizes)('Δ ← Δ − rate · g and θ = θ(0) + Δ, rows, cols, partial sums = %s', async (size) => {
  using owned = new Resources();
  const one = layerOf(size, 0.37, owned);
  const program = await compileDescend(gpu, { layers: 1, position: true });
  await run(program([one.layer]));
  await expectDescended(one);
});

test('layers of any sizes together, as many in a dispatch as the device binds buffers for', async () => {
  using owned = new Resources();
  const layers = [sizes[2], sizes[0], sizes[1], sizes[2], sizes[1]].map((size, l) =>
    layerOf(size, 0.1 * (l + 1), owned),
  );
  const program = await asOnGpu(() => compileDescend(gpu, { layers: layers.length, position: true }));
  const dispatches = program(layers.map(({ layer }) => layer));
  const together = Math.floor(gpu.device.limits.maxStorageBuffersPerShaderStage / 4);
  expect(dispatches.length).toBe(Math.ceil(layers.length / together));
  await run(dispatches);
  for (const layer of layers) await expectDescended(layer);
});
