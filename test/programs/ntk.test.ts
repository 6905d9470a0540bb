import { describe, expect, test } from 'vitest';
import { strideOf } from '../../src/gpu/matrix.ts';
import { absolute } from '../../src/math/absolute.ts';
import { compileNtk } from '../../src/programs/ntk.ts';
import { tangentKernel } from '../../src/reference/ntk.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedMatrix, readPadded, run, upload, uploadVector } from '../gpu-device.ts';

const shapes = [
  [1, 1, 1, 2],
  [7, 5, 3, 6],
  [37, 66, 21, 34],
] as const;

describe.for([
  { name: 'Θ₁', first: true, second: false },
  { name: 'Θ₂', first: false, second: true },
  { name: 'η₁Θ₁ + η₂Θ₂', first: true, second: true },
])('$name', ({ first, second }) => {
  test.for(shapes)('between two sets and parameter points, n, ñ, d, m = %s', async ([n, other, d, m]) => {
    const random = new Float32Numbers(n + other);
    const point = (rows: number) => ({
      X: random.matrix(rows, d),
      A: random.matrix(rows, m),
      D: random.matrix(rows, m),
      v: random.vector(m),
    });
    const [p, q] = [point(n), point(other)];
    const weights = { first: first ? 0.7 : 0, second: second ? 1.3 : 0 };
    using X = upload(p.X);
    using A = upload(p.A);
    using D = upload(p.D);
    using XOther = upload(q.X);
    using AOther = upload(q.A);
    using DOther = upload(q.D);
    const products = Float64Array.from(p.v, (value, r) => Math.fround(value * q.v[r]));
    using vv = uploadVector(products);
    using kernel = poisonedMatrix(n, other);
    const program = await compileNtk(gpu, { first, second });
    await run([
      program(
        { X: X.whole(), A: A.whole().binding, D: D.whole().binding },
        { X: XOther.whole(), A: AOther.whole().binding, D: DOther.whole().binding },
        vv.binding,
        kernel.whole().binding,
        { inputs: d, units: m, stride: strideOf(other), column: 0 },
        weights,
      ),
    ]);

    const rates = { eta1: weights.first, eta2: weights.second };
    const exact = tangentKernel(p, q, rates);
    const size = tangentKernel(
      { X: absolute(p.X), A: absolute(p.A), D: absolute(p.D), v: absolute(p.v) },
      { X: absolute(q.X), A: absolute(q.A), D: absolute(q.D), v: absolute(q.v) },
      rates,
    );
    // v ṽ rounded, two products and m sums in one factor, d in the other; their product, the weight and its product, a sum.
    const k = m + d + 6;
    expectWithin(
      'kernel',
      await kernel.readAll(),
      exact.data,
      size.data.map((value) => gamma(k) * value),
    );
    const padding = (await readPadded(kernel)).filter((_, index) => index % kernel.stride >= other);
    expect(padding.every((value) => value === 0)).toBe(true);
  });
});
