import { describe, expect, test } from 'vitest';
import { firstGradientBuffers } from '../../shaders/first-gradient.wgsl.ts';
import { fittedRows, tiles } from '../../shaders/parts/tile.ts';
import { Matrix, strideOf } from '../../src/gpu/matrix.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { absolute } from '../../src/math/absolute.ts';
import { compileFirstGradient, firstGradientFloats } from '../../src/programs/first-gradient.ts';
import { sliceCount, sliceRows } from '../../src/programs/partial-sums.ts';
import { compileSumSlices } from '../../src/programs/sum-slices.ts';
import { firstGradient } from '../../src/reference/first-gradient.ts';
import { secondGradient } from '../../src/reference/second-gradient.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Features, exactly } from '../features.ts';
import { Float32Numbers, gpu, poison, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';
import { tilesInUse, tilesToTry } from '../tiles.ts';

/** Points, inputs, units; rows of the tile; storage; partial sums, and slices that each has. */
const shapes = [
  [1, 1, 2, 'whole', 'f32', 1, 1],
  [3, 9, 6, 'whole', 'f32', 3, 1], // the last two without rows
  [600, 21, 18, 'whole', 'f32', 2, 2], // three slices, the last one short
  [5, 70, 134, 'whole', 'f32', 1, 1], // several workgroups
  [3, 9, 6, 'fitted', 'f32', 1, 1],
  [300, 70, 18, 'fitted', 'f16', 2, 1],
  [300, 70, 134, 'fitted', 'f32', 1, 2],
] as const;

describe.for(tilesToTry('first-gradient'))('$tile', ({ tile: name, smallest }) => {
  const shapesHere = smallest ? shapes : shapes.slice(-1);
  test.for(shapesHere)(
    'Bᵀ diag(e) X and Aᵀe, n, d, m = %s, %s, %s, %s, %s, in %s partial sums of %s slices',
    async ([n, d, m, rows, storage, count, slices]) => {
      const random = new Float32Numbers(n);
      const [x, residual] = [random.matrix(n, d), random.vector(n)];
      const [bMatrix, aMatrix] = [
        exactly(random.matrix(n, m), storage),
        exactly(random.matrix(n, m), storage),
      ];
      using B = Features.of(bMatrix, storage);
      using A = Features.of(aMatrix, storage);
      using X = upload(x);
      using e = uploadVector(residual);
      const floats = firstGradientFloats(m, d);
      using partials = poisonedVector(count * floats);
      using featurePartials = poisonedVector(count * strideOf(m));
      using total = new Matrix(gpu, 'total', strideOf(m), d);
      using featureTotal = new Vector(gpu, 'total of features', m);
      const tile = rows === 'fitted' ? fittedRows(tiles[name], d) : tiles[name];
      const program = await compileFirstGradient(gpu, tile, { storage, second: true });
      const sum = await compileSumSlices(gpu);
      const add = (accumulate: boolean) =>
        program(
          X.whole(),
          { left: B.binding, right: X.whole().binding },
          { units: m, inputs: d },
          e,
          { partials: partials.binding, sums: { count, rows: slices * sliceRows }, accumulate },
          { second: { A: A.binding, partials: featurePartials.binding } },
        );
      const summed = async () => {
        poison(total.whole().binding);
        poison(featureTotal.binding);
        await run([
          sum(partials.binding, total.whole().binding, floats, count, false),
          sum(featurePartials.binding, featureTotal.binding, strideOf(m), count, false),
        ]);
        return [(await total.readAll()).subarray(0, m * d), await featureTotal.read()];
      };

      // The program leaves 1/(n√(md)) and 1/(n√m) to descend, and v is in B already.
      const ones = new Float64Array(m).fill(n * Math.sqrt(m * d));
      const exact = [
        firstGradient(bMatrix, x, ones, residual).data,
        secondGradient(aMatrix, residual).map((value) => n * Math.sqrt(m) * value),
      ];
      const sizes = [
        firstGradient(absolute(bMatrix), absolute(x), ones, absolute(residual)).data,
        secondGradient(absolute(aMatrix), absolute(residual)).map((value) => n * Math.sqrt(m) * value),
      ];
      // Two products, a slice's sums, and the sums over slices, twice where a block was added to another.
      const k = 2 + Math.min(n, sliceRows) + sliceCount(n);
      const names = ['gradient of W', 'gradient of v'];
      await run([add(false)]);
      for (const [l, values] of (await summed()).entries()) {
        expectWithin(
          names[l],
          values,
          exact[l],
          sizes[l].map((size) => gamma(k) * size),
        );
      }
      await run([add(true)]);
      for (const [l, values] of (await summed()).entries()) {
        const bound = sizes[l].map((size) => 2 * gamma(k + sliceCount(n)) * size);
        expectWithin(
          `${names[l]} of two blocks`,
          values,
          exact[l].map((value) => 2 * value),
          bound,
        );
      }
    },
  );
});

/** Nine buffers, which not every device binds. */
const most = gpu.device.limits.maxStorageBuffersPerShaderStage;
const bindable = [false, true].filter((second) => firstGradientBuffers(second) <= most);

describe.for(tilesInUse('first-gradient'))('%s', (name) => {
  test.for(name === 'direct-4x4' ? bindable : bindable.slice(-1))(
    'e and f are made of the outputs, and Aᵀe beside: %s',
    async (second) => {
      const [n, d, m, parts] = [600, 21, 18, 5];
      const random = new Float32Numbers(n);
      const [x, b, a] = [random.matrix(n, d), random.matrix(n, m), random.matrix(n, m)];
      const [made, targets] = [random.vector(parts * n), random.vector(n)];
      using X = upload(x);
      using B = upload(b);
      using A = upload(a);
      using outputs = uploadVector(made);
      using y = uploadVector(targets);
      using f = poisonedVector(n);
      using e = poisonedVector(n);
      const sums = { count: 2, rows: 2 * sliceRows };
      const floats = firstGradientFloats(m, d);
      using partials = poisonedVector(sums.count * floats);
      using featurePartials = poisonedVector(sums.count * strideOf(m));
      const scale = 0.3;
      const program = await compileFirstGradient(gpu, tiles[name], { second, residuals: sliceRows });
      await run([
        program(
          X.whole(),
          { left: B.whole().binding, right: X.whole().binding },
          { units: m, inputs: d },
          e,
          { partials: partials.binding, sums, accumulate: false },
          {
            ...(second && { second: { A: A.whole().binding, partials: featurePartials.binding } }),
            residuals: { outputs: outputs.binding, parts, y, f, scale },
          },
        ),
      ]);

      const exact = targets.map((_, i) => scale * sumOf(parts, (p) => made[p * n + i]));
      const bound = exact.map(
        (_, i) => gamma(parts + 4) * scale * sumOf(parts, (p) => Math.abs(made[p * n + i])),
      );
      expectWithin('f made beside', await f.read(), exact, bound);
      const residual = await e.read();
      expectWithin(
        'e made beside',
        residual,
        exact.map((value, i) => value - targets[i]),
        bound.map((value, i) => value + u * (Math.abs(exact[i] - targets[i]) + value)),
      );

      // Of e as it was made.
      const ones = new Float64Array(m).fill(n * Math.sqrt(m * d));
      const used = Float64Array.from(residual);
      const added = async (vector: Vector, length: number) => {
        const all = await vector.read();
        return Float64Array.from({ length }, (_, k) => all[k] + all[vector.length / sums.count + k]);
      };
      // Two products, a slice's sums, and those of slices.
      const within = (k: number) => (size: number) => gamma(k) * size;
      const k = 2 + sliceRows + sliceCount(n);
      const stride = strideOf(d);
      expectWithin(
        'gradient of W with e made beside',
        (await added(partials, m * stride)).filter((_, at) => at % stride < d),
        firstGradient(b, x, ones, used).data,
        firstGradient(absolute(b), absolute(x), ones, absolute(used)).data.map(within(k)),
      );
      if (!second) return;
      const scaled = (values: Float64Array) => values.map((value) => n * Math.sqrt(m) * value);
      expectWithin(
        'gradient of v with e made beside',
        await added(featurePartials, m),
        scaled(secondGradient(a, used)),
        scaled(secondGradient(absolute(a), absolute(used))).map(within(k)),
      );
    },
  );
});

const sumOf = (count: number, term: (k: number) => number): number => {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += term(k);
  return sum;
};

test('the layer above and e have rows of points, which those of a convolution are not', async () => {
  const patches = { sides: [8], filter: 3, channels: 2, points: false };
  for (const options of [{ patches }, { weighed: false }]) {
    for (const beside of [{ second: true }, { residuals: sliceRows }]) {
      await expect(compileFirstGradient(gpu, tiles['direct-4x4'], { ...options, ...beside })).rejects.toThrow(
        RangeError,
      );
    }
  }
});
