import { describe, expect, test } from 'vitest';
import { type TileName, groupCols, sharesRows, tiles } from '../../shaders/parts/tile.ts';
import type { TangentOptions } from '../../shaders/tangent.wgsl.ts';
import { absolute } from '../../src/math/absolute.ts';
import { dense } from '../../src/math/dense.ts';
import { Matrix, strideOf } from '../../src/gpu/matrix.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { compileSumSlices } from '../../src/programs/sum-slices.ts';
import { compileTangent, tangentProgram } from '../../src/programs/tangent.ts';
import { tangent } from '../../src/reference/tangent.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Features, exactly } from '../features.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';
import { tilesToTry } from '../tiles.ts';

const jacobians = [
  { name: 'J₁ vec Δ', first: true, second: false },
  { name: 'J₂ δ', first: false, second: true },
  { name: 'J₁ vec Δ + J₂ δ', first: true, second: true },
];
const shapes = [
  [1, 1, 2],
  [9, 5, 6],
  [67, 21, 134],
  [67, 64, 18], // inputs fill every tile
  [67, 70, 134], // several tiles of inputs
] as const;
/** Every Jacobian with the smallest tile of all, all shapes with the smallest ones; the last shape with the others. */
const cases = tilesToTry('tangent').flatMap(({ tile, smallest }, index) =>
  (index === 0 ? jacobians : jacobians.slice(-1)).map((jacobian) => ({
    ...jacobian,
    tile,
    shapes: smallest ? shapes : shapes.slice(-1),
  })),
);

/** Whether u is within its bound, and twice it where it is added to itself; with `each`, from partial sums of so many tiles. */
async function expectTangent(
  [n, d, m]: readonly [n: number, d: number, m: number],
  options: TangentOptions,
  tile: TileName,
  each?: number,
): Promise<void> {
  const { first, second, storage = 'f32' } = options;
  const random = new Float32Numbers(n);
  const x = random.matrix(n, d);
  const a = exactly(random.matrix(n, m), storage);
  const slopes = exactly(random.matrix(n, m), storage);
  const moveW = first ? random.matrix(m, d) : dense(m, d);
  const moveV = second ? random.vector(m) : new Float64Array(m);
  const ones = new Float64Array(m).fill(1); // v is in B already
  using X = upload(x);
  using A = Features.of(a, storage);
  using B = Features.of(slopes, storage);
  using Delta = upload(moveW);
  using delta = uploadVector(moveV);
  using out = poisonedVector(n);
  const program = await compileTangent(gpu, options, tiles[tile], { units: m, inputs: d });
  const terms = {
    units: m,
    outer: {
      pair: { left: B.binding, right: X.whole().binding },
      direction: Delta.whole().binding,
      scale: 1 / Math.sqrt(m * d),
    },
    plain: { pair: { right: A.binding }, direction: delta.binding, scale: 1 / Math.sqrt(m) },
  };
  const u = out.beside(X.whole());
  const width = groupCols(tiles[tile]);
  const count = each ? Math.ceil(m / (each * width)) : 1;
  using partials = poisonedVector(count * strideOf(n));
  const sum = await compileSumSlices(gpu);
  const add = async (accumulate: boolean) => {
    if (!each) return run(program(X.whole(), terms, { u, accumulate }));
    const sums = { count, tiles: each };
    await run([
      ...program(X.whole(), terms, { u: partials.binding, sums }),
      sum(partials.binding, u, strideOf(n), count, accumulate),
    ]);
    // What is added to the padding of u is 0.
    const padding = (await partials.read()).filter((_, k) => k % strideOf(n) >= n);
    expect(padding).toEqual(new Float32Array(count * (strideOf(n) - n)));
  };
  await add(false);

  const exact = tangent({ X: x, A: a, D: slopes, v: ones }, moveW, moveV);
  const size = tangent(
    { X: absolute(x), A: absolute(a), D: absolute(slopes), v: ones },
    absolute(moveW),
    absolute(moveV),
  );
  // Of the tangent: d products and sums; the scale, its product with B, a product with the sum: 3; 2m sums at most; the lanes.
  // Transposed: m products and sums; d products and sums; the scale, its product, the second layer's sum: 3.
  // In partial sums: 2m of the units of one alone, and the sum of all.
  const { lanes } = tiles[tile];
  const summed = each ? Math.min(m, each * width) : m;
  const { transposed } = tangentProgram(options, tiles[tile], { units: m, inputs: d });
  const roundings = transposed ? m + d + 3 : d + 3 + 2 * summed + lanes + (each ? count : 0);
  expectWithin(
    'u',
    await out.read(),
    exact,
    size.map((value) => gamma(roundings) * value),
  );
  await add(true);
  expectWithin(
    'u added to itself',
    await out.read(),
    exact.map((value) => 2 * value),
    size.map((value) => gamma(roundings + 1) * 2 * value),
  );
}

describe.for(cases)('$name, $tile', ({ first, second, tile, shapes }) => {
  test.for(shapes)('n, d, m = %s', (shape) => expectTangent(shape, { first, second }, tile));
});

test.for(tilesToTry('tangent').filter(({ smallest }) => smallest))(
  'J₁ vec Δ + J₂ δ of halves, $tile',
  ({ tile }) => expectTangent(shapes[4], { first: true, second: true, storage: 'f16' }, tile),
);

/** The last partial sum has fewer units than the others. */
const split = tilesToTry('tangent').filter(({ tile }) => !sharesRows(tiles[tile]));

const broadcasts = tilesToTry('tangent').filter(
  ({ tile, smallest }) => smallest && tiles[tile].loads === 'broadcast',
);

describe.for(split)('J₁ vec Δ + J₂ δ in partial sums, $tile', ({ tile, smallest }) => {
  const width = groupCols(tiles[tile]);
  const several = [
    [67, 21, 2 * width + 6, 1],
    [9, 70, 4 * width + 2, 2],
    [1, 1, 2, 1], // one
  ] as const;
  test.for(smallest ? several : several.slice(0, 1))('n, d, m = %s, %s, %s, of %s tiles', ([n, d, m, each]) =>
    expectTangent([n, d, m], { first: true, second: true }, tile, each),
  );
});

describe.for(split.filter(({ tile }) => tile === 'direct-4x4').concat(broadcasts))(
  'more units and inputs than the loops of one dispatch may go over, $tile',
  ({ tile }) => {
    const [n, d, m] = [3, 4096, 2100];
    test('are gone over by several', () => expectTangent([n, d, m], { first: true, second: true }, tile));

    test('none of which makes as many rounds as lavapipe leaves its loops after', async () => {
      using X = new Matrix(gpu, 'X', n, d);
      using B = new Matrix(gpu, 'B', n, m);
      using Delta = new Matrix(gpu, 'Δ', m, d);
      using u = new Vector(gpu, 'u', n);
      const sizes = { units: m, inputs: d };
      const program = await compileTangent(gpu, { first: true, second: false }, tiles[tile], sizes);
      const pair = { left: B.whole().binding, right: X.whole().binding };
      const outer = { pair, direction: Delta.whole().binding, scale: 1 };
      const dispatches = program(X.whole(), { units: m, outer }, { u: u.binding });
      expect(dispatches.length).toBeGreaterThan(1);
      for (const { parameters } of dispatches) {
        expect(Number(parameters['partial_tiles']) * (d / 4 + 1)).toBeLessThan(65_535);
      }
    });
  },
);
