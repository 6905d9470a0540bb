import { describe, expect, test } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { makeDeep } from '../../src/experiment/deep-models.ts';
import { isTwoLayer, widthsOf } from '../../src/experiment/network-spec.ts';
import { SpecError } from '../../src/experiment/spec-error.ts';
import { parseSpec } from '../../src/experiment/parse-spec.ts';
import { ratesOf } from '../../src/experiment/spec.ts';
import { parseSweep } from '../../src/experiment/sweep.ts';
import { Gpu } from '../../src/gpu/device.ts';

const base = {
  data: { distribution: 'gaussian', d: 48, n: 20, nTest: 10 },
  training: { eta: 1, steps: 5 },
};
const deep = { kind: 'deep', widths: [8, 6] };
const conv = { kind: 'convolutional', shape: [4, 4, 3], channels: [4, 6] };

const withNetwork = (network: object, rest: object = {}) => ({ ...base, ...rest, network });
const withTraining = (training: object, network: object = deep) =>
  withNetwork(network, { training: { ...base.training, ...training } });

function problemsOf(parse: () => unknown): readonly string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
  return [];
}

describe('a bad network is one sentence with the field, its value and what to do', () => {
  test.for([
    [
      { ...conv, shape: [4, 4, 2] },
      'network.shape is 4 × 4 × 2, 32 numbers, but points have 48 inputs; give positions first and channels last, so that their product is 48.',
    ],
    [{ ...conv, shape: [48] }, 'network.shape is [48]; it must have at least 2 entries.'],
    [{ ...conv, shape: [2, 2, 4, 3] }, 'network.shape is [2,2,4,3]; it must have at most 3 entries.'],
    [{ ...conv, shape: '4x4x3' }, 'network.shape is "4x4x3"; it must be a list, in square brackets.'],
    [
      { ...conv, filter: 5 },
      'network.filter is 5, but layer 1 has 4 positions along an axis (4 × 4): its window would see positions twice. Take a filter of at most 4.',
    ],
    [
      { ...conv, pool: [2, 1] },
      'network.filter is 3, but layer 2 has 2 positions along an axis (2 × 2): its window would see positions twice. Take a filter of at most 2, or pool less before it.',
    ],
    [{ ...conv, filter: [3, 3] }, 'network.filter is [3,3]; it must be a number.'],
    [
      { ...conv, pool: [3, 1] },
      'network.pool has 3 after layer 1, which does not divide the 4 positions along an axis (4 × 4); take a divisor of 4.',
    ],
    [{ ...conv, pool: 2 }, 'network.pool is 2; it must be a list, in square brackets.'],
    [
      { ...conv, pool: [1] },
      'network.pool has 1 entries; it needs one for each hidden layer, of which there are 2, 1 where nothing is pooled.',
    ],
    [{ ...conv, readout: 'gap' }, 'network.readout is "gap"; allowed: "flat", "mean".'],
    [
      { ...conv, channels: [3, 4] },
      'network.channels is [3,4]; it must be an even number, or a list of even numbers, one for each hidden layer.',
    ],
    [{ ...conv, channels: 3 }, 'network.channels is 3; it must be even.'],
    [{ ...conv, depth: 3 }, 'network.depth is 3, but network.channels has 2 entries; remove one of the two.'],
    [{ kind: 'deep', widths: [8, 7] }, 'network.widths.1 is 7; it must be even.'],
    [{ kind: 'deep', widths: [] }, 'network.widths is []; it must have at least one entry.'],
    [{ kind: 'deep', widths: 8 }, 'network.widths is 8; it must be a list, in square brackets.'],
    [{ kind: 'deep', depth: 0, width: 8 }, 'network.depth is 0; it must be at least 1.'],
    [{ kind: 'deep', depth: 101, width: 8 }, 'network.depth is 101; it must be at most 100.'],
    [
      { kind: 'deep', depth: 3 },
      'network.widths is missing; give the units of each hidden layer, for example [256, 256], or network.depth and network.width.',
    ],
    [
      { ...deep, width: 8 },
      'network.widths and network.width are both given; give the units of each layer, or one width and network.depth.',
    ],
    [
      { ...deep, depth: 3 },
      'network.depth is 3, but network.widths has 2 entries; remove one of the two, or give network.width.',
    ],
    [
      { ...deep, gains: [1, 1] },
      "network.gains has 2 entries; a network of 2 hidden layers has 3, the readout's last.",
    ],
    [{ ...deep, gains: [1, 0, 1] }, 'network.gains.1 is 0; it must be greater than 0.'],
    [{ kind: 'depe', widths: [8] }, 'network.kind is "depe"; allowed: "two-layer", "deep", "convolutional".'],
    [
      { width: 8, widths: [8, 8] },
      'network.widths is not a field of network; it is one of networks of network.kind "deep".',
    ],
    [
      { ...deep, filter: 3 },
      'network.filter is not a field of network; it is one of networks of network.kind "convolutional".',
    ],
    [{ ...deep, filtre: 3 }, 'network.filtre is not a field of network; check its spelling.'],
  ] as const)('%j', ([network, message]) => {
    expect(problemsOf(() => parseSpec(withNetwork(network)))).toEqual([message]);
  });

  test('more positions and taps than index tables hold', () => {
    const network = { kind: 'convolutional', shape: [1000, 1000, 1], channels: 2, filter: 1000 };
    const data = { ...base.data, d: 1e6 };
    expect(problemsOf(() => parseSpec(withNetwork(network, { data })))).toEqual([
      'network.shape is 1000 × 1000 × 1 and network.filter 1000: 1,000,000,000,000 pairs of positions and taps, of which a layer has at most 16,777,216. Take a smaller filter, or average images first (data.average).',
    ]);
  });

  const ofTwoLayers = { width: 8 };
  const only = (field: string, verb = 'is') =>
    `training.${field} ${verb} for two-layer networks; a network of kind "deep" has training.rates, a multiple of training.eta for each layer.`;
  test.for([
    [
      withTraining({ rates: [1, 1] }),
      "training.rates has 2 entries; a network of 2 hidden layers has 3, the readout's last.",
    ],
    [
      withTraining({ rates: [1, 1, 1] }, ofTwoLayers),
      "training.rates has 3 entries; a network of 1 hidden layer has 2, the readout's last.",
    ],
    [
      withTraining({ rates: [0, 0, 0] }),
      'training.rates are all 0, so that nothing trains; give at least one that is not.',
    ],
    [withTraining({ rates: [1, -1, 1] }), 'training.rates.1 is -1; it must be at least 0.'],
    [
      withTraining({ rates: [1, 1e-300, 1] }),
      'training.rates has 1e-300, which makes a rate of 1e-300 with training.eta = 1; rates must be from 1e-15 to 1e+15, or 0.',
    ],
    [
      withNetwork(ofTwoLayers, { training: { steps: 5, rates: [1, 1] } }),
      'training.eta is missing; give the rate that training.rates are multiples of.',
    ],
    [
      withTraining({ rates: [1, 1], eta1: 1 }, ofTwoLayers),
      'training.rates gives every layer its rate; remove training.eta1 and training.eta2, or training.rates.',
    ],
    [withTraining({ layers: 'first' }), only('layers')],
    [withTraining({ eta1: 2 }), only('eta1 and training.eta2', 'are')],
    [
      withTraining({ linear: ['adapted'] }, ofTwoLayers),
      'training.linear is given, but refinements of the linear model are for networks of kind "deep" or "convolutional"; remove it.',
    ],
    [
      withTraining({ linear: ['adpted'] }),
      'training.linear.0 is "adpted"; allowed: "theory", "adapted", "fitted".',
    ],
    [
      withNetwork(conv, { claims: [1, 2, 17] }),
      'claims has 2, which makes no sense for this experiment: it is about two-layer networks.',
    ],
    [
      withNetwork(ofTwoLayers, { claims: [17] }),
      'claims has 17, which makes no sense for this experiment: it is about networks of network.kind "deep" or "convolutional".',
    ],
    [
      withNetwork(deep, { kernel: 'first' }),
      'kernel is "first"; of a network of kind "deep" it is "both", of all layers, or "none".',
    ],
  ] as const)('%j', ([spec, message]) => {
    expect(problemsOf(() => parseSpec(spec))).toEqual([message]);
  });
});

describe('what only the mathematics of a network tells is refused before anything is made on the device', () => {
  const relu = { activation: 'relu' };
  const refusal = async (network: object, training: object = {}, n = 20) => {
    const spec = parseSpec(withTraining(training, network));
    if (isTwoLayer(spec.network)) throw new Error('not a deep network');
    const sample = { rows: n, cols: 48, data: Float64Array.from({ length: n * 48 }, (_, k) => Math.sin(k)) };
    const setting = { d: 48, maxPoints: n, trained: [0], spectrumMoment: 1, sample };
    // No device is asked for anything until the network is known to be one that the theory takes.
    const making = makeDeep(Object.create(Gpu.prototype) as Gpu, spec, spec.network, setting);
    return making.then(
      () => expect.unreachable(),
      (error: unknown) => {
        expect(error).toBeInstanceOf(DataError);
        return (error as Error).message;
      },
    );
  };
  const adapted =
    'The adapted linear model is of fully-connected networks whose activation is odd. Leave "adapted" out of training.linear.';

  test('refinements of the linear model that do not know the network', async () => {
    expect(await refusal(conv, { linear: ['adapted'] })).toBe(adapted);
    expect(await refusal({ ...deep, ...relu }, { linear: ['theory', 'adapted'] })).toBe(adapted);
    expect(await refusal(deep, { linear: ['fitted'] }, 2)).toBe(
      'A linear model is fitted to three inputs or more; there are 2. Leave "fitted" out of training.linear.',
    );
  });

  test('one point alone, where a linear model needs a sample', async () => {
    expect(await refusal({ ...conv, ...relu }, {}, 1)).toMatch(
      /two at least\. Take data\.n of at least 2\.$/,
    );
  });

  test('kernels that float32 does not hold, and variances that grow without bound', async () => {
    const gains = Array<number>(41).fill(1e-3);
    expect(await refusal({ kind: 'deep', depth: 40, width: 4, ...relu, gains })).toMatch(
      /^The kernel of this network is .*e-\d+ at inputs of norm √d: .* With network\.gains nearer to 1/,
    );
    expect(await refusal({ kind: 'deep', depth: 30, width: 4, activation: 'x^2' })).toMatch(
      /^Layer 5 has a variance of .* constants of the linear model are computed up to 10000\. Take smaller gains\. With network\.gains/,
    );
  });
});

test('gains are 1, of deep ReLU √2; rates are multiples of eta; widths by depth', () => {
  const spec = parseSpec(withTraining({ eta: 3, rates: [1, 0, 2] }));
  expect(ratesOf(spec)).toEqual([3, 0, 6]);
  expect(widthsOf(spec.network)).toEqual([8, 6]);
  expect(widthsOf(parseSpec(withNetwork({ kind: 'deep', depth: 3, width: 8 })).network)).toEqual([8, 8, 8]);
  expect(widthsOf(parseSpec(withNetwork({ ...conv, channels: 4, depth: 2 })).network)).toEqual([4, 4]);
});

describe('sweeps', () => {
  const points = (network: object, rest: object = {}) => parseSweep(withNetwork(network, rest)).points;

  test('over depth, width, channels and filter, by name in formulas', () => {
    const depths = points({ kind: 'deep', depth: [1, 2, 3], width: 64 });
    expect(depths.map(({ id }) => id)).toEqual(['depth-1', 'depth-2', 'depth-3']);
    expect(depths.map(({ spec }) => widthsOf(spec.network))).toEqual([[64], [64, 64], [64, 64, 64]]);
    const scaled = points(
      { kind: 'deep', depth: [1, 2], width: '32*depth' },
      {
        training: { eta: '4/depth', steps: 'width' },
      },
    );
    expect(
      scaled.map(({ spec }) => [widthsOf(spec.network), spec.training.eta, spec.training.steps]),
    ).toEqual([
      [[32], 4, 32],
      [[64, 64], 2, 64],
    ]);
    const filters = points(
      { ...conv, channels: '4*filter', filter: [1, 3], depth: 2 },
      {
        training: { eta: 1, steps: '10*channels' },
      },
    );
    expect(filters.map(({ spec }) => [widthsOf(spec.network), spec.training.steps])).toEqual([
      [[4, 4], 40],
      [[12, 12], 120],
    ]);
  });

  test('lists of a network are values of it, no axes', () => {
    const one = points(
      { ...conv, pool: [1, 2], gains: [1, 2, 1] },
      {
        training: { ...base.training, rates: [1, 0.5, 2], linear: ['theory', 'fitted'] },
      },
    );
    expect(one).toHaveLength(1);
    expect(points(deep)).toHaveLength(1);
    expect(problemsOf(() => points({ kind: 'deep', depth: [1, 2], widths: [8, 8] })).join()).toMatch(
      /network\.depth is 1, but network\.widths has 2 entries/,
    );
  });
});
