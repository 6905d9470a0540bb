import { Gpu, requestDevice } from '../src/gpu/device.ts';
import { Matrix } from '../src/gpu/matrix.ts';
import { Resources } from '../src/gpu/resources.ts';
import { Vector } from '../src/gpu/vector.ts';
import { type DenseNtkOptions, denseNtk } from '../src/jacobian/dense-ntk.ts';
import type { KernelSides } from '../src/jacobian/kernel-sides.ts';
import { TwoLayerJacobian } from '../src/network/two-layer-jacobian.ts';
import { completion } from './completion.ts';
import type { Contestant, Task } from './contestant.ts';
import type { NetworkProblem } from './problem.ts';

/** First Light as a page has it that makes one Θ₁ and nothing else: what a bundler takes of the library for that. */
export async function oneKernel(): Promise<Contestant> {
  const gpu = Gpu.of(await requestDevice(navigator.gpu));
  return {
    library: 'First Light',
    backend: 'webgpu',
    device: gpu.device,
    activate: () => Promise.resolve(),
    denseNtk: (problem, checkedRows) => ({
      'made once': () => newDenseTask(gpu, problem, checkedRows, { once: true }),
    }),
  };
}

/** Θ₁: its points and parameters on the device. */
export function theta1(gpu: Gpu, { n, d, m, X, W, v }: NetworkProblem, owned: Resources): KernelSides {
  const points = owned.own(new Matrix(gpu, 'X', n, d));
  const at = {
    activation: { name: 'erf' } as const,
    W: owned.own(new Matrix(gpu, 'W', m, d)),
    v: owned.own(new Vector(gpu, 'v', m)),
  };
  points.write(X);
  at.W.write(W);
  at.v.write(v);
  return { rows: new TwoLayerJacobian(points, at), weights: [1, 0] };
}

/** Θ₁ made once, as denseNtk makes it: with everything that it takes allocated. */
export function newDenseTask(
  gpu: Gpu,
  problem: NetworkProblem,
  checkedRows: number,
  options?: DenseNtkOptions,
): Promise<Task> {
  const owned = new Resources();
  const sides = theta1(gpu, problem, owned);
  let theta: Matrix | undefined;
  const drop = () => {
    theta?.[Symbol.dispose]();
    theta = undefined;
  };
  return Promise.resolve({
    run: async () => {
      drop();
      theta = await denseNtk(gpu, sides, options);
      await completion(gpu.device);
    },
    result: async () => ({ theta: await firstRows(theta!, checkedRows) }),
    dispose: () => {
      drop();
      owned[Symbol.dispose]();
    },
  });
}

export async function firstRows(matrix: Matrix, rows: number): Promise<Float32Array> {
  const entries = new Float32Array(rows * matrix.cols);
  let at = 0;
  for await (const chunk of matrix.read()) {
    entries.set(chunk.subarray(0, entries.length - at), at);
    at += chunk.length;
    if (at >= entries.length) break;
  }
  return entries;
}
