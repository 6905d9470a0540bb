import { describe, expect, test } from 'vitest';
import { PointSet, Predictions } from '../../src/data/point-set.ts';
import { CommandStream } from '../../src/gpu/command-stream.ts';
import { Matrix } from '../../src/gpu/matrix.ts';
import { Resources } from '../../src/gpu/resources.ts';
import { denseNtk } from '../../src/jacobian/dense-ntk.ts';
import type { Activation } from '../../src/math/activation-names.ts';
import { type Architecture, towerGeometry } from '../../src/network/architecture.ts';
import { DeepNetwork } from '../../src/network/deep.ts';
import { gpu } from '../gpu-device.ts';

/** fill(shape, a, b)_k = √2 sin(a + b k), row-major: parameters and points without random numbers. */
const fill = (length: number, a: number, b: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, k) => Math.SQRT2 * Math.sin(a + b * k));

interface Vector {
  name: string;
  architecture: Architecture;
  activation: Activation;
  f: number[];
  loss: number;
  gradients: [plus: number[], minus: number[]];
  /** Rows 0; 0, 1; … of the upper triangle: 00 01 02 11 12 22. */
  kernel: number[];
}

const vectors: Vector[] = [
  {
    name: 'fully connected',
    architecture: { input: { sides: [], channels: 6 }, layers: [{ units: 5 }, { units: 4 }] },
    activation: { name: 'erf' },
    f: [-0.0314398684, 0.0025336176, 0.0049654518],
    loss: 0.509839268125,
    gradients: [
      [0.1549629462, 0.3614250969, 0.0838898987],
      [0.1648556547, 0.3588168545, 0.0891419299],
    ],
    kernel: [1.0964691949, -0.482906681, -0.526943199, 0.9500662818, 0.0634418902, 1.0282661655],
  },
  {
    name: 'convolutional, flat',
    architecture: {
      input: { sides: [4, 4], channels: 2 },
      layers: [
        { units: 3, filter: 3 },
        { units: 2, filter: 3 },
      ],
    },
    activation: { name: 'erf' },
    f: [0.0796967714, -0.0667908423, 0.0394352125],
    loss: 0.440087012608,
    gradients: [
      [0.1919252905, 0.2984050774, 0.4171741984],
      [0.2259843196, 0.2980480959, 0.40456153],
    ],
    kernel: [0.8300669489, -0.6620250387, 0.3751548572, 0.8327811891, -0.7375888648, 0.9540786135],
  },
  {
    name: 'convolutional, mean',
    architecture: {
      input: { sides: [4, 4], channels: 2 },
      layers: [
        { units: 3, filter: 3 },
        { units: 2, filter: 3, pool: 'all' },
      ],
    },
    activation: { name: 'erf' },
    f: [0.0025933513, -0.0027023705, 0.0043526692],
    loss: 0.496789365342,
    gradients: [
      [0.0183307781, 0.0204635517, 0.004938557],
      [0.0192443319, 0.0192224943, 0.0054418867],
    ],
    kernel: [0.0012980597, -0.001101046, 0.0007821021, 0.0021964635, -0.0015970375, 0.0035773879],
  },
  {
    name: 'convolutional, a pool after layer 1',
    architecture: {
      input: { sides: [4, 4], channels: 2 },
      layers: [
        { units: 3, filter: 3, pool: 2 },
        { units: 2, filter: 3 },
      ],
    },
    activation: { name: 'erf' },
    f: [0.0069702874, 0.0023634939, -0.0120857623],
    loss: 0.502526362355,
    gradients: [
      [0.0888420707, 0.1958323268, 0.0607506673],
      [0.0886202811, 0.2075090218, 0.0638527539],
    ],
    kernel: [0.089203725, -0.0902760586, 0.0762759417, 0.1161360681, -0.1216167249, 0.1560837167],
  },
  {
    name: 'convolutional on a ring, ReLU, an even filter',
    architecture: { input: { sides: [6], channels: 1 }, layers: [{ units: 3, filter: 2 }] },
    activation: { name: 'relu' },
    f: [0.0150478122, -0.0026773978, -0.0003005764],
    loss: 0.494230738026,
    gradients: [
      [0.197114392, 0.3667456489],
      [0.1963988523, 0.3516773361],
    ],
    kernel: [1.632585682, 0.2305932057, 0.0433046365, 1.3482901358, -0.1432826314, 0.1772597936],
  },
];

describe.each(vectors)('$name', ({ architecture, activation, f, loss, gradients, kernel }) => {
  test('outputs, gradients and kernel of given parameters are those computed elsewhere', async () => {
    using owned = new Resources();
    const stream = owned.own(new CommandStream(gpu));
    const { d, layers, readout } = towerGeometry(architecture);
    const points = owned.own(new PointSet(gpu, 'points', 3, d));
    points.X.write(fill(3 * d, 0.5, 0.7));
    points.y.write(Float32Array.from([1, -1, 1]));
    const network = owned.own(await DeepNetwork.create(gpu, architecture, { maxPoints: 3 }, activation));
    const weights = layers.map(({ units, fanIn }, l) => fill(units * fanIn, l + 1, 0.3 + 0.1 * (l + 1)));
    const v = fill(readout.positions * readout.units, 7, 1.1).map(Math.sign);
    network.initialize(weights, v);
    const predictions = owned.own(new Predictions(gpu, 'predictions', 3));
    for (const dispatch of network.evaluation(points, predictions)) stream.run(dispatch);
    stream.flush();
    expect([...(await predictions.u.read())], 'f at t = 0').toEqual([0, 0, 0]);

    // The second tower apart from the first: W₁ + 0.1 fill.
    const moved = weights[0].map((w, k) => w + 0.1 * fill(weights[0].length, 3, 0.9)[k]);
    const first = network.layers[layers.length + 1].position as Matrix;
    first.write(padded(moved, layers[0].channels, (layers[0].inputs / layers[0].fanIn) * layers[0].channels));
    const rates = Array.from({ length: layers.length + 1 }, () => 1);
    for (const dispatch of network.evaluation(points, predictions, true)) stream.run(dispatch);
    for (const dispatch of network.descent(3, rates)) stream.run(dispatch);
    stream.flush();
    const u = await predictions.u.read();
    const e = await predictions.e.read();
    for (const [i, exact] of f.entries()) expect(u[i]).toBeCloseTo(exact, 6);
    expect(e.reduce((sum, x) => sum + (x * x) / 6, 0)).toBeCloseTo(loss, 6);
    const norms = await Promise.all(
      network.layers.map(async ({ displacement }) => {
        const entries =
          displacement instanceof Matrix ? await displacement.readAll() : await displacement.read();
        return Math.sqrt(entries.reduce((sum, x) => sum + x * x, 0));
      }),
    );
    for (const [k, exact] of gradients.flat().entries())
      expect(norms[k], `gradient ${k}`).toBeCloseTo(exact, 6);
  });

  test('the kernel of both towers at given parameters', async () => {
    using owned = new Resources();
    const { d, layers, readout } = towerGeometry(architecture);
    const X = owned.own(new Matrix(gpu, 'points', 3, d));
    X.write(fill(3 * d, 0.5, 0.7));
    const network = owned.own(await DeepNetwork.create(gpu, architecture, { maxPoints: 3 }, activation));
    const weights = layers.map(({ units, fanIn }, l) => fill(units * fanIn, l + 1, 0.3 + 0.1 * (l + 1)));
    network.initialize(weights, fill(readout.positions * readout.units, 7, 1.1).map(Math.sign));
    const moved = weights[0].map((w, k) => w + 0.1 * fill(weights[0].length, 3, 0.9)[k]);
    const first = network.layers[layers.length + 1].position as Matrix;
    first.write(padded(moved, layers[0].channels, (layers[0].inputs / layers[0].fanIn) * layers[0].channels));
    const jacobian = network.jacobian(X, 'position');
    using theta = await denseNtk(gpu, { rows: jacobian, weights: jacobian.layers.map(() => 1) });
    const entries = await theta.readAll();
    const upper = [0, 1, 2, 4, 5, 8].map((k) => entries[k]);
    for (const [k, exact] of kernel.entries()) {
      expect(Math.abs(upper[k] - exact), `entry ${k}`).toBeLessThan(2e-6 * Math.max(1, Math.abs(exact)));
    }
  });
});

/** Channels of every tap with zeros behind them, as they lie on the device. */
function padded(values: Float32Array, channels: number, length: number): Float32Array<ArrayBuffer> {
  const rows = values.length / channels;
  const result = new Float32Array(rows * length);
  for (let i = 0; i < rows; i++) result.set(values.subarray(i * channels, (i + 1) * channels), i * length);
  return result;
}
