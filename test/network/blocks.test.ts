import { expect, test } from 'vitest';
import { PointSet, Predictions } from '../../src/data/point-set.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { initializeSymmetrically } from '../../src/network/initialization.ts';
import { denseNtk } from '../../src/jacobian/dense-ntk.ts';
import { LinearizedNetwork } from '../../src/model/linearized-network.ts';
import { TwoLayerNetwork } from '../../src/network/two-layer.ts';
import { firstGradient } from '../../src/reference/first-gradient.ts';
import { forward } from '../../src/reference/forward.ts';
import { tangentKernel } from '../../src/reference/ntk.ts';
import { output } from '../../src/reference/output.ts';
import { secondGradient } from '../../src/reference/second-gradient.ts';
import type { Dense } from '../../src/math/dense.ts';
import { Float32Numbers, gpu, run } from '../gpu-device.ts';
import { RandomNumbers } from '../reference/random-numbers.ts';

// Panels of 320 rows and blocks of 256, so that 700 points take five blocks in three panels.
const [n, d, m] = [700, 7, 10];
const panels = { maxPanelBytes: 320 * 8 * 4 };
const activation = { name: 'tanh' } as const;

function points(seed: number, size: number): { set: PointSet; X: Dense; y: Float64Array } {
  const random = new Float32Numbers(seed);
  const [X, y] = [random.matrix(size, d), random.vector(size)];
  const set = new PointSet(gpu, 'points', size, d, panels);
  set.X.write(Float32Array.from(X.data));
  set.y.write(Float32Array.from(y));
  return { set, X, y };
}

async function network(): Promise<{ net: TwoLayerNetwork; W: Dense; v: Float64Array }> {
  const net = await TwoLayerNetwork.create(gpu, { d, width: m, maxPoints: n, blockRows: 256 }, activation);
  const start = new RandomNumbers(4).symmetricInitialization(m, d);
  const W = { ...start.W, data: start.W.data.map(Math.fround) };
  net.initialize(Float32Array.from(W.data), Float32Array.from(start.v));
  return { net, W, v: start.v };
}

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
function expectClose(actual: ArrayLike<number>, exact: ArrayLike<number>, relative: number): void {
  const difference = Array.from(exact, (value, k) => actual[k] - value);
  expect(largest(difference)).toBeLessThan(relative * largest(exact));
}

test('a step over several panels and blocks is the step over all rows', async () => {
  const { set, X, y } = points(1, n);
  const { net, W, v } = await network();
  using predictions = new Predictions(gpu, 'network', n);
  expect(set.X.blocks(256).length).toBe(5);
  const rates = [3, 2];
  for (let step = 0; step < 2; step++) {
    await run(net.evaluation(set, predictions, true));
    await run(net.descent(n, rates));
  }
  await run(net.evaluation(set, predictions));

  let [w, u] = [W, v];
  for (let step = 0; step < 2; step++) {
    const { A, D } = forward(X, w, activation);
    const e = output(A, u).map((f, i) => f - y[i]);
    const [gradientW, gradientV] = [firstGradient(D, X, u, e), secondGradient(A, e)];
    w = { ...w, data: w.data.map((value, k) => value - rates[0] * gradientW.data[k]) };
    u = u.map((value, r) => value - rates[1] * gradientV[r]);
  }
  // A few hundred roundings of terms of like size: far below 1e-5 of the largest entry; a missed block is of order 1.
  expectClose(await predictions.u.read(), output(forward(X, w, activation).A, u), 1e-5);
  expectClose(
    await net.W.displacement.readAll(),
    w.data.map((value, k) => value - W.data[k]),
    1e-5,
  );
  expectClose(
    await net.v.displacement.read(),
    u.map((value, r) => value - v[r]),
    1e-5,
  );
  set[Symbol.dispose]();
  net[Symbol.dispose]();
});

test('the dense kernel over panels and blocks, on one set and between two', async () => {
  const [one, two] = [points(2, n), points(3, 300)];
  const { net, W, v } = await network();
  const at = (X: Dense) => ({ X, v, ...forward(X, W, activation) });
  for (const { rows, cols, held } of [
    { rows: one, cols: one },
    { rows: one, cols: one, held: 0 },
    { rows: two, cols: one },
  ]) {
    const sides = {
      rows: net.jacobian(rows.set.X, 'position'),
      ...(rows !== cols && { cols: net.jacobian(cols.set.X, 'position') }),
      weights: [1, 0.5],
    };
    using kernel = await denseNtk(gpu, sides, { held });
    const exact = tangentKernel(at(rows.X), at(cols.X), [1, 0.5]);
    expectClose(await kernel.readAll(), exact.data, 1e-5);
  }
  for (const { set } of [one, two]) set[Symbol.dispose]();
  net[Symbol.dispose]();
});

test('the linearized network is kernel gradient descent with Θ(0)', async () => {
  const { set, X, y } = points(5, n);
  const { net, W, v } = await network();
  using linearized = await LinearizedNetwork.create(gpu, net, n);
  using stream = new CommandStream(gpu);
  await linearized.prepare(stream, set);
  using predictions = new Predictions(gpu, 'linearized', n);
  const rates = [3, 2];
  const steps = 4;
  for (let step = 0; step < steps; step++) {
    await run(linearized.evaluation(set, predictions, true));
    await run(linearized.descent(n, rates));
  }
  await run(linearized.evaluation(set, predictions));

  // u ← u − (1/n)(η₁Θ₁ + η₂Θ₂)(u − y), with the stored kernel (THEORY.md, section 3).
  const kernel = tangentKernel({ X, v, ...forward(X, W, activation) }, undefined, rates);
  let u = new Float64Array(n);
  for (let step = 0; step < steps; step++) {
    const e = u.map((value, i) => value - y[i]);
    u = u.map((value, i) => {
      let product = 0;
      for (let j = 0; j < n; j++) product += kernel.data[i * n + j] * e[j];
      return value - product / n;
    });
  }
  expectClose(await predictions.u.read(), u, 1e-5);
  set[Symbol.dispose]();
  net[Symbol.dispose]();
});

test('symmetric initialization starts a used network anew', async () => {
  const { set } = points(6, 50);
  const { net } = await network();
  using predictions = new Predictions(gpu, 'network', 50);
  using stream = new CommandStream(gpu);
  const trained = async () => {
    await initializeSymmetrically(gpu, stream, net, 3);
    for (let step = 0; step < 3; step++) {
      await run(net.evaluation(set, predictions, true));
      await run(net.descent(50, [3, 2]));
    }
    return net.W.position.readAll();
  };
  expect(await trained()).toEqual(await trained());
  set[Symbol.dispose]();
  net[Symbol.dispose]();
});

test('the tests above do use several panels', () => {
  using matrix = new Matrix(gpu, 'X', n, d, panels);
  expect(new Set(matrix.blocks().map(({ binding }) => binding.buffer)).size).toBe(3);
});
