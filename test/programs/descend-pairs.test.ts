import { expect, test } from 'vitest';
import { descendPairsBuffers } from '../../shaders/descend-pairs.wgsl.ts';
import { Resources } from '../../src/gpu/resources.ts';
import { dense } from '../../src/math/dense.ts';
import { type DescendingPairs, compileDescendPairs } from '../../src/programs/descend-pairs.ts';
import { descend } from '../../src/reference/descend.ts';
import { inPairs, unpaired } from '../../src/reference/descend-pairs.ts';
import { expectWithin, u } from '../bounds.ts';
import {
  Float32Numbers,
  asOnGpu,
  gpu,
  poisonedMatrix,
  poisonedVector,
  run,
  upload,
  uploadVector,
} from '../gpu-device.ts';

/** A layer before its step, and how the step and its pairs are checked afterwards. */
interface Layer {
  descending: DescendingPairs;
  check: () => Promise<void>;
}

/** Of rows. Displacements of pairs are as training makes them: nearly opposite. */
function rowsOf(units: number, cols: number, scale: number, owned: Resources): Layer {
  const random = new Float32Numbers(units);
  const scaled = (by: number) => {
    const { data } = random.matrix(units, cols);
    return dense(
      units,
      cols,
      data.map((value) => Math.fround(by * value)),
    );
  };
  const [one, other, delta] = [scaled(scale), scaled(scale), scaled(scale)];
  const g = dense(
    units,
    cols,
    one.data.map((value, k) => value + other.data[k]),
  );
  const sizeOfG = dense(
    units,
    cols,
    one.data.map((value, k) => Math.abs(value) + Math.abs(other.data[k])),
  );
  const half = random.matrix(units / 2, cols).data;
  const start = dense(units, cols, Float64Array.of(...half, ...half));
  const rate = 0.37;
  const both = dense(2 * units, cols, Float64Array.of(...one.data, ...other.data));
  const [gradient, displacement, origin] = [both, delta, start].map((values) => owned.own(upload(values)));
  const [position, pairs] = [0, 1].map(() => owned.own(poisonedMatrix(units, cols)));
  const resting = {
    cols,
    displacement: displacement.whole().binding,
    start: origin.whole().binding,
    position: position.whole().binding,
    pairs: pairs.whole().binding,
  };
  const inParts = { binding: gradient.whole().binding, count: 2, floats: units * gradient.stride };
  const descending = { ...resting, gradient: inParts, rate };
  const check = async () => {
    const apart = unpaired(g);
    const moved = descend(delta, apart, rate).data;
    // The sum of both parts, the rate's rounding, a product and a difference.
    const sizes = unpaired(sizeOfG).data;
    const off = moved.map((value, k) => u * (Math.abs(value) + 4 * rate * sizes[k]));
    expectWithin('displacement', await displacement.readAll(), moved, off);
    const sum = moved.map((value, k) => value + start.data[k]);
    const summed = (size: number, error: number) => error + u * (Math.abs(size) + error);
    expectWithin(
      'position',
      await position.readAll(),
      sum,
      off.map((error, k) => summed(sum[k], error)),
    );
    // Half the sum meets θ(0); half the difference is of Δ alone, and as exact as it.
    const exact = inPairs(dense(units, cols, moved)).data;
    const errors = inPairs(dense(units, cols, off)).data;
    const inFirst = (k: number) => Math.floor(k / cols) % 2 === 0;
    const origins = inPairs(start).data;
    const sums = exact.map((value, k) => value + origins[k]);
    /** Half the sum of what the pair's entries are off by, in both rows of the pair. */
    const either = errors.map((error, k) => (inFirst(k) ? error : errors[k - cols]));
    const bound = either.map((error, k) => {
      const halved = summed(exact[k], error);
      return inFirst(k) ? summed(sums[k], halved) : halved;
    });
    const stored = await pairs.readAll();
    expectWithin('pairs', stored, sums, bound);

    const again = await compileDescendPairs(gpu, { layers: ['rows'], step: false });
    await run(again(units, [resting]));
    expectWithin('pairs made again', await pairs.readAll(), stored, new Float64Array(stored.length));
  };
  return { descending, check };
}

/** Of entries: nearly equal. */
function entriesOf(units: number, owned: Resources): Layer {
  const random = new Float32Numbers(units);
  const scale = 1e-20;
  const vector = (by: number) => random.vector(units).map((value) => Math.fround(by * value));
  const [one, other, delta] = [vector(scale), vector(scale), vector(scale)];
  const g = one.map((value, k) => value + other[k]);
  const sizeOfG = one.map((value, k) => Math.abs(value) + Math.abs(other[k]));
  const signs = random.vector(units / 2).map(Math.sign);
  const start = Float64Array.of(...signs, ...signs.map((sign) => -sign));
  const rate = 0.37;
  const both = Float64Array.of(...one, ...other);
  const [gradient, displacement, origin] = [both, delta, start].map((values) =>
    owned.own(uploadVector(values)),
  );
  const [position, pairs] = [0, 1].map(() => owned.own(poisonedVector(units)));
  const descending = {
    gradient: { binding: gradient.binding, count: 2, floats: units },
    rate,
    displacement: displacement.binding,
    start: origin.binding,
    position: position.binding,
    pairs: pairs.binding,
  };
  const check = async () => {
    // The gradient is that by half-sum and half-difference: ∂/∂v_r = ½ (g_2p + g_2p+1).
    const entries = (of: Float64Array) => dense(units, 1, of);
    const apart = inPairs(entries(unpaired(entries(g)).data)).data;
    const byUnit = unpaired(entries(apart)).data;
    const sizes = unpaired(
      entries(Float64Array.from(sizeOfG, (_, k) => (sizeOfG[k - (k % 2)] + sizeOfG[k - (k % 2) + 1]) / 2)),
    ).data;
    const moved = descend(entries(delta), entries(byUnit), rate).data;
    const off = moved.map((value, k) => u * (Math.abs(value) + 4 * rate * sizes[k]));
    expectWithin('displacement', await displacement.read(), moved, off);
    const exact = inPairs(entries(moved)).data;
    const origins = inPairs(entries(start)).data;
    const errors = inPairs(entries(off)).data;
    expectWithin(
      'pairs',
      await pairs.read(),
      exact.map((value, k) => value + origins[k]),
      exact.map((value, k) => {
        const error = errors[k - (k % 2)];
        const halved = error + u * (Math.abs(value) + error);
        return halved + (k % 2 === 1 ? u * Math.abs(value + origins[k]) : 0);
      }),
    );
  };
  return { descending, check };
}

const sizes = [
  [2, 1],
  [6, 5],
  [70, 33],
] as const;

test.for(sizes.flatMap(([units, cols]) => [1, 1e-20].map((scale) => [units, cols, scale] as const)))(
  'rows: Δ, θ and its pairs, units, cols, scale of Δ = %s',
  async ([units, cols, scale]) => {
    using owned = new Resources();
    const { descending, check } = rowsOf(units, cols, scale, owned);
    const program = await compileDescendPairs(gpu, { layers: ['rows'], step: true });
    await run(program(units, [descending]));
    await check();
  },
);

test.for([2, 6, 70])('entries: Δ, θ and its pairs, %s units', async (units) => {
  using owned = new Resources();
  const { descending, check } = entriesOf(units, owned);
  const program = await compileDescendPairs(gpu, { layers: ['entries'], step: true });
  await run(program(units, [descending]));
  await check();
});

test.for(sizes)(
  'both, in one dispatch where the device binds the buffers, units, cols = %s',
  async ([units, cols]) => {
    using owned = new Resources();
    const layers = [rowsOf(units, cols, 1, owned), entriesOf(units, owned)];
    const both = { layers: ['rows', 'entries'], step: true } as const;
    const program = await asOnGpu(() => compileDescendPairs(gpu, both));
    const dispatches = program(
      units,
      layers.map(({ descending }) => descending),
    );
    const most = gpu.device.limits.maxStorageBuffersPerShaderStage;
    expect(dispatches.length).toBe(2 * descendPairsBuffers({ step: true }) <= most ? 1 : 2);
    await run(dispatches);
    for (const { check } of layers) await check();
  },
);
