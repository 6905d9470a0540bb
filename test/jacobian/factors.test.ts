import { describe, expect, test } from 'vitest';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import type { Gpu } from '../../src/gpu/device.ts';
import { Matrix, type RowBlock } from '../../src/gpu/matrix.ts';
import { Resources } from '../../src/gpu/resources.ts';
import { denseNtk } from '../../src/jacobian/dense-ntk.ts';
import { type Jacobian, type JacobianFactors, groupsOf } from '../../src/jacobian/factors.ts';
import { Jvp } from '../../src/jacobian/jvp.ts';
import { TangentKernel } from '../../src/jacobian/tangent-kernel.ts';
import { Vjp } from '../../src/jacobian/vjp.ts';
import { type Dense, dense } from '../../src/math/dense.ts';
import type { FactorPair, FactorShape } from '../../src/programs/factors.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload, uploadVector } from '../gpu-device.ts';

/** Layers of sizes as a deep network of two towers has them: any number, of which the readouts have no left. */
const layers: readonly FactorShape[] = [
  { left: true, units: 6, inputs: 5, divisor: 7 },
  { left: true, units: 9, inputs: 6, divisor: 3 },
  { left: false, units: 1, inputs: 9, divisor: 2 },
  { left: true, units: 4, inputs: 6, divisor: 5 },
  { left: false, units: 1, inputs: 11, divisor: 4 },
];
const n = 300;
const panels = { maxPanelBytes: 4 * 8 * 256 };

/** Factors that are simply given: left and right of each layer, in blocks of 256 points. */
class GivenJacobian implements Jacobian {
  readonly X: Matrix;
  readonly layers = layers;
  readonly pairs: { left: Dense | undefined; right: Dense }[];

  constructor(seed: number, owned: Resources) {
    const random = new Float32Numbers(seed);
    this.X = owned.own(new Matrix(gpu, 'points', n, 5, panels));
    this.pairs = layers.map(({ left, units, inputs }) => ({
      left: left ? random.matrix(n, units) : undefined,
      right: random.matrix(n, inputs),
    }));
  }

  blockRowsOn(): number {
    return 256;
  }

  factors(_: Gpu, indices: readonly number[]): Promise<JacobianFactors> {
    const owned = new Resources();
    const given = indices.map((l) => ({
      left: this.pairs[l].left && owned.own(upload(this.pairs[l].left)),
      right: owned.own(upload(this.pairs[l].right)),
    }));
    const part = (matrix: Matrix, { firstRow, rows }: RowBlock): GPUBufferBinding => ({
      buffer: matrix.whole().binding.buffer,
      offset: 4 * matrix.stride * firstRow,
      size: 4 * matrix.stride * rows,
    });
    const { X } = this;
    return Promise.resolve({
      X,
      layers: indices.map((l) => layers[l]),
      blockRows: 256,
      rowBytes: 0,
      blocks: () => X.blocks(256),
      hold: () => undefined,
      release: () => undefined,
      fill: () => [],
      of: (_block: RowBlock, points = _block): FactorPair[] =>
        given.map(({ left, right }) => ({
          ...(left && { left: part(left, points) }),
          right: part(right, points),
        })),
      [Symbol.dispose]: () => owned[Symbol.dispose](),
    });
  }

  /** J_l but for 1/√divisor, in float64: n × (units · inputs). */
  rowsOf(l: number): Dense {
    const { units, inputs } = layers[l];
    const { left, right } = this.pairs[l];
    const J = dense(n, units * inputs);
    for (let i = 0; i < n; i++) {
      for (let r = 0; r < units; r++) {
        for (let k = 0; k < inputs; k++) {
          const factor = left ? left.data[i * units + r] : 1;
          J.data[i * units * inputs + r * inputs + k] = factor * right.data[i * inputs + k];
        }
      }
    }
    return J;
  }
}

/** Σ_l scale_l J_lJ̃_lᵀ, and the same of absolute values, of which a share is the bound. */
function kernelOf(one: GivenJacobian, other: GivenJacobian, scales: readonly number[]) {
  const exact = new Float64Array(n * n);
  const size = new Float64Array(n * n);
  for (const [l, scale] of scales.entries()) {
    if (scale === 0) continue;
    const [J, K] = [one.rowsOf(l), other.rowsOf(l)];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < J.cols; k++) {
          const term = scale * J.data[i * J.cols + k] * K.data[j * J.cols + k];
          exact[i * n + j] += term;
          size[i * n + j] += Math.abs(term);
        }
      }
    }
  }
  return { exact, size };
}

/** Roundings of an entry: sums of both factors, their product, the weight, and a sum for each layer. */
const roundings = 9 + 11 + 3 + layers.length;
const weights = [0.7, 1.3, 0, 0.4, 0.9];
const scales = weights.map((weight, l) => weight / layers[l].divisor);

test('programs take an outer and a plain layer together where they fit', () => {
  expect(groupsOf(layers)).toEqual([{ outer: 0 }, { outer: 1, plain: 2 }, { outer: 3 }, { plain: 4 }]);
});

describe('of any number of layers', () => {
  test('Jᵀu and JΔ', async () => {
    using owned = new Resources();
    const jacobian = new GivenJacobian(1, owned);
    const random = new Float32Numbers(2);
    const all = layers.map((_, l) => l);
    using factors = await jacobian.factors(gpu, all);
    using vjp = await Vjp.create(gpu, layers, 256);
    using jvp = await Jvp.create(gpu, layers, 256);
    const vector = random.vector(n);
    using u = uploadVector(vector);
    using out = poisonedVector(n);
    const Deltas = layers.map(({ units, inputs }) => random.matrix(units, inputs));
    const directions = Deltas.map((Delta, l) => ({
      direction: owned.own(upload(Delta)).whole().binding,
      scale: 1 / layers[l].divisor,
    }));
    for (const block of factors.blocks()) {
      await run(vjp.add(block, factors.of(block), u));
      await run(jvp.apply(block, factors.of(block), directions, out));
    }
    await run(vjp.total());
    const image = { exact: new Float64Array(n), size: new Float64Array(n) };
    for (const [l, { units, inputs, divisor }] of layers.entries()) {
      const J = jacobian.rowsOf(l);
      const [exact, size] = [new Float64Array(J.cols), new Float64Array(J.cols)];
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < J.cols; k++) {
          const entry = J.data[i * J.cols + k];
          exact[k] += vector[i] * entry;
          size[k] += Math.abs(vector[i] * entry);
          image.exact[i] += (entry * Deltas[l].data[k]) / divisor;
          image.size[i] += Math.abs(entry * Deltas[l].data[k]) / divisor;
        }
      }
      const sum = (await vjp.sums[l].readAll()).subarray(0, units * inputs);
      // Two products, a slice's sum, a sum over slices.
      const bound = size.map((value) => gamma(2 + 256 + 2) * value);
      expectWithin(`Jᵀu of layer ${l}`, sum, exact, bound);
    }
    const bound = image.size.map((value) => gamma(roundings + 16) * value);
    expectWithin('JΔ', await out.read(), image.exact, bound);
  });

  test('the kernel, dense and without the matrix, at one place and between two', async () => {
    using owned = new Resources();
    const [one, two] = [new GivenJacobian(3, owned), new GivenJacobian(4, owned)];
    for (const cols of [one, two]) {
      const sides = { rows: one, cols, weights };
      const { exact, size } = kernelOf(one, cols, scales);
      using kernel = await denseNtk(gpu, sides);
      const bound = size.map((value) => gamma(roundings) * value);
      expectWithin('kernel', await kernel.readAll(), exact, bound);

      using stream = new CommandStream(gpu);
      using operator = await TangentKernel.create(gpu, stream, sides);
      const vector = new Float32Numbers(5).vector(n);
      using u = uploadVector(vector);
      using out = poisonedVector(n);
      for (const transposed of [false, true]) {
        await run(transposed ? operator.transposedProduct(u, out) : operator.product(u, out));
        const [product, sizes] = [exact, size].map((entries) =>
          Float64Array.from({ length: n }, (_, i) =>
            vector.reduce((sum, value, j) => {
              const entry = transposed ? entries[j * n + i] : entries[i * n + j];
              return sum + (entries === exact ? value * entry : Math.abs(value) * entry);
            }, 0),
          ),
        );
        const room = sizes.map((value) => gamma(2 + 256 + 2 + roundings + 16) * value);
        expectWithin('product', await out.read(), product, room);
      }
    }
  });
});

test('sides that do not belong together are refused', async () => {
  using owned = new Resources();
  const rows = new GivenJacobian(6, owned);
  await expect(denseNtk(gpu, { rows, weights: [1, 1] })).rejects.toThrow(
    /one finite weight a layer, 5 here; these are \[1, 1\]/,
  );
  await expect(denseNtk(gpu, { rows, weights: [0, 0, 0, 0, 0] })).rejects.toThrow(/all 0/);
  await expect(denseNtk(gpu, { rows, weights: [1, NaN, 0, 0, 0] })).rejects.toThrow(RangeError);
  const cols = new GivenJacobian(6, owned);
  Object.assign(cols, { layers: layers.map((layer) => ({ ...layer, units: 2 })) });
  await expect(denseNtk(gpu, { rows, cols, weights })).rejects.toThrow(/6 × 5.*2 × 5/);
});
