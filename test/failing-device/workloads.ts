import { type RunOptions, run } from '../../src/experiment/run.ts';
import { type Spec, parseSpec } from '../../src/experiment/spec.ts';
import { parseSweep } from '../../src/experiment/sweep.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { Resources } from '../../src/gpu/resources.ts';
import { Vector } from '../../src/gpu/vector.ts';
import { spectralNorm } from '../../src/spectral/spectrum.ts';
import { TwoLayerJacobian } from '../../src/network/two-layer-jacobian.ts';
import { TangentKernel } from '../../src/jacobian/tangent-kernel.ts';

/** What people have computed, small. @returns the numbers that came out, to be the same each time */
export type Workload = (device: GPUDevice, at?: (phase: string) => void) => Promise<unknown>;

const short = parseSpec({
  data: { distribution: 'gaussian', d: 4, n: 12, nTest: 6 },
  network: { width: 8, activation: 'tanh' },
  training: { layers: 'both', eta: 1, steps: 6, records: { spacing: 'linear', count: 3 } },
});

const point = parseSweep({
  data: { distribution: 'spiked', d: 5, n: 14, nTest: 0 },
  target: { kind: 'teacher', width: 4, activation: 'relu' },
  network: { width: 8, activation: 'relu' },
  training: { layers: ['first', 'both'], eta: 0.5, steps: 3, linearized: true },
  kernel: 'both',
}).points[1].spec;

const claims = parseSpec({
  data: { distribution: 'gaussian', d: 3, n: 6, nTest: 2 },
  network: { width: 4, activation: 'erf' },
  training: { layers: 'first', eta: 1, steps: 3 },
  claims: [4],
});

/** Records, claims and arrays of a run; says at each of its events which it is. */
async function computed(
  device: GPUDevice,
  spec: Spec,
  at: (phase: string) => void,
  options: RunOptions = {},
): Promise<unknown> {
  const events = run(device, spec, options);
  for (;;) {
    const next = await events.next();
    if (next.done) {
      const { status, records, claims, preparation } = next.value;
      return { status, records, claims, preparation };
    }
    at(next.value.kind);
  }
}

const numbers = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * i + 1));

/** A network on 150 points, which are three blocks of 64 at most, and operands of a product. */
export function threeBlocks(
  gpu: Gpu,
  owned: Resources,
): { rows: TwoLayerJacobian; u: Vector; image: Vector } {
  const [X, W] = [150, 8].map((count) => owned.own(new Matrix(gpu, 'matrix', count, 5)));
  const [v, u, image] = [8, 150, 150].map((length) => owned.own(new Vector(gpu, 'vector', length)));
  X.write(numbers(150 * 5));
  W.write(numbers(8 * 5));
  v.write(numbers(8));
  u.write(numbers(150));
  return { rows: new TwoLayerJacobian(X, { activation: { name: 'erf' }, W, v }), u, image };
}

export const workloads: Record<string, Workload> = {
  'a short run': (device, at = () => {}) => computed(device, short, at),

  'a point of a sweep': async (device, at = () => {}) => {
    const arrays: [string, number[]][] = [];
    const result = await computed(device, point, at, {
      onArray: async ({ name, chunks }) => {
        at('arrays');
        const entries: number[] = [];
        for await (const chunk of chunks) entries.push(...chunk);
        arrays.push([name, entries]);
      },
    });
    return { result, arrays };
  },

  'a run of claims': (device, at = () => {}) => computed(device, claims, at),

  'a spectral norm': async (device, at = () => {}) => {
    const gpu = Gpu.of(device);
    using stream = new CommandStream(gpu);
    using X = new Matrix(gpu, 'points', 24, 5);
    using W = new Matrix(gpu, 'W', 8, 5);
    using v = new Vector(gpu, 'v', 8);
    using eigenvector = new Vector(gpu, 'eigenvector', 24);
    X.write(numbers(24 * 5));
    W.write(numbers(8 * 5));
    v.write(numbers(8));
    const rows = new TwoLayerJacobian(X, { activation: { name: 'erf' }, W, v });
    using kernel = await TangentKernel.create(gpu, stream, { rows, weights: [1, 0.5] });
    at('kernel');
    const norm = await spectralNorm(gpu, kernel, { seed: 1 }, eigenvector);
    at('norm');
    return { norm, eigenvector: await eigenvector.read() };
  },

  'a product with all factors held': async (device, at = () => {}) => {
    const gpu = Gpu.of(device);
    using owned = new Resources();
    const stream = owned.own(new CommandStream(gpu));
    const { rows, u, image } = threeBlocks(gpu, owned);
    const room = { blockRows: 64, held: Infinity, heldAtLeast: 4096 };
    using kernel = await TangentKernel.create(gpu, stream, { rows, weights: [1, 0.5] }, room);
    at('kernel');
    for (const dispatch of kernel.product(u, image)) stream.run(dispatch);
    stream.flush();
    return await image.read();
  },
};
