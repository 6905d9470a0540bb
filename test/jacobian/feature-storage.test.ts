import { describe, expect, test } from 'vitest';
import { halfError } from '../../shaders/parts/accuracy.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { strideOf } from '../../src/gpu/matrix.ts';
import { Resources } from '../../src/gpu/resources.ts';
import { denseNtk } from '../../src/jacobian/dense-ntk.ts';
import { TangentKernel } from '../../src/jacobian/tangent-kernel.ts';
import { absolute } from '../../src/math/absolute.ts';
import { type Dense, dense, rowProducts } from '../../src/math/dense.ts';
import type { FactorOptions } from '../../src/jacobian/factors.ts';
import { TwoLayerJacobian } from '../../src/network/two-layer-jacobian.ts';
import { forward } from '../../src/reference/forward.ts';
import { matrixVector } from '../../src/reference/matrix-vector.ts';
import { type TangentPoint, tangentKernel } from '../../src/reference/ntk.ts';
import { expectWithin } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

// Panels of 320 rows, so that 600 points take two blocks, or four of at most 256 points.
const [n, d, m] = [600, 7, 18];
const panels = { maxPanelBytes: 320 * 8 * 4 };
const activation = { name: 'erf' } as const;
const weights = [0.7, 1.3];

const random = new Float32Numbers(1);
const point = (X: Dense, W: Dense, v: Float64Array): { W: Dense; reference: TangentPoint } => ({
  W,
  reference: { X, v, ...forward(X, W, activation) },
});
const X = random.matrix(n, d);
const vector = random.vector(n);
const here = point(X, random.matrix(m, d), random.vector(m));
const there = point(X, random.matrix(m, d), random.vector(m));
const few = point(random.matrix(70, d), here.W, here.reference.v);

const exactKernel = (p: TangentPoint, q: TangentPoint): Dense => tangentKernel(p, q, weights);

/** How far each entry of the kernel may be from the exact one when features are stored as halves. */
function halfBounds(p: TangentPoint, q: TangentPoint): Dense {
  const [inputs, absoluteInputs] = [rowProducts(p.X, q.X), rowProducts(absolute(p.X), absolute(q.X))];
  /** The kernel of |B|, |A| and |inputs|, entry by entry. */
  const size = (inputsOf: Dense, feature: (size: number) => number): Float64Array => {
    const features = (of: Dense) => dense(of.rows, m, absolute(of).data.map(feature));
    const slopes = ({ D, v }: TangentPoint) =>
      features(
        dense(
          D.rows,
          m,
          D.data.map((slope, k) => slope * v[k % m]),
        ),
      );
    const first = rowProducts(slopes(p), slopes(q));
    const second = rowProducts(features(p.A), features(q.A));
    return first.data.map(
      (value, k) =>
        (weights[0] * value * Math.abs(inputsOf.data[k])) / (m * d) + (weights[1] * second.data[k]) / m,
    );
  };
  const { relative, floor } = halfError;
  const exact = size(inputs, (feature) => feature);
  const grown = size(inputs, (feature) => (1 + relative) * feature + floor);
  // What float32 adds, before and after: a few hundred roundings of terms of like size.
  const float32 = size(absoluteInputs, (feature) => 2e-5 * (feature + floor));
  return dense(
    p.X.rows,
    q.X.rows,
    grown.map((value, k) => value - exact[k] + float32[k]),
  );
}

/** A point and its inputs on the device. */
function sideOf({ W, reference }: typeof here, owned: Resources, minus?: Dense): TwoLayerJacobian {
  const at = { activation, W: owned.own(upload(W)), v: owned.own(uploadVector(reference.v)) };
  return new TwoLayerJacobian(owned.own(upload(reference.X, panels)), at, minus && owned.own(upload(minus)));
}

describe('the dense kernel of features stored as halves', () => {
  test.for([
    { what: 'of one set, held', p: here, q: here, held: undefined },
    { what: 'of one set, made anew', p: here, q: here, held: 0 },
    { what: 'between two sets', p: few, q: here, held: undefined },
  ])('$what', async ({ p, q, held }) => {
    using owned = new Resources();
    const side = sideOf(p, owned);
    const other = p === q ? side : sideOf(q, owned);
    const options = held === undefined ? {} : { held };
    const made = (storage: 'f16' | 'f32') =>
      denseNtk(gpu, { rows: side, cols: other, weights }, { ...options, storage });
    using halves = await made('f16');
    using floats = await made('f32');
    const [ours, exact] = [await halves.readAll(), exactKernel(p.reference, q.reference).data];
    expectWithin('kernel of halves', ours, exact, halfBounds(p.reference, q.reference).data);
    // And most entries did lose digits.
    const same = (await floats.readAll()).filter((value, k) => value === ours[k]);
    expect(same.length).toBeLessThan(ours.length / 10);
  });
});

describe.for([
  { what: 'held', memory: { blockRows: 256 } },
  { what: 'made anew', memory: { blockRows: 256, held: 0 } },
])('products with features stored as halves, $what', ({ memory }) => {
  test.for([
    { what: 'at one point', q: here },
    { what: 'between two', q: there },
  ])('$what', async ({ q }) => {
    using owned = new Resources();
    using stream = new CommandStream(gpu);
    const side = sideOf(here, owned);
    const other = q === here ? side : new TwoLayerJacobian(side.X, sideOf(q, owned).at);
    const sides = { rows: side, cols: other, weights };
    using theta = await TangentKernel.create(gpu, stream, sides, { ...memory, storage: 'f16' });
    await stream.finish();
    using u = uploadVector(vector);
    using out = poisonedVector(n);
    for (const { product, to, from } of [
      { product: theta.product(u, out), to: side, from: other },
      { product: theta.transposedProduct(u, out), to: other, from: side },
    ]) {
      await run(product);
      const products = await out.read();
      // The same halves, which the test above holds to their bound, and sums in another order.
      using kernel = await denseNtk(gpu, { rows: to, cols: from, weights }, { storage: 'f16' });
      const expected = matrixVector(dense(n, n, await kernel.readAll()), vector);
      const largest = Math.max(...expected.map(Math.abs));
      const error = Math.max(...expected.map((value, i) => Math.abs(value - products[i])));
      expect(error / largest).toBeLessThan(2e-5);
    }
  });
});

/** Bytes of buffers that a kernel's operator keeps. */
async function keptBytes(memory: FactorOptions & { held?: number }): Promise<number> {
  using owned = new Resources();
  using stream = new CommandStream(gpu);
  const side = sideOf(here, owned);
  const before = gpu.liveBytes;
  using theta = await TangentKernel.create(gpu, stream, { rows: side, weights }, memory);
  await stream.finish();
  expect(theta.size).toBe(n);
  return gpu.liveBytes - before;
}

test('halves take half the memory, and twice as many points are held in as much', async () => {
  const halves = { storage: 'f16', blockRows: 256 } as const;
  const floats = { storage: 'f32', blockRows: 256 } as const;
  /** Floats of A and of B together, a point. */
  const features = 2 * strideOf(m);
  // The blocks have 256, 64, 256 and 24 points; held all, the last one keeps the room of 256 for those that pass.
  const all = { floats: await keptBytes(floats), halves: await keptBytes(halves) };
  expect(all.floats - all.halves).toBe(2 * features * (256 + 64 + 256 + 256));
  // As much as one block of floats takes, or two of halves; the others pass.
  const held = 4 * features * 256;
  expect(all.floats - (await keptBytes({ ...floats, held }))).toBe(4 * features * (64 + 256));
  expect(all.halves - (await keptBytes({ ...halves, held }))).toBe(2 * features * 256);
});

test('a difference of features is not stored as halves', async () => {
  using owned = new Resources();
  using stream = new CommandStream(gpu);
  const sides = { rows: sideOf(here, owned, there.W), weights: [1, 0] };
  const made = TangentKernel.create(gpu, stream, sides, { storage: 'f16' });
  await expect(made).rejects.toThrow(/^J₁\(W, v\) − J₁\(W̃, v\) .*f16.*`storage`/);
  await expect(denseNtk(gpu, sides, { storage: 'f16' })).rejects.toThrow(RangeError);
});
