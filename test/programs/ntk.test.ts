import { describe, expect, test } from 'vitest';
import type { FeatureStorage } from '../../shaders/parts/features.wgsl.ts';
import type { NtkOptions } from '../../shaders/ntk.wgsl.ts';
import { roundings } from '../../shaders/parts/roundings.ts';
import { type TileName, tiles } from '../../shaders/parts/tile.ts';
import { Matrix, type RowBlock, strideOf } from '../../src/gpu/matrix.ts';
import { absolute } from '../../src/math/absolute.ts';
import { type NtkTerms, compileNtk } from '../../src/programs/ntk.ts';
import { type TangentPoint, tangentKernel } from '../../src/reference/ntk.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Features, exactly } from '../features.ts';
import { Float32Numbers, gpu, poisonedMatrix, readPadded, run, upload } from '../gpu-device.ts';
import { tilesToTry } from '../tiles.ts';

const shapes = [
  [1, 1, 1, 2],
  [7, 5, 3, 6],
  [37, 66, 21, 34],
] as const;

const kernels = [
  { name: 'Θ₁', first: true, second: false },
  { name: 'Θ₂', first: false, second: true },
  { name: 'η₁Θ₁ + η₂Θ₂', first: true, second: true },
];
const whole = kernels[2];
const tilesOfNtk = tilesToTry('ntk');
/** Every kernel with the smallest tile of all; the one that has all products with the others. */
const cases = tilesOfNtk.flatMap(({ tile, smallest }, index) =>
  (index === 0 ? kernels : [whole]).map((kernel) => ({ ...kernel, tile, smallest })),
);
type Sizes = readonly [n: number, d: number, m: number];

function randomPoints(
  random: Float32Numbers,
  [n, d, m]: Sizes,
  storage: FeatureStorage = 'f32',
): TangentPoint {
  const [X, A, D] = [random.matrix(n, d), random.matrix(n, m), random.matrix(n, m)];
  const v = random.vector(m);
  // With signs B is a half where φ′(Z) is one.
  return { X, A: exactly(A, storage), D: exactly(D, storage), v: storage === 'f16' ? v.map(Math.sign) : v };
}

/** B = D diag(v), rounded. */
const slopesOf = ({ D, v }: TangentPoint) => ({
  ...D,
  data: D.data.map((value, k) => Math.fround(value * v[k % v.length])),
});

const absolutePoints = ({ X, A, D, v }: TangentPoint): TangentPoint => ({
  X: absolute(X),
  A: absolute(A),
  D: absolute(D),
  v: absolute(v),
});

/** The exact kernel, and how far float32 may be from each of its entries. */
function bounded(p: TangentPoint, q: TangentPoint, rates: readonly number[], tile: TileName) {
  // B and B̃ rounded, a product and m sums in one factor, d in the other; their product, the weight and its product, a sum.
  const [slopes, inputs] = [p.A.cols, p.X.cols].map((terms) => roundings(tiles[tile], terms));
  const bound = gamma(slopes + inputs + 6);
  const size = tangentKernel(absolutePoints(p), absolutePoints(q), rates);
  return { exact: tangentKernel(p, q, rates).data, bounds: size.data.map((value) => bound * value) };
}

async function expectZeroPadding(kernel: Matrix): Promise<void> {
  const padding = (await readPadded(kernel)).filter((_, index) => index % kernel.stride >= kernel.cols);
  expect(padding.every((value) => value === 0)).toBe(true);
}

/** What of both sides' points the terms of Θ₁ and Θ₂ take. */
interface Sides {
  X: GPUBufferBinding;
  A: GPUBufferBinding;
  B: GPUBufferBinding;
}

/** η₁Θ₁ + η₂Θ₂ as the program takes it. */
const termsOf = (
  rows: Sides,
  cols: Sides,
  { d, m }: { d: number; m: number },
  [eta1, eta2]: readonly number[],
): NtkTerms => ({
  units: m,
  inputs: d,
  outer: {
    rows: { left: rows.B, right: rows.X },
    cols: { left: cols.B, right: cols.X },
    weight: eta1 / (m * d),
  },
  plain: { rows: { right: rows.A }, cols: { right: cols.A }, weight: eta2 / m },
});

/** Between two sets and two parameter points. */
async function expectBetween(
  [n, other, d, m]: (typeof shapes)[number],
  options: Omit<NtkOptions, 'mirror'>,
  tile: TileName,
): Promise<void> {
  const { first, second, storage = 'f32' } = options;
  const weights = [first ? 0.7 : 0, second ? 1.3 : 0];
  const random = new Float32Numbers(n + other);
  const p = randomPoints(random, [n, d, m], storage);
  const q = randomPoints(random, [other, d, m], storage);
  using X = upload(p.X);
  using A = Features.of(p.A, storage);
  using B = Features.of(slopesOf(p), storage);
  using XOther = upload(q.X);
  using AOther = Features.of(q.A, storage);
  using BOther = Features.of(slopesOf(q), storage);
  using kernel = poisonedMatrix(n, other);
  const ntk = await compileNtk(gpu, { ...options, mirror: 'none' }, tiles[tile]);
  const rows = { X: X.whole().binding, A: A.binding, B: B.binding };
  const cols = { X: XOther.whole().binding, A: AOther.binding, B: BOther.binding };
  const block = { kernel: kernel.whole(), stride: strideOf(other), column: 0, cols: other };
  await run([ntk(termsOf(rows, cols, { d, m }, weights), block)]);

  const { exact, bounds } = bounded(p, q, weights, tile);
  expectWithin('kernel', await kernel.readAll(), exact, bounds);
  await expectZeroPadding(kernel);
}

test.for(tilesOfNtk.filter(({ smallest }) => smallest))('η₁Θ₁ + η₂Θ₂ of halves, $tile', ({ tile }) =>
  expectBetween(shapes[2], { first: true, second: true, storage: 'f16' }, tile),
);

describe.for(cases)('$name, $tile', ({ first, second, tile, smallest }) => {
  const weights = [first ? 0.7 : 0, second ? 1.3 : 0];
  const compile = (mirror: NtkOptions['mirror']) => compileNtk(gpu, { first, second, mirror }, tiles[tile]);

  test.for(smallest ? shapes : [])('between two sets and parameter points, n, ñ, d, m = %s', (shape) =>
    expectBetween(shape, { first, second }, tile),
  );

  test.for([
    [1, 2, 2],
    [63, 5, 6],
    [150, 9, 18], // three blocks of rows
  ] as const)('of one set, computed half, n, d, m = %s', async ([n, d, m]) => {
    const p = randomPoints(new Float32Numbers(n), [n, d, m]);
    using X = upload(p.X);
    using A = upload(p.A);
    using B = upload(slopesOf(p));
    using kernel = poisonedMatrix(n, n);
    const [onDiagonal, aboveDiagonal] = await Promise.all([compile('itself'), compile('other')]);
    const blocks = Matrix.blocksTogether([X, A, B, kernel], 64);
    const points = ([inputs, hidden, slopes]: RowBlock[]): Sides => ({
      X: inputs.binding,
      A: hidden.binding,
      B: slopes.binding,
    });
    const { stride } = kernel;
    for (const [index, rows] of blocks.entries()) {
      const own = points(rows);
      const diagonal = { kernel: rows[3], stride, column: rows[0].firstRow, cols: rows[0].rows };
      await run([onDiagonal(termsOf(own, own, { d, m }, weights), diagonal)]);
      for (const cols of blocks.slice(index + 1)) {
        const { firstRow: column, rows: count } = cols[0];
        const target = { kernel: rows[3], transpose: cols[3], stride, column, cols: count };
        await run([aboveDiagonal(termsOf(own, points(cols), { d, m }, weights), target)]);
      }
    }

    const { exact, bounds } = bounded(p, p, weights, tile);
    const entries = await kernel.readAll();
    expectWithin('kernel', entries, exact, bounds);
    expect(entries).toEqual(entries.map((_, k) => entries[(k % n) * n + Math.floor(k / n)]));
    await expectZeroPadding(kernel);
  });
});
