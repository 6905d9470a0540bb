import { expect, test } from 'vitest';
import { forwardShader } from '../../shaders/forward.wgsl.ts';
import { ntkShader } from '../../shaders/ntk.wgsl.ts';
import { type TileName, tiles } from '../../shaders/parts/tile.ts';
import { Gpu, requestDevice } from '../../src/gpu/device.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { denseNtk } from '../../src/kernel/dense-ntk.ts';
import { TangentKernel } from '../../src/kernel/tangent-kernel.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { preferTiles, productUses, shapeClass } from '../../src/programs/tile-choice.ts';
import { shapeFor } from '../../src/tuning/trial.ts';
import { gamma } from '../bounds.ts';
import { Float32Numbers } from '../gpu-device.ts';

const erf = { name: 'erf' } as const;

function sideOf(gpu: Gpu, { n, d, m }: { n: number; d: number; m: number }) {
  const random = new Float32Numbers(n);
  const matrix = (rows: number, cols: number) => {
    const made = new Matrix(gpu, 'test', rows, cols);
    made.write(Float32Array.from(random.vector(rows * cols)));
    return made;
  };
  const v = new Vector(gpu, 'v', m);
  v.write(Float32Array.from(random.vector(m)));
  return { X: matrix(n, d), at: { W: matrix(m, d), v } };
}

/** So wide that a block holds only some of the points. */
const wide = { n: 520, d: 4, m: 2048 };

test('both layers in several blocks on a device that binds no more buffers than WebGPU promises', async () => {
  const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
  expect(device.limits.maxStorageBuffersPerShaderStage).toBe(8);
  const [promised, generous] = [Gpu.of(device), Gpu.of(await requestDevice(navigator.gpu))];
  const kernels = [];
  for (const gpu of [promised, generous]) {
    const side = sideOf(gpu, wide);
    using kernel = await denseNtk(gpu, erf, side, side, { first: 1, second: 0.5 });
    kernels.push(await kernel.readAll());
    gpu.device.destroy();
  }
  const [few, many] = kernels;
  const largest = many.reduce((most, value) => Math.max(most, Math.abs(value)));
  // By Cauchy and Schwarz no sum's size passes the largest entry; either device may round each term and sum its own way.
  const apart = few.reduce((most, value, k) => Math.max(most, Math.abs(value - many[k])), 0);
  expect(largest).toBeGreaterThan(0);
  expect(apart / largest).toBeLessThan(2 * gamma(wide.m + 2 * wide.d + 8));
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
  const side = sideOf(gpu, sizes);
  using kernel = await denseNtk(gpu, erf, side, side, { first: 1, second: 0 });
  using stream = new CommandStream(gpu);
  using operator = await TangentKernel.create(gpu, stream, erf, side, side, { first: 1, second: 0 });
  await stream.finish();
  expect(operator.size).toBe(kernel.rows);
  const options = { first: true, second: false, mirror: 'itself' } as const;
  expect(gpu.programs.has(ntkShader(options, tiles[tile]))).toBe(true);
  const forward = { activation: erf, phi: false, slopes: true };
  expect(gpu.programs.has(forwardShader(forward, tiles[tile]))).toBe(true);
  gpu.device.destroy();
});
