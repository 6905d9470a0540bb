import { expect, test } from 'vitest';
import { fittedRows, tiles } from '../../shaders/parts/tile.ts';
import { Matrix, strideOf } from '../../src/gpu/matrix.ts';
import { absolute } from '../../src/math/absolute.ts';
import { patchFloats } from '../../src/programs/factors.ts';
import { compileFirstGradient, firstGradientFloats } from '../../src/programs/first-gradient.ts';
import { sliceBySlice, sliceCount, sliceRows } from '../../src/programs/partial-sums.ts';
import { compileSumSlices } from '../../src/programs/sum-slices.ts';
import { firstGradient, pointProducts } from '../../src/reference/first-gradient.ts';
import { patchesOf } from '../../src/reference/patches.ts';
import { expectWithin, gamma } from '../bounds.ts';
import {
  layerOf,
  mainPointRing,
  mainRing,
  pointRings,
  randomPositions,
  readWeights,
  rings,
  titleOf,
  uploadPositions,
} from '../convolutions.ts';
import { Float32Numbers, gpu, poison, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';
import { tilesInUse } from '../tiles.ts';

const of = (points: boolean) => (ring: (typeof rings)[number]) => ({ ...ring, points });

/** Every convolution with a small tile; then tiles of every family, lower where the patches are few. */
const cases = [
  ...[...rings.map(of(false)), ...pointRings.map(of(true))].map((patches) => ({
    patches,
    tile: 'direct-4x4' as const,
    n: 3,
    units: 6,
  })),
  ...tilesInUse('first-gradient').map((tile, k) => ({
    patches: k % 2 === 0 ? of(false)(mainRing) : of(true)(mainPointRing),
    tile,
    n: 23,
    units: 37,
  })),
].map((one) => ({ ...one, title: titleOf(one.patches) }));

test.for(cases)(
  '$tile: $title, e by point, in slices that end within one',
  async ({ patches, tile, n, units }) => {
    const random = new Float32Numbers(n + units);
    const layer = layerOf(patches, units);
    const { positions, fanIn } = layer;
    const rows = n * positions;
    const inputs = patchFloats(patches);
    const x = randomPositions(random, n, patches);
    const [b, residual] = [random.matrix(rows, units), random.vector(n)];
    using X = uploadPositions(x, patches);
    using B = upload(b);
    using e = uploadVector(residual);
    using slices = poisonedVector(sliceCount(rows) * firstGradientFloats(units, inputs));
    using total = new Matrix(gpu, 'total', strideOf(units), strideOf(inputs));
    poison(total.whole().binding);
    const program = await compileFirstGradient(gpu, fittedRows(tiles[tile], inputs), { patches });
    const sum = await compileSumSlices(gpu);
    const factors = { left: B.whole().binding, right: X.whole().binding };
    const target = { partials: slices.binding, sums: sliceBySlice(rows), accumulate: false };
    await run([
      program({ ...X.whole(), rows: n }, factors, { units, inputs }, e, target),
      sum(slices.binding, total.whole().binding, strideOf(units) * strideOf(inputs), sliceCount(rows), false),
    ]);

    // The program leaves the scale to descend, and what is above the layer is in B already.
    const ones = new Float64Array(units).fill(n * Math.sqrt(units * fanIn));
    const seen = patchesOf(x, layer);
    const exact = firstGradient(b, seen, ones, residual, positions);
    const size = firstGradient(absolute(b), absolute(seen), ones, absolute(residual), positions);
    // Two products, a slice's sums, and the sums over slices.
    const k = 2 + Math.min(rows, sliceRows) + sliceCount(rows);
    const { values, padding } = readWeights(await total.readAll(), patches, units);
    const bound = size.data.map((value) => gamma(k) * value);
    expectWithin('gradient of W', values, exact.data, bound);
    expect(padding.every((value) => value === 0)).toBe(true);
  },
);

test.for(cases)('$tile: $title, rows of the Jacobian', async ({ patches, tile, n, units }) => {
  const random = new Float32Numbers(n + units);
  const layer = layerOf(patches, units);
  const { positions } = layer;
  const inputs = patchFloats(patches);
  const x = randomPositions(random, n, patches);
  const b = random.matrix(n * positions, units);
  using X = uploadPositions(x, patches);
  using B = upload(b);
  using slices = poisonedVector(n * strideOf(units) * strideOf(inputs));
  const options = { patches, weighed: false };
  const program = await compileFirstGradient(gpu, fittedRows(tiles[tile], inputs), options);
  const factors = { left: B.whole().binding, right: X.whole().binding };
  const target = { partials: slices.binding, sums: { count: n, rows: positions }, accumulate: false };
  await run([program({ ...X.whole(), rows: n }, factors, { units, inputs }, undefined, target)]);

  const seen = patchesOf(x, layer);
  const size = pointProducts(absolute(b), absolute(seen), positions);
  const { values, padding } = readWeights(await slices.read(), patches, units);
  // Products and sums over the positions of a point.
  const bound = size.data.map((value) => gamma(positions) * value);
  expectWithin('J', values, pointProducts(b, seen, positions).data, bound);
  expect(padding.every((value) => value === 0)).toBe(true);
});
