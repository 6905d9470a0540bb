import { expect, test } from 'vitest';
import { type Pool, compilePool, compileUnpool } from '../../src/programs/pool.ts';
import { absolute } from '../../src/math/absolute.ts';
import { type Dense, dense } from '../../src/math/dense.ts';
import { blocksOf, pool, unpool } from '../../src/reference/pool.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedMatrix, readPadded, run, upload } from '../gpu-device.ts';

/** Rings and tori, blocks of unlike sides, of all positions and of one along an axis; the last takes several workgroups. */
const cases: { pool: Pool; channels: number; n: number }[] = [
  { pool: { sides: [6], side: 2 }, channels: 5, n: 3 },
  { pool: { sides: [9], side: [9] }, channels: 3, n: 2 },
  { pool: { sides: [4, 6], side: 2 }, channels: 6, n: 3 },
  { pool: { sides: [4, 9], side: [2, 3] }, channels: 1, n: 3 },
  { pool: { sides: [3, 5], side: [3, 5] }, channels: 4, n: 1 },
  { pool: { sides: [6, 4], side: [3, 1] }, channels: 7, n: 67 },
];

const title = ({ pool: { sides, side }, channels, n }: (typeof cases)[number]): string =>
  `${[side].flat().join(' × ')} of ${sides.join(' × ')}, ${channels} channels, ${n} points`;

/** What the twin takes: which block each position is in. */
const blocks = ({ sides, side }: Pool) =>
  blocksOf(
    sides,
    sides.map((_, axis) => (typeof side === 'number' ? side : side[axis])),
  );

const product = (p: Dense, q: Dense): Dense =>
  dense(
    p.rows,
    p.cols,
    p.data.map((value, k) => value * q.data[k]),
  );

test.for(cases.map((one) => ({ ...one, title: title(one) })))(
  'means over $title',
  async ({ pool: of, channels, n }) => {
    const shape = blocks(of);
    const a = new Float32Numbers(n).matrix(n * shape.positions, channels);
    using A = upload(a);
    using mean = poisonedMatrix(n * shape.pooled, channels);
    const program = await compilePool(gpu, of);
    const [full, pooled] = [A.whole().binding, mean.whole().binding];
    await run([program({ full, pooled, points: n, channels })]);

    // A sum of as many terms as a block has; the division, which may be off by 5u, and the product with it.
    const bound = pool(absolute(a), shape).data.map((size) => gamma(shape.blockSize + 5) * size);
    expectWithin('mean', await mean.readAll(), pool(a, shape).data, bound);
    const padding = (await readPadded(mean)).filter((_, k) => k % mean.stride >= channels);
    expect(padding.every((value) => value === 0)).toBe(true);
  },
);

test.for(cases.flatMap((one) => [false, true].map((shared) => ({ ...one, shared, title: title(one) }))))(
  'back through $title, the same for all: $shared',
  async ({ pool: of, channels, n, shared }) => {
    const shape = blocks(of);
    const random = new Float32Numbers(n);
    const slopes = random.matrix(n * shape.positions, channels);
    const given = random.matrix((shared ? 1 : n) * shape.pooled, channels);
    using D = upload(slopes);
    using back = upload(given);
    const program = await compileUnpool(gpu, { pool: of, shared });
    const [full, pooled] = [D.whole().binding, back.whole().binding];
    await run([program({ full, pooled, points: n, channels })]);

    const ofPoints = shared
      ? dense(n * shape.pooled, channels, Array.from({ length: n }, () => [...given.data]).flat())
      : given;
    const exact = product(unpool(ofPoints, shape), slopes);
    // The division, and two products.
    const bound = exact.data.map((value) => gamma(7) * Math.abs(value));
    expectWithin('D', await D.readAll(), exact.data, bound);
    const padding = (await readPadded(D)).filter((_, k) => k % D.stride >= channels);
    expect(padding.every((value) => value === 0)).toBe(true);
  },
);
