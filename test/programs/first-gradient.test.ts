import { describe, test } from 'vitest';
import { fittedRows, tiles } from '../../shaders/parts/tile.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { absolute } from '../../src/math/absolute.ts';
import { compileFirstGradient, firstGradientSlices } from '../../src/programs/first-gradient.ts';
import { compileSumSlices, sliceCount, sliceRows } from '../../src/programs/sum-slices.ts';
import { firstGradient } from '../../src/reference/first-gradient.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Features, exactly } from '../features.ts';
import { Float32Numbers, gpu, poison, run, upload, uploadVector } from '../gpu-device.ts';
import { tilesToTry } from '../tiles.ts';

const shapes = [
  [1, 1, 2, 'whole', 'f32'],
  [3, 9, 6, 'whole', 'f32'],
  [600, 21, 18, 'whole', 'f32'], // three slices, the last one short
  [5, 70, 134, 'whole', 'f32'], // several workgroups
  [3, 9, 6, 'fitted', 'f32'],
  [300, 70, 18, 'fitted', 'f16'],
  [300, 70, 134, 'fitted', 'f32'],
] as const;

describe.for(tilesToTry('first-gradient'))('$tile', ({ tile: name, smallest }) => {
  const shapesHere = smallest ? shapes : shapes.slice(-1);
  test.for(shapesHere)('Bᵀ diag(e) X, n, d, m = %s, %s, %s, %s, %s', async ([n, d, m, rows, storage]) => {
    const random = new Float32Numbers(n);
    const [x, residual] = [random.matrix(n, d), random.vector(n)];
    const bMatrix = exactly(random.matrix(n, m), storage);
    using B = Features.of(bMatrix, storage);
    using X = upload(x);
    using e = uploadVector(residual);
    using slices = new Vector(gpu, 'slices', firstGradientSlices(n, m, d));
    using total = new Matrix(gpu, 'total', strideOf(m), d);
    poison(slices.binding);
    poison(total.whole().binding);
    const tile = rows === 'fitted' ? fittedRows(tiles[name], d) : tiles[name];
    const program = await compileFirstGradient(gpu, tile, { storage });
    const sum = await compileSumSlices(gpu);
    await run([
      program(
        X.whole(),
        { left: B.binding, right: X.whole().binding },
        { units: m, inputs: d },
        e,
        slices.binding,
      ),
      sum(slices.binding, total.whole().binding, strideOf(m) * strideOf(d), sliceCount(n), false),
    ]);

    // The program leaves 1/(n√(md)) to descend, and v is in B already.
    const ones = new Float64Array(m).fill(n * Math.sqrt(m * d));
    const exact = firstGradient(bMatrix, x, ones, residual);
    const size = firstGradient(absolute(bMatrix), absolute(x), ones, absolute(residual));
    // Two products, a slice's sums, and the sums over slices.
    const k = 2 + Math.min(n, sliceRows) + sliceCount(n);
    expectWithin(
      'gradient of W',
      (await total.readAll()).subarray(0, m * d),
      exact.data,
      size.data.map((value) => gamma(k) * value),
    );
  });
});
