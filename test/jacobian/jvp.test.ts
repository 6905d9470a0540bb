import { afterEach, expect, test } from 'vitest';
import { Resources } from '../../src/gpu/resources.ts';
import { Jvp } from '../../src/jacobian/jvp.ts';
import { type Dense } from '../../src/math/dense.ts';
import type { FactorShape } from '../../src/programs/factors.ts';
import { tangentSums } from '../../src/programs/tangent.ts';
import { tiles } from '../../shaders/parts/tile.ts';
import { expectWithin, gamma } from '../bounds.ts';
import { Float32Numbers, gpu, poisonedVector, run, upload } from '../gpu-device.ts';

/** An outer layer with a plain one beside it, and a plain one that is added to them; wide enough to be split. */
const layers: readonly FactorShape[] = [
  { left: true, units: 301, inputs: 190, divisor: 7 },
  { left: false, units: 1, inputs: 301, divisor: 2 },
  { left: false, units: 1, inputs: 1402, divisor: 4 },
];
const n = 310;
const { software } = gpu.adapter;

afterEach(() => {
  gpu.adapter.software = software;
});

test('a GPU has as many partial sums as fill it and are worth a dispatch, a processor has one', () => {
  const [tile, both] = [tiles['workgroup-8x8-wide'], { first: true, second: true }];
  const count = (rows: number, units: number, inputs: number) => {
    const { count, tiles: each } = tangentSums(gpu, both, tile, { rows, units, inputs });
    // All units, and none of the partial sums without any.
    expect(count * each * 128).toBeGreaterThanOrEqual(units);
    expect((count - 1) * each * 128).toBeLessThan(units);
    return count;
  };
  gpu.adapter.software = false;
  expect(count(4096, 4096, 784)).toBe(8);
  expect(count(300_000, 4096, 784)).toBe(1); // workgroups enough
  expect(count(2048, 256, 20)).toBe(1); // too little to do
  expect(count(100, 130, 1e5)).toBe(2); // no more units
  gpu.adapter.software = true;
  expect(count(4096, 4096, 784)).toBe(1);
});

test.for([
  { form: 'as on a processor', hardware: false, rows: n },
  { form: 'in partial sums', hardware: true, rows: n },
  { form: 'of a block that the room for partial sums was not made for', hardware: true, rows: 64 },
])('JΔ $form', { timeout: 120_000 }, async ({ hardware, rows }) => {
  gpu.adapter.software = !hardware;
  using owned = new Resources();
  const random = new Float32Numbers(1);
  const lefts = layers.map(({ left, units }) => (left ? random.matrix(n, units) : undefined));
  const rights = layers.map(({ inputs }) => random.matrix(n, inputs));
  const Deltas = layers.map(({ units, inputs }) => random.matrix(units, inputs));
  const bindingOf = (matrix: Dense) => owned.own(upload(matrix)).whole().binding;
  const pairs = layers.map((_, l) => ({
    ...(lefts[l] && { left: bindingOf(lefts[l]) }),
    right: bindingOf(rights[l]),
  }));
  const directions = layers.map(({ divisor }, l) => ({
    direction: bindingOf(Deltas[l]),
    scale: 1 / divisor,
  }));
  const exact = new Float64Array(n);
  const size = new Float64Array(n);
  for (const [l, { units, inputs, divisor }] of layers.entries()) {
    for (let i = 0; i < n; i++) {
      for (let r = 0; r < units; r++) {
        for (let k = 0; k < inputs; k++) {
          const factor = lefts[l]?.data[i * units + r] ?? 1;
          const term = (factor * rights[l].data[i * inputs + k] * Deltas[l].data[r * inputs + k]) / divisor;
          exact[i] += term;
          size[i] += Math.abs(term);
        }
      }
    }
  }

  using u = poisonedVector(n);
  const block = owned.own(upload(rights[0])).whole();
  const live = gpu.liveBytes;
  {
    using jvp = await Jvp.create(gpu, layers, rows);
    expect(gpu.liveBytes > live).toBe(hardware);
    const dispatches = [...jvp.apply(block, pairs, directions, u)];
    // One a group, and the sums of both where they are split.
    expect(dispatches).toHaveLength(hardware && rows === n ? 4 : 2);
    await run(dispatches);
  }
  expect(gpu.liveBytes).toBe(live);
  // Sums over inputs and units, both programs; lanes, partial sums, scales, and one sum added to the other.
  const bound = size.map((value) => gamma(190 + 2 * 301 + 2 * 1402 + 2 * (16 + 3) + 1) * value);
  expectWithin('JΔ', await u.read(), exact, bound);
});
