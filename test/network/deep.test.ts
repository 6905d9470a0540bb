import { describe, expect, test } from 'vitest';
import { PointSet, Predictions } from '../../src/data/point-set.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { Resources } from '../../src/gpu/resources.ts';
import { denseNtk } from '../../src/jacobian/dense-ntk.ts';
import { TangentKernel } from '../../src/jacobian/tangent-kernel.ts';
import type { Activation } from '../../src/math/activation-names.ts';
import { type DeepArchitecture, fullyConnected, unitGains } from '../../src/math/deep/architecture.ts';
import { type Dense, dense } from '../../src/math/dense.ts';
import { LinearizedNetwork } from '../../src/model/linearized-network.ts';
import { towerGeometry } from '../../src/network/architecture.ts';
import { DeepNetwork } from '../../src/network/deep.ts';
import { type Pair, moved, pairKernel, pairPoint, pairPullback } from '../../src/reference/deep-pair.ts';
import { fill, referenceNetworks } from '../deep-reference.ts';
import { Float32Numbers, gpu, poisonedVector, uploadVector } from '../gpu-device.ts';

/** Channels of every tap with zeros behind them, as they lie on the device. */
function padded(values: Float32Array, channels: number, length: number): Float32Array<ArrayBuffer> {
  const rows = values.length / channels;
  const result = new Float32Array(rows * length);
  for (let i = 0; i < rows; i++) result.set(values.subarray(i * channels, (i + 1) * channels), i * length);
  return result;
}

const entriesOf = (tensor: Matrix | { read: () => Promise<Float32Array<ArrayBuffer>> }) =>
  tensor instanceof Matrix ? tensor.readAll() : tensor.read();

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));

/** Relative to the largest of what is right. */
function expectClose(
  label: string,
  actual: ArrayLike<number>,
  exact: ArrayLike<number>,
  share: number,
): void {
  const largest = Math.max(...Array.from(exact, Math.abs));
  expect(actual.length, label).toBe(exact.length);
  for (let i = 0; i < exact.length; i++) {
    expect(Math.abs(actual[i] - exact[i]), `${label}, entry ${i}`).toBeLessThanOrEqual(share * largest);
  }
}

describe.each(referenceNetworks)(
  '$title',
  ({ architecture, name, f, loss, gradientNorms, pairKernel: kernel }) => {
    const { d, layers, readout } = towerGeometry(architecture);
    const widen = (values: Float32Array, l: number) =>
      padded(values, layers[l].channels, (layers[l].inputs / layers[l].fanIn) * layers[l].channels);

    /** θ₊ and θ₋ of the reference, the towers apart in W₁. */
    async function networkOf(owned: Resources): Promise<DeepNetwork> {
      const network = owned.own(await DeepNetwork.create(gpu, architecture, { maxPoints: 3 }, { name }));
      const weights = layers.map(({ units, fanIn }, l) =>
        Float32Array.from(fill(units * fanIn, l + 1, 0.3 + 0.1 * (l + 1))),
      );
      const v = Float32Array.from(fill(readout.positions * readout.units, 7, 1.1), Math.sign);
      network.initialize(weights, v);
      return network;
    }

    function partTowers(network: DeepNetwork): void {
      const { units, fanIn } = layers[0];
      const [start, step] = [fill(units * fanIn, 1, 0.4), fill(units * fanIn, 3, 0.9)];
      const entries = Float32Array.from(start, (w, k) => w + 0.1 * step[k]);
      (network.layers[layers.length + 1].position as Matrix).write(widen(entries, 0));
    }

    test('outputs, loss and gradients at given parameters; f = 0 to the last bit where the towers are one', async () => {
      using owned = new Resources();
      const stream = owned.own(new CommandStream(gpu));
      const points = owned.own(new PointSet(gpu, 'points', 3, d));
      points.X.write(Float32Array.from(fill(3 * d, 0.5, 0.7)));
      points.y.write(Float32Array.from([1, -1, 1]));
      const network = await networkOf(owned);
      const predictions = owned.own(new Predictions(gpu, 'predictions', 3));
      for (const dispatch of network.evaluation(points, predictions)) stream.run(dispatch);
      stream.flush();
      expect([...(await predictions.u.read())], 'f at t = 0').toEqual([0, 0, 0]);

      partTowers(network);
      for (const dispatch of network.evaluation(points, predictions, true)) stream.run(dispatch);
      for (const dispatch of network.descent(3, unitGains(layers.length))) stream.run(dispatch);
      stream.flush();
      const e = await predictions.e.read();
      expectClose('f', await predictions.u.read(), f, 5e-6);
      expect(Math.abs(e.reduce((sum, x) => sum + (x * x) / 6, 0) - loss)).toBeLessThan(1e-6);
      const norms = await Promise.all(
        network.layers.map(async ({ displacement }) => norm(await entriesOf(displacement))),
      );
      expectClose('norms of gradients', norms, [...gradientNorms.plus, ...gradientNorms.minus], 2e-6);
    });

    test('the kernel of both towers, with no terms across', async () => {
      using owned = new Resources();
      const X = owned.own(new Matrix(gpu, 'points', 3, d));
      X.write(Float32Array.from(fill(3 * d, 0.5, 0.7)));
      const network = await networkOf(owned);
      partTowers(network);
      const jacobian = network.jacobian(X, 'position');
      using theta = await denseNtk(gpu, { rows: jacobian, weights: jacobian.layers.map(() => 1) });
      const entries = await theta.readAll();
      expectClose(
        'Θ',
        [0, 1, 2, 4, 5, 8].map((k) => entries[k]),
        kernel,
        2e-6,
      );
    });
  },
);

/** Networks whose sizes are no multiples of anything; with several blocks of points. */
const networks: { title: string; architecture: DeepArchitecture; activation: Activation; n: number }[] = [
  {
    title: 'three fully connected layers',
    architecture: fullyConnected(7, [9, 6, 5], [1.2, 0.9, 1.1, 0.8]),
    activation: { name: 'gelu' },
    n: 150,
  },
  {
    title: 'two convolutions on a torus, three channels, pools',
    architecture: {
      positions: [4, 6],
      channels: 3,
      layers: [
        { channels: 5, taps: 3, pool: 2 },
        { channels: 6, taps: 2, pool: 1 },
      ],
      readout: 'flat',
      gains: [1, 1.3, 0.7],
    },
    activation: { name: 'erf' },
    n: 130,
  },
  {
    title: 'a ring, one channel, the mean of all positions',
    architecture: {
      positions: [9],
      channels: 1,
      layers: [
        { channels: 7, taps: 5, pool: 3 },
        { channels: 4, taps: 3, pool: 1 },
      ],
      readout: 'mean',
      gains: [1, 1, 1],
    },
    activation: { name: 'softplus' },
    n: 70,
  },
];

describe.each(networks)('$title, in blocks of 64 points', ({ architecture, activation, n }) => {
  const { d, layers, readout } = towerGeometry(architecture);
  const count = layers.length + 1;

  /** A network after three steps at the rates of its layers, and its twin at the same float32 parameters. */
  async function trained(owned: Resources) {
    const random = new Float32Numbers(n);
    const stream = owned.own(new CommandStream(gpu));
    const x = random.matrix(n, d);
    const y = random.vector(n);
    const points = owned.own(new PointSet(gpu, 'points', n, d));
    points.X.write(Float32Array.from(x.data));
    points.y.write(Float32Array.from(y));
    const sizes = { maxPoints: n, blockRows: 64 };
    const network = owned.own(await DeepNetwork.create(gpu, architecture, sizes, activation));
    const W = layers.map(({ units, fanIn }) => random.matrix(units, fanIn));
    const v = Float64Array.from(random.vector(readout.positions * readout.units));
    network.initialize(
      W.map(({ data }) => Float32Array.from(data)),
      Float32Array.from(v),
    );
    const predictions = owned.own(new Predictions(gpu, 'predictions', n));
    for (const { u, e } of [predictions]) {
      for (const vector of [u, e]) vector.write(new Float32Array(n).fill(NaN));
    }
    const rates = Array.from({ length: count }, (_, l) => 2 + l);
    let twin: Pair = { plus: { W, v }, minus: { W, v } };
    let exact: Float64Array = new Float64Array(n);
    for (let step = 0; step < 4; step++) {
      for (const dispatch of network.evaluation(points, predictions, true)) stream.run(dispatch);
      const point = pairPoint(architecture, activation, twin, x);
      exact = point.f;
      if (step === 3) break;
      for (const dispatch of network.descent(n, rates)) stream.run(dispatch);
      const u = exact.map((value, i) => -(value - y[i]) / n);
      twin = moved(twin, 1, pairPullback(point, u), rates);
    }
    stream.flush();
    return { stream, points, network, predictions, twin, exact, x, y, rates };
  }

  test('three steps of gradient descent are those of float64', async () => {
    using owned = new Resources();
    const { network, predictions, exact, points, stream } = await trained(owned);
    expectClose('f', await predictions.u.read(), exact, 2e-5);
    // Evaluated without gradients, in other blocks.
    const again = owned.own(new Predictions(gpu, 'again', n));
    for (const dispatch of network.evaluation(points, again)) stream.run(dispatch);
    stream.flush();
    expectClose('f without gradients', await again.u.read(), exact, 2e-5);
  });

  test('kernels there, dense and as an operator, are those of float64; at the start one tower is both', async () => {
    using owned = new Resources();
    const { network, twin, points, stream, x } = await trained(owned);
    const weights = Array.from({ length: count }, (_, l) => 1 / (1 + l));
    for (const at of ['position', 'start'] as const) {
      const pair = at === 'position' ? twin : await startOf(network);
      const point = pairPoint(architecture, activation, pair, x);
      const exact = pairKernel(point, point, weights);
      const jacobian = network.jacobian(points.X, at);
      const of = jacobian.layers.map(({ layer }) => weights[layer!]);
      const sides = { rows: jacobian, weights: of };
      const theta = owned.own(await denseNtk(gpu, sides));
      expectClose(`Θ at the ${at}`, await theta.readAll(), exact.data, 5e-6);
      const u = new Float32Numbers(3).vector(n);
      const operator = owned.own(await TangentKernel.create(gpu, stream, sides, { blockRows: 64 }));
      const [given, image] = [owned.own(uploadVector(u)), owned.own(poisonedVector(n))];
      for (const dispatch of operator.product(given, image)) stream.run(dispatch);
      stream.flush();
      expectClose(`Θu at the ${at}`, await image.read(), times(exact, u), 5e-6);
    }
  });

  test('its linearization descends with the kernel at the start', async () => {
    using owned = new Resources();
    const { network, points, stream, x, y, rates } = await trained(owned);
    const linearized = owned.own(await LinearizedNetwork.create(gpu, network, n));
    await linearized.prepare(stream, points);
    const predictions = owned.own(new Predictions(gpu, 'linearized', n));
    const start = pairPoint(architecture, activation, await startOf(network), x);
    const theta = pairKernel(start, start, rates);
    let exact: Float64Array = new Float64Array(n);
    for (let step = 0; step < 3; step++) {
      for (const dispatch of linearized.evaluation(points, predictions, true)) stream.run(dispatch);
      if (step === 2) break;
      for (const dispatch of linearized.descent(n, rates)) stream.run(dispatch);
      const change = times(
        theta,
        exact.map((value, i) => value - y[i]),
      );
      exact = exact.map((value, i) => value - change[i] / n);
    }
    stream.flush();
    expectClose('f of the linearization', await predictions.u.read(), exact, 1e-5);
  });

  /** θ(0) of both towers, which are one. */
  async function startOf(network: DeepNetwork): Promise<Pair> {
    const W = await Promise.all(
      layers.map(async ({ units, fanIn, channels, inputs }, l) => {
        const entries = await (network.layers[l].start as Matrix).readAll();
        const perTap = (inputs / fanIn) * channels;
        const data = entries.filter((_, k) => (k % inputs) % perTap < channels && k % inputs < inputs);
        return dense(units, fanIn, Float64Array.from(data));
      }),
    );
    const readouts = await entriesOf(network.layers[layers.length].start);
    const stride = readout.floats / readout.positions;
    const v = Float64Array.from(readouts.filter((_, k) => k % stride < readout.units));
    return { plus: { W, v }, minus: { W, v } };
  }
});

function times(A: Dense, u: ArrayLike<number>): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: A.rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < A.cols; j++) sum += A.data[i * A.cols + j] * u[j];
    return sum;
  });
}
