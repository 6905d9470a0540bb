import { expect, test } from 'vitest';
import { absolute } from '../../src/math/absolute.ts';
import { type DirectionTarget, compileTarget } from '../../src/programs/target.ts';
import { target, targetArgument } from '../../src/reference/target.ts';
import { expectWithin, gamma, u } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

const targets: DirectionTarget[] = [
  { kind: 'sign-linear' },
  { kind: 'sign-quadratic', lambda: 0.5 },
  { kind: 'hermite', coefficients: [0.6, -0.64, 0.48] },
];
const shapes = [
  [1, 1],
  [70, 7],
  [1000, 50],
] as const;

test.for(targets.flatMap((t) => shapes.map(([n, d]) => ({ t, kind: t.kind, n, d }))))(
  '$kind, n = $n, d = $d: as its twin, but for signs of what rounding decides',
  async ({ t, n, d }) => {
    const random = new Float32Numbers(n + d);
    const x = random.matrix(n, d);
    const unit = (): Float64Array => {
      const g = random.vector(d);
      return g.map((value) => Math.fround(value / Math.hypot(...g)));
    };
    const [b, c] = [unit(), unit()];
    using X = upload(x);
    using bVector = uploadVector(b);
    using cVector = uploadVector(c);
    using y = poisonedVector(n);
    const program = await compileTarget(gpu, t);
    await run([program(X.whole(), { b: bVector, c: cVector }, y)]);

    const exact = targetArgument(x, t, { b, c });
    const bound = argumentBound(x, t, b, c);
    const computed = await y.read();
    if (t.kind === 'hermite') {
      expectWithin('hermite', computed, exact, bound);
      return;
    }
    const twin = target(x, t, { b, c });
    let undecided = 0;
    computed.forEach((value, i) => {
      if (Math.abs(exact[i]) > bound[i]) expect(value, `row ${i}`).toBe(twin[i]);
      else {
        expect(Math.abs(value)).toBe(1);
        undecided++;
      }
    });
    // The density of the argument is below 2, so more than this would mean a bound too wide to test anything.
    expect(undecided).toBeLessThanOrEqual(1 + 4 * n * Math.max(...bound));
  },
);

test.for([targets[0], { kind: 'sign-quadratic', lambda: 0 }] as DirectionTarget[])(
  '$kind: sign(0) = 1',
  async (t) => {
    using X = upload({ rows: 3, cols: 2, data: new Float64Array(6) });
    using b = uploadVector(Float64Array.of(1, 0));
    using y = poisonedVector(3);
    const program = await compileTarget(gpu, t);
    await run([program(X.whole(), { b, c: b }, y)]);
    expect([...(await y.read())]).toEqual([1, 1, 1]);
  },
);

/** Bound on the rounding error of the target's argument in float32. */
function argumentBound(
  x: Parameters<typeof target>[0],
  t: DirectionTarget,
  b: Float64Array,
  c: Float64Array,
): Float64Array {
  const projection = (direction: Float64Array): [Float64Array, Float64Array] => {
    const along = (X: typeof x, a: Float64Array): Float64Array =>
      targetArgument(X, { kind: 'sign-linear' }, { b: a, c: a });
    return [along(x, direction).map(Math.abs), along(absolute(x), absolute(direction))];
  };
  const [s, sizeS] = projection(b);
  const [r, sizeR] = projection(c);
  return s.map((value, i) => {
    const ds = gamma(x.cols + 1) * sizeS[i];
    switch (t.kind) {
      case 'sign-linear':
        return ds;
      case 'sign-quadratic': {
        // ds, dr in the square, then its product, difference, λ's rounding and product, and the sum: 5u of the sizes.
        const dr = gamma(x.cols + 1) * sizeR[i];
        const square = (r[i] + dr) ** 2;
        return ds + t.lambda * (2 * r[i] * dr + dr * dr) + 5 * u * (value + ds + t.lambda * (square + 1));
      }
      case 'hermite': {
        // Derivative times ds, with |s| + ds in every power; each term has at most 9 roundings (constants too).
        const [a1, a2, a3] = t.coefficients.map(Math.abs);
        const z = value + ds;
        const slope = a1 + a2 * Math.SQRT2 * z + (a3 * (3 * z * z + 3)) / Math.sqrt(6);
        const size = a1 * z + (a2 * (z * z + 1)) / Math.SQRT2 + (a3 * (z * z + 3) * z) / Math.sqrt(6);
        return slope * ds + gamma(9) * size;
      }
    }
  });
}
