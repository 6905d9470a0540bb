import { expect, test } from 'vitest';
import { PointSet } from '../../src/data/point-set.ts';
import { KernelAlignment, estimated } from '../../src/kernel/alignment.ts';
import type { Dense } from '../../src/math/dense.ts';
import { TwoLayerJacobian } from '../../src/network/two-layer-jacobian.ts';
import { forward } from '../../src/reference/forward.ts';
import { matrixVector } from '../../src/reference/matrix-vector.ts';
import { tangentKernel } from '../../src/reference/ntk.ts';
import { gamma } from '../bounds.ts';
import { Float32Numbers, gpu, upload, uploadVector } from '../gpu-device.ts';

const [n, d, m] = [150, 7, 12];
const activation = { name: 'tanh' } as const;
const weights = [1, 0.4];

const random = new Float32Numbers(3);
const points = random.matrix(n, d);
const targets = random.vector(n);
const [first, other] = [random.matrix(m, d), random.matrix(m, d)];
const [v, w] = [random.vector(m), random.vector(m)];
/** Not far from the first, so that its kernel is neither the same nor another. */
const second: Dense = {
  ...first,
  data: first.data.map((value, k) => Math.fround(value + 0.3 * other.data[k])),
};

const kernelAt = (W: Dense, factors: Float64Array): Dense => {
  const point = { X: points, v: factors, ...forward(points, W, activation) };
  return tangentKernel(point, point, weights);
};
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));
const [initial, present] = [kernelAt(first, v), kernelAt(second, w)];
const exact = {
  target: dot(targets, matrixVector(present, targets)) / (norm(present.data) * dot(targets, targets)),
  start: dot(present.data, initial.data) / (norm(present.data) * norm(initial.data)),
};
/**
 * Entries of a kernel are right to 2e-5 of the largest, the contract of its own tests; a cosine of matrices moves by at most
 * twice the relative error of each. The sums over n² entries are blocked.
 */
const bound = [initial, present].reduce((sum, { data }) => {
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return sum + (2 * 2e-5 * largest * n) / norm(data) + 2 * gamma(90);
}, 0);

async function measured(stored: number) {
  using train = new PointSet(gpu, 'test', n, d);
  train.X.write(Float32Array.from(points.data));
  train.y.write(Float32Array.from(targets));
  using W0 = upload(first);
  using v0 = uploadVector(v);
  using W = upload(first);
  using u = uploadVector(v);
  const start = new TwoLayerJacobian(train.X, { activation, W: W0, v: v0 });
  const present = new TwoLayerJacobian(train.X, { activation, W, v: u });
  const setup = { train, weights, start, present, seed: 5 };
  using alignment = await KernelAlignment.create(gpu, setup, { stored });
  const before = await alignment.measure();
  W.write(Float32Array.from(second.data));
  u.write(Float32Array.from(w));
  return { before, after: await alignment.measure(), again: await alignment.measure() };
}

test('of stored kernels: those of float64, and exactly 1 with itself', async () => {
  const live = gpu.liveBuffers;
  const { before, after, again } = await measured(n);
  expect(gpu.liveBuffers).toBe(live);
  expect(before.start).toEqual({ value: 1, error: 0 });
  console.info(
    `target off by ${after.target.value - exact.target}, start by ${after.start.value - exact.start} of ${bound}`,
  );
  expect(after.target.error).toBe(0);
  expect(Math.abs(after.target.value - exact.target)).toBeLessThanOrEqual(bound);
  expect(Math.abs(after.start.value - exact.start)).toBeLessThanOrEqual(bound);
  expect(exact.start).toBeLessThan(0.98);
  expect(again).toEqual(after);
});

test('by probes: the same within their standard errors, which are small', async () => {
  const live = gpu.liveBuffers;
  const { before, after, again } = await measured(n - 1);
  expect(gpu.liveBuffers).toBe(live);
  expect(Math.abs(before.start.value - 1)).toBeLessThanOrEqual(2 ** -50);
  for (const to of ['target', 'start'] as const) {
    const { value, error } = after[to];
    console.info(`${to}: ${value} ± ${error}, exactly ${exact[to]}`);
    expect(Math.abs(value - exact[to])).toBeLessThanOrEqual(4 * error + bound);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(0.1);
  }
  expect(again).toEqual(after);
});

test('standard errors cover the truth as often as they say', () => {
  // Probes of a 2 × 2 pair of kernels by signs, many times: diag(2, 1) turned, against diag(1, 1.5).
  const numbers = new Float32Numbers(11);
  const [A, B] = [
    [2, 0.5, 0.5, 1],
    [1, 0.2, 0.2, 1.5],
  ];
  const apply = (M: number[], z: number[]): number[] => [
    M[0] * z[0] + M[1] * z[1],
    M[2] * z[0] + M[3] * z[1],
  ];
  const inner = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const truth = {
    start: inner(A, B) / Math.sqrt(inner(A, A) * inner(B, B)),
    target: 1 / Math.sqrt(inner(A, A)),
  };
  let covered = { start: 0, target: 0 };
  const draws = 400;
  for (let draw = 0; draw < draws; draw++) {
    const probes = Array.from({ length: 16 }, () => {
      const z = [...numbers.vector(2)].map((value) => (value < 0 ? -1 : 1));
      const [a, b] = [apply(A, z), apply(B, z)];
      return { theta: inner(a, a), initial: inner(b, b), product: inner(a, b) };
    });
    const { start, target } = estimated(probes, 1);
    const within = (estimate: { value: number; error: number }, value: number): number =>
      Number(Math.abs(estimate.value - value) <= 2.5 * estimate.error + 1e-12);
    covered = {
      start: covered.start + within(start, truth.start),
      target: covered.target + within(target, truth.target),
    };
  }
  // 2.5 standard errors of 16 draws of two values: about 97 %; half of it would be 78 %.
  expect(covered.start / draws).toBeGreaterThan(0.9);
  expect(covered.target / draws).toBeGreaterThan(0.9);
});
