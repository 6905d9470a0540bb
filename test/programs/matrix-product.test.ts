import { describe, expect, test } from 'vitest';
import { ladder } from '../../shaders/ladder/ladder.ts';
import { matrixProductText } from '../../shaders/matrix-product.wgsl.ts';
import { roundings } from '../../shaders/parts/roundings.ts';
import { type Tile, tiles } from '../../shaders/parts/tile.ts';
import { rolled } from '../../shaders/parts/unroll.ts';
import { Program } from '../../src/gpu/program.ts';
import { absolute } from '../../src/math/absolute.ts';
import { compileRung } from '../../src/programs/ladder.ts';
import {
  type MatrixProduct,
  compileMatrixProduct,
  productDispatch,
} from '../../src/programs/matrix-product.ts';
import { probeMatrixUnits } from '../../src/programs/matrix-unit-probe.ts';
import { offeredTiles, runnableTiles, tileWorkgroups } from '../../src/programs/tile-choice.ts';
import { matrixProduct } from '../../src/reference/matrix-product.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedMatrix, readPadded, run, upload } from '../gpu-device.ts';
import { tilesToTry } from '../tiles.ts';

const forms = ['NN', 'NT', 'TN'] as const;

/** An entry of a factor, made of a normal number and its place. */
type Entry = (value: number, at: number) => number;

/** rows, inner, cols */
const shapes = [
  [1, 1, 1],
  [5, 7, 3],
  [3, 301, 9], // tall and thin
  [67, 30, 133],
] as const;
/** Every form and shape with the smallest tiles; with the others one form after another, of several workgroups. */
const cases = tilesToTry('matrix-product').flatMap(({ tile, smallest }, index) =>
  (smallest ? forms : [forms[index % 3]]).map((form) => ({
    form,
    tile,
    shapes: smallest ? shapes : shapes.slice(-1),
  })),
);

type Shape = readonly [rows: number, inner: number, cols: number];

/** Whether a product is within its bound, and its padding 0. */
async function expectProduct(
  form: (typeof forms)[number],
  [rows, inner, cols]: Shape,
  compile: () => Promise<MatrixProduct>,
  { tile = tiles['direct-4x4'], entry = (value: number) => value }: { tile?: Tile; entry?: Entry } = {},
): Promise<void> {
  const random = new Float32Numbers(rows + inner);
  const entries = (height: number, width: number) => {
    const matrix = random.matrix(height, width);
    return { ...matrix, data: matrix.data.map((value, at) => Math.fround(entry(value, at))) };
  };
  const p = form === 'TN' ? entries(inner, rows) : entries(rows, inner);
  const q = form === 'NT' ? entries(cols, inner) : entries(inner, cols);
  using P = upload(p);
  using Q = upload(q);
  using C = poisonedMatrix(rows, cols);
  const product = await compile();
  await run([product(P, Q, C)]);

  const size = matrixProduct(form, absolute(p), absolute(q));
  expectWithin(
    'C',
    await C.readAll(),
    matrixProduct(form, p, q).data,
    size.data.map((value) => gamma(roundings(tile, inner)) * value),
  );
  const padding = (await readPadded(C)).filter((_, index) => index % C.stride >= cols);
  expect(padding.every((value) => value === 0)).toBe(true);
}

describe.for(cases)('$form, $tile', ({ form, tile, shapes }) => {
  test.for(shapes)('rows, inner, cols = %s', (shape) =>
    expectProduct(form, shape, () => compileMatrixProduct(gpu, form, tiles[tile]), { tile: tiles[tile] }),
  );
});

const onUnits = runnableTiles(gpu, 'matrix-product').filter((name) => tiles[name].loads === 'matrix-units');

describe.for(onUnits)(
  '%s, with what halves and sums that are rounded toward zero could get wrong',
  (name) => {
    const tile = tiles[name];
    const expectEntries = (entry: Entry) =>
      expectProduct('NT', [65, 4096, 130], () => compileMatrixProduct(gpu, 'NT', tile), { tile, entry });
    test('positive numbers, all of which add up', () => expectEntries(Math.abs));
    test('numbers far from 1, and of very different sizes', () =>
      expectEntries((value, at) => value * 2 ** (20 + ((7 * at) % 29))));
    test('small numbers', () => expectEntries((value) => value * 2 ** -50));
    test('the probe admits it', async () => {
      await probeMatrixUnits(gpu);
      expect(offeredTiles(gpu, 'matrix-product')).toContain(name);
    });
  },
);

describe.for(forms)('%s with its loops left as they are written', (form) => {
  test.for(['direct-8x8', 'workgroup-8x8'] as const)('%s', (tile) =>
    expectProduct(form, shapes[3], async () => {
      const program = await Program.compile(
        gpu,
        'matrix-product',
        rolled(matrixProductText(form, tiles[tile])),
      );
      return (P, Q, C) =>
        productDispatch(program, form, { P, Q, C }, (height, width) =>
          tileWorkgroups(tiles[tile], height, width),
        );
    }),
  );
});

const { features } = gpu.device;
const rungs = ladder.filter(({ subgroups }) => !subgroups || features.has('subgroups'));

describe.for(rungs)('the ladder, $name', (rung) => {
  test.for(shapes)('rows, inner, cols = %s', (shape) =>
    expectProduct('NN', shape, () => compileRung(gpu, rung)),
  );
});

test('only the rung that swaps in quads asks for a feature', () => {
  const asking = ladder.filter(({ code }) => code.includes('enable '));
  expect(asking.map(({ name }) => name)).toEqual(['quad-swap']);
  expect(asking.every(({ subgroups }) => subgroups)).toBe(true);
  expect(ladder.filter(({ subgroups }) => subgroups)).toEqual(asking);
});

test('refuses shapes that do not fit each other, and says which', async () => {
  using P = upload(new Float32Numbers(1).matrix(2, 3));
  using Q = upload(new Float32Numbers(2).matrix(4, 5));
  using C = poisonedMatrix(2, 5);
  const product = await compileMatrixProduct(gpu, 'NN', tiles['direct-8x8']);
  expect(() => product(P, Q, C)).toThrow(/2 × 3 and 4 × 5/);
});
