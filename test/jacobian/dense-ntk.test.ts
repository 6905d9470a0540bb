import { expect, test, vi } from 'vitest';
import { forwardShader } from '../../shaders/forward.wgsl.ts';
import { ntkShader } from '../../shaders/ntk.wgsl.ts';
import { type TileName, tiles } from '../../shaders/parts/tile.ts';
import { Gpu, requestDevice } from '../../src/gpu/device.ts';
import { compiledPrograms } from '../../src/gpu/program.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { DenseNtk, denseNtk } from '../../src/jacobian/dense-ntk.ts';
import { TangentKernel } from '../../src/jacobian/tangent-kernel.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { preferTiles } from '../../src/programs/tile-choice.ts';
import { productUses, shapeClass } from '../../src/programs/product-shape.ts';
import { shapeFor } from '../../src/tuning/trial.ts';
import type { Dense } from '../../src/math/dense.ts';
import { TwoLayerJacobian } from '../../src/network/two-layer-jacobian.ts';
import { forward } from '../../src/reference/forward.ts';
import { tangentKernel } from '../../src/reference/ntk.ts';
import { Float32Numbers } from '../gpu-device.ts';

const erf = { name: 'erf' } as const;

/** A parameter point and inputs on the device, and what their kernel is made of, in float64. */
function sideOf(gpu: Gpu, { n, d, m }: { n: number; d: number; m: number }) {
  const random = new Float32Numbers(n);
  const [x, w, factors] = [random.matrix(n, d), random.matrix(m, d), random.vector(m)];
  const upload = ({ rows, cols, data }: Dense) => {
    const matrix = new Matrix(gpu, 'test', rows, cols);
    matrix.write(Float32Array.from(data));
    return matrix;
  };
  const v = new Vector(gpu, 'v', m);
  v.write(Float32Array.from(factors));
  return {
    side: new TwoLayerJacobian(upload(x), { activation: erf, W: upload(w), v }),
    point: () => ({ X: x, v: factors, ...forward(x, w, erf) }),
  };
}

/** So wide that a slow device makes the kernel in several blocks. */
const wide = { n: 520, d: 4, m: 2048 };

test('both layers in several blocks on a device that binds no more buffers than WebGPU promises', async () => {
  const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
  expect(device.limits.maxStorageBuffersPerShaderStage).toBe(8);
  const gpu = Gpu.of(device);
  const { side, point } = sideOf(gpu, wide);
  using kernel = new Matrix(gpu, 'kernel', wide.n, wide.n);
  using ntk = await DenseNtk.create(gpu, { rows: side, weights: [1, 0.5] });
  expect(await dispatchesAt(1, gpu, () => ntk.fill(kernel))).toBeGreaterThan(1);
  const entries = await kernel.readAll();
  device.destroy();
  const exact = tangentKernel(point(), point(), [1, 0.5]).data;
  const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const error = exact.reduce((most, value, k) => Math.max(most, Math.abs(value - entries[k])), 0);
  expect(error / largest).toBeLessThan(2e-5);
  const { n } = wide;
  expect(entries).toEqual(entries.map((_, k) => entries[(k % n) * n + Math.floor(k / n)]));
});

test('filled again, it is the kernel of the parameters as they are then, to the bit', async () => {
  const gpu = Gpu.of(await requestDevice(navigator.gpu));
  const weights = [1, 0.5];
  const { side } = sideOf(gpu, { n: 70, d: 5, m: 12 });
  using ntk = await DenseNtk.create(gpu, { rows: side, weights });
  using kernel = new Matrix(gpu, 'kernel', 70, 70);
  await ntk.fill(kernel);
  const before = await kernel.readAll();
  side.at.W.write(Float32Array.from(new Float32Numbers(9).matrix(12, 5).data));
  await ntk.fill(kernel);
  const after = await kernel.readAll();
  expect(after).not.toEqual(before);
  using anew = await denseNtk(gpu, { rows: side, weights });
  expect(after).toEqual(await anew.readAll());
  using narrow = new Matrix(gpu, 'kernel', 70, 60);
  await expect(ntk.fill(narrow)).rejects.toThrow(/70 and 70 points does not fit a matrix of 70 × 60/);
  const underWay = ntk.fill(kernel);
  await expect(ntk.fill(kernel)).rejects.toThrow(/filled already/);
  await underWay;
  // Aborted, it says so, and can be filled again.
  await expect(ntk.fill(kernel, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  await ntk.fill(kernel);
  expect(await kernel.readAll()).toEqual(after);
  gpu.device.destroy();
});

/** Runs `work` on a device that counts as so slow or fast, and counts the dispatches of its kernels' program. */
async function dispatchesAt(
  unitsPerMillisecond: number,
  gpu: Gpu,
  work: () => Promise<void>,
): Promise<number> {
  const speed = vi.spyOn(gpu.speed, 'millisecondsPerUnit', 'get').mockReturnValue(1 / unitsPerMillisecond);
  const known = vi.spyOn(gpu.speed, 'known', 'get').mockReturnValue(true);
  const run = vi.spyOn(CommandStream.prototype, 'run');
  try {
    await work();
    return run.mock.calls.filter(([{ call }]) => call.program.label === 'ntk').length;
  } finally {
    for (const spy of [speed, known, run]) spy.mockRestore();
  }
}

test('how fast the device is cuts the kernel in other blocks, not to other bits', async () => {
  const gpu = Gpu.of(await requestDevice(navigator.gpu));
  const weights = [1, 0.5];
  const { side } = sideOf(gpu, wide);
  const { side: few } = sideOf(gpu, { ...wide, n: 70 });
  for (const rows of [side, few]) {
    const entries: Float32Array[] = [];
    const make = async () => {
      using kernel = await denseNtk(gpu, { rows, cols: side, weights });
      entries.push(await kernel.readAll());
    };
    expect(await dispatchesAt(1, gpu, make)).toBeGreaterThan(1);
    expect(await dispatchesAt(1e15, gpu, make)).toBe(1);
    expect(entries[0]).toEqual(entries[1]);
  }
  gpu.device.destroy();
});

test.each([
  { n: 200, d: 12, m: 64 },
  { n: 1100, d: 8, m: 512 },
])('what is tuned for an experiment is what its kernels use, %j', async (sizes) => {
  const gpu = Gpu.of(await requestDevice(navigator.gpu));
  const tile: TileName = 'direct-4x4';
  preferTiles(
    gpu,
    productUses.map((use) => ({ use, shapes: shapeClass(shapeFor(gpu, use, sizes)), tile })),
  );
  const { side } = sideOf(gpu, sizes);
  using kernel = await denseNtk(gpu, { rows: side, weights: [1, 0] });
  using stream = new CommandStream(gpu);
  using operator = await TangentKernel.create(gpu, stream, { rows: side, weights: [1, 0] });
  await stream.finish();
  expect(operator.size).toBe(kernel.rows);
  const options = { first: true, second: false, mirror: 'itself' } as const;
  expect(compiledPrograms(gpu).has(ntkShader(options, tiles[tile]))).toBe(true);
  const slopes = { activation: erf, phi: false, slopes: true };
  expect(compiledPrograms(gpu).has(forwardShader(slopes, tiles[tile]))).toBe(true);
  gpu.device.destroy();
});

test('what is made once compiles no more than that takes, and agrees with what is made often', async () => {
  const gpu = Gpu.of(await requestDevice(navigator.gpu));
  const { side } = sideOf(gpu, { n: 200, d: 12, m: 64 });
  using once = await denseNtk(gpu, { rows: side, weights: [1, 0] }, { once: true });
  expect([...compiledPrograms(gpu).keys()].length).toBe(2);
  using often = await denseNtk(gpu, { rows: side, weights: [1, 0] });
  const [one, other] = [await once.readAll(), await often.readAll()];
  const largest = Math.max(...other.map(Math.abs));
  // Sums of the same terms in another order: of 64 and of 12.
  for (const [k, entry] of one.entries()) {
    expect(Math.abs(entry - other[k])).toBeLessThan(2 * (64 + 12) * 2 ** -24 * largest);
  }
  gpu.device.destroy();
});
