import { describe, expect, test } from 'vitest';
import { fittedRows, tiles } from '../../shaders/parts/tile.ts';
import { Matrix, strideOf } from '../../src/gpu/matrix.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { absolute } from '../../src/math/absolute.ts';
import { compileFirstGradient, firstGradientFloats } from '../../src/programs/first-gradient.ts';
import { sliceCount, sliceRows } from '../../src/programs/partial-sums.ts';
import { compileSumSlices } from '../../src/programs/sum-slices.ts';
import { firstGradient } from '../../src/reference/first-gradient.ts';
import { secondGradient } from '../../src/reference/second-gradient.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Features, exactly } from '../features.ts';
import { Float32Numbers, gpu, poison, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';
import { tilesToTry } from '../tiles.ts';

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
          { A: A.binding, partials: featurePartials.binding },
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

test('the layer above has rows of points, which those of a convolution are not', () => {
  const patches = { sides: [8], filter: 3, channels: 2, points: false };
  for (const options of [{ patches }, { weighed: false }]) {
    void expect(compileFirstGradient(gpu, tiles['direct-4x4'], { ...options, second: true })).rejects.toThrow(
      RangeError,
    );
  }
});
