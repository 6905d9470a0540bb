import { expect, test } from 'vitest';
import { type TileName, tiles } from '../../shaders/parts/tile.ts';
import { type Matrix, strideOf } from '../../src/gpu/matrix.ts';
import { absolute } from '../../src/math/absolute.ts';
import type { Dense } from '../../src/math/dense.ts';
import { compileBackward } from '../../src/programs/backward.ts';
import { backward } from '../../src/reference/backward.ts';
import type { Windows } from '../../src/reference/patches.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { layerOf, mainRing, rings, titleOf, uploadWeights } from '../convolutions.ts';
import { Float32Numbers, gpu, poisonedMatrix, readPadded, run, upload } from '../gpu-device.ts';
import { tilesInUse } from '../tiles.ts';

const both = [false, true];
const tilesHere = tilesInUse('forward');

/** What a layer of `W` gives back of derivatives `b`, where the layer below has `slopes`, or none. */
interface Given {
  b: Dense;
  w: Dense;
  slopes: Dense | undefined;
  windows?: Windows;
}

/** Holds the program, with its weights on the device as W, to its bound, and the padding of what it makes to 0. */
async function expectBack(
  { b, w, slopes, windows }: Given,
  W: Matrix,
  tile: TileName,
  patches?: Parameters<typeof compileBackward>[1]['patches'],
): Promise<void> {
  const taps = windows?.taps ?? 1;
  const inputs = w.cols / taps;
  using B = upload(b);
  using D = slopes ? upload(slopes) : poisonedMatrix(b.rows, inputs);
  const scale = Math.fround(1 / Math.sqrt(w.cols));
  const program = await compileBackward(gpu, { slopes: slopes !== undefined, patches }, tiles[tile]);
  await run([program(B.whole(), W, scale, { binding: D.whole().binding, inputs })]);

  const of = (B: Dense, W: Dense, slope?: Float64Array): Float64Array =>
    backward(B, W, scale, windows).data.map((value, k) => value * (slope?.[k] ?? 1));
  // Products and sums, the scale, and the slope.
  const k = taps * w.rows + 1 + Number(slopes !== undefined);
  const size = of(absolute(b), absolute(w), slopes && absolute(slopes.data));
  const label = patches ? 'D of a convolution' : 'D';
  expectWithin(
    label,
    await D.readAll(),
    of(b, w, slopes?.data),
    size.map((value) => gamma(k) * value),
  );
  const padding = (await readPadded(D)).filter((_, index) => index % D.stride >= inputs);
  expect(padding.length).toBe(b.rows * (strideOf(inputs) - inputs));
  expect(padding.every((value) => value === 0)).toBe(true);
}

/** rows, units, inputs */
const shapes = [
  [1, 1, 2],
  [7, 5, 6],
  [67, 50, 133],
] as const;

const plain = [
  ...shapes.flatMap((shape) => both.map((slopes) => ({ shape, slopes, tile: 'direct-4x4' as const }))),
  ...tilesHere.map((tile) => ({ shape: shapes[2], slopes: true, tile })),
];

test.for(plain)(
  '$tile: rows, units, inputs = $shape, slopes: $slopes',
  async ({ shape: [rows, units, inputs], slopes, tile }) => {
    const random = new Float32Numbers(rows);
    const [b, w] = [random.matrix(rows, units), random.matrix(units, inputs)];
    using W = upload(w);
    await expectBack({ b, w, slopes: slopes ? random.matrix(rows, inputs) : undefined }, W, tile);
  },
);

const convolutions = [
  ...rings.flatMap((ring, k) =>
    both.map((slopes) => ({ ring, slopes, n: 3, units: 3 + k, tile: 'direct-4x4' as const })),
  ),
  ...tilesHere.map((tile) => ({ ring: mainRing, slopes: true, n: 7, units: 10, tile })),
].map((one) => ({ ...one, title: titleOf({ ...one.ring, points: false }) }));

test.for(convolutions)(
  '$tile: $title, $units units, slopes: $slopes',
  async ({ ring, slopes, n, units, tile }) => {
    const random = new Float32Numbers(n + units);
    const windows = layerOf(ring, units);
    const { positions, fanIn } = windows;
    const [b, w] = [random.matrix(n * positions, units), random.matrix(units, fanIn)];
    using W = uploadWeights(w, { ...ring, points: false });
    const given = {
      b,
      w,
      windows,
      slopes: slopes ? random.matrix(n * positions, ring.channels) : undefined,
    };
    await expectBack(given, W, tile, { ...ring, channels: units, points: false });
  },
);
