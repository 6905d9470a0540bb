import type { Activation } from '../src/math/activation-names.ts';
import { type DeepArchitecture, fullyConnected, heGains, unitGains } from '../src/math/deep/architecture.ts';

/**
 * What a correct program shows of deep networks (THEORY-DEEP.md), from an independent program in float64 (NumPy): numbers that
 * depend on no random stream, as it printed them.
 */

/** k(a, b, c) of the expected fully-connected kernel, unit gains, all layers, at these (a, b, c). */
export const kernelArguments = [
  { a: 1, b: 1, c: 0 },
  { a: 1, b: 1, c: 0.3 },
  { a: 1.2, b: 0.7, c: -0.4 },
  { a: 1, b: 1, c: 1 },
] as const;

export const expectedKernels: readonly {
  name: 'erf' | 'relu' | 'tanh' | 'gelu';
  depth: number;
  values: readonly number[];
}[] = [
  { name: 'erf', depth: 1, values: [0.0, 0.2581379006, -0.3664271642, 1.0339690891] },
  { name: 'erf', depth: 2, values: [0.0, 0.2567555575, -0.3734475404, 1.0986062135] },
  { name: 'erf', depth: 3, values: [0.0, 0.2664400908, -0.3924181966, 1.1816163515] },
  { name: 'erf', depth: 4, values: [0.0, 0.2811899592, -0.417294776, 1.2778013351] },
  { name: 'relu', depth: 1, values: [0.1591549431, 0.3309201445, -0.0112537161, 1.0] },
  { name: 'relu', depth: 2, values: [0.1714271591, 0.2586503249, 0.0855098977, 0.75] },
  { name: 'relu', depth: 3, values: [0.1325485134, 0.1755042158, 0.088144036, 0.5] },
  { name: 'relu', depth: 4, values: [0.0893994061, 0.110364161, 0.0662254157, 0.3125] },
  { name: 'tanh', depth: 1, values: [0.0, 0.2225659593, -0.3134073604, 0.8586973928] },
  { name: 'tanh', depth: 2, values: [0.0, 0.195218266, -0.280483105, 0.7830495667] },
  { name: 'tanh', depth: 3, values: [0.0, 0.1809518276, -0.2625687839, 0.7357209343] },
  { name: 'tanh', depth: 4, values: [0.0, 0.1720948407, -0.2511459034, 0.7031056691] },
  { name: 'gelu', depth: 1, values: [0.0795774715, 0.2539629232, -0.0844465482, 0.8810723482] },
  { name: 'gelu', depth: 2, values: [0.0630561345, 0.1421024441, -0.0077300922, 0.5044479335] },
  { name: 'gelu', depth: 3, values: [0.0310579657, 0.0606404555, 0.0039603541, 0.2127105404] },
  { name: 'gelu', depth: 4, values: [0.0119432544, 0.0215351869, 0.0027714754, 0.0722819979] },
];

/** The same of a ReLU, L = 3, with gains and layer weights. */
export const weightedKernel = {
  gains: [1.3, 0.9, 1.1, 0.8],
  weights: [1, 0, 0.5, 2],
  at: { a: 1.2, b: 0.7, c: -0.4 },
  value: 0.1383971921,
} as const;

/**
 * Networks without random numbers: fill(shape, a, b)_k = √2 sin(a + bk), row-major; X = fill((3, d), 0.5, 0.7),
 * W_l = fill(shape, l, 0.3 + 0.1l), v = sign(fill(shape, 7, 1.1)), y = (1, −1, 1). θ₊ are these, θ₋ the same with
 * W_1 + 0.1 fill(shape, 3, 0.9). Kernels as their upper triangles, row by row.
 */
export const fill = (length: number, a: number, b: number): Float64Array<ArrayBuffer> =>
  Float64Array.from({ length }, (_, k) => Math.SQRT2 * Math.sin(a + b * k));

export interface ReferenceNetwork {
  title: string;
  name: 'erf' | 'relu';
  architecture: DeepArchitecture;
  /** Of one tower, at θ₊. */
  g: readonly number[];
  towerKernel: readonly number[];
  /** Of the pair. */
  f: readonly number[];
  loss: number;
  gradientNorms: { plus: readonly number[]; minus: readonly number[] };
  pairKernel: readonly number[];
  /** Of the architecture. */
  expected: readonly number[];
}

export const referenceNetworks: readonly ReferenceNetwork[] = [
  {
    title: 'fc d=6, widths 5, 4',
    name: 'erf',
    architecture: fullyConnected(6, [5, 4]),
    g: [-0.1897028925, -0.1936991077, 0.1349521634],
    towerKernel: [1.077732672, -0.4956242761, -0.5183562657, 0.9544055307, 0.0910882702, 1.0353924191],
    f: [-0.0314398684, 0.0025336176, 0.0049654518],
    loss: 0.509839268125,
    gradientNorms: {
      plus: [0.1549629462, 0.3614250969, 0.0838898987],
      minus: [0.1648556547, 0.3588168545, 0.0891419299],
    },
    pairKernel: [1.0964691949, -0.482906681, -0.526943199, 0.9500662818, 0.0634418902, 1.0282661655],
    expected: [1.0805696443, -0.5658143439, -0.2914569509, 1.1707159927, -0.4709947052, 1.0282049353],
  },
  {
    title: 'conv 4x4x2 3x3 [3, 2] flat',
    name: 'erf',
    architecture: {
      positions: [4, 4],
      channels: 2,
      layers: [
        { channels: 3, taps: 3, pool: 1 },
        { channels: 2, taps: 3, pool: 1 },
      ],
      readout: 'flat',
      gains: [1, 1, 1],
    },
    g: [0.6409951765, -0.7027941998, 0.5327410321],
    towerKernel: [0.8534665771, -0.671632497, 0.3786530565, 0.8195739035, -0.7203183777, 0.9183690949],
    f: [0.0796967714, -0.0667908423, 0.0394352125],
    loss: 0.440087012608,
    gradientNorms: {
      plus: [0.1919252905, 0.2984050774, 0.4171741984],
      minus: [0.2259843196, 0.2980480959, 0.40456153],
    },
    pairKernel: [0.8300669489, -0.6620250387, 0.3751548572, 0.8327811891, -0.7375888648, 0.9540786135],
    expected: [1.0924627584, -0.9492030589, 0.6376161529, 1.0975953504, -0.9569208017, 1.1029241811],
  },
  {
    title: 'conv 4x4x2 3x3 [3, 2] gap',
    name: 'erf',
    architecture: {
      positions: [4, 4],
      channels: 2,
      layers: [
        { channels: 3, taps: 3, pool: 1 },
        { channels: 2, taps: 3, pool: 1 },
      ],
      readout: 'mean',
      gains: [1, 1, 1],
    },
    g: [0.0049748457, -0.0148353638, 0.0026857972],
    towerKernel: [0.001345951, -0.0011071847, 0.0008452353, 0.0021754092, -0.0015984559, 0.0034968748],
    f: [0.0025933513, -0.0027023705, 0.0043526692],
    loss: 0.496789365342,
    gradientNorms: {
      plus: [0.0183307781, 0.0204635517, 0.004938557],
      minus: [0.0192443319, 0.0192224943, 0.0054418867],
    },
    pairKernel: [0.0012980597, -0.001101046, 0.0007821021, 0.0021964635, -0.0015970375, 0.0035773879],
    expected: [0.0162713847, -0.0126569025, 0.0069713392, 0.0119314993, -0.0078209434, 0.00751637],
  },
  {
    title: 'conv 4x4x2 3x3 [3, 2] pool 2 after layer 1, flat',
    name: 'erf',
    architecture: {
      positions: [4, 4],
      channels: 2,
      layers: [
        { channels: 3, taps: 3, pool: 2 },
        { channels: 2, taps: 3, pool: 1 },
      ],
      readout: 'flat',
      gains: [1, 1, 1],
    },
    g: [-0.0361356592, -0.0105761866, 0.0546915648],
    towerKernel: [0.0838605358, -0.0848158077, 0.0698909184, 0.1119443338, -0.1172899351, 0.1526198696],
    f: [0.0069702874, 0.0023634939, -0.0120857623],
    loss: 0.502526362355,
    gradientNorms: {
      plus: [0.0888420707, 0.1958323268, 0.0607506673],
      minus: [0.0886202811, 0.2075090218, 0.0638527539],
    },
    pairKernel: [0.089203725, -0.0902760586, 0.0762759417, 0.1161360681, -0.1216167249, 0.1560837167],
    expected: [0.4991024773, -0.4352985886, 0.2942845883, 0.4740559864, -0.4068680392, 0.4472651598],
  },
  {
    title: 'conv 1-D 6x1 q=2 [3] flat relu',
    name: 'relu',
    architecture: {
      positions: [6],
      channels: 1,
      layers: [{ channels: 3, taps: 2, pool: 1 }],
      readout: 'flat',
      gains: [1, 1],
    },
    g: [-0.6060606206, -0.2285606115, -0.0774251629],
    towerKernel: [1.6920053768, 0.2496884172, 0.0581339174, 1.4294431223, -0.1355332929, 0.1626234854],
    f: [0.0150478122, -0.0026773978, -0.0003005764],
    loss: 0.494230738026,
    gradientNorms: { plus: [0.197114392, 0.3667456489], minus: [0.1963988523, 0.3516773361] },
    pairKernel: [1.632585682, 0.2305932057, 0.0433046365, 1.3482901358, -0.1432826314, 0.1772597936],
    expected: [0.9524683154, 0.0033208144, 0.0880270843, 1.2130535309, 0.0043264853, 0.826259122],
  },
];

export interface ReferenceConstants {
  activation: Activation;
  gains: readonly number[];
  k0: number;
  k1: number;
  k2: number;
  /** k(1, 1, 1) */
  diagonal: number;
  /** Rows of R, least first, whose signs are free; null where none were printed. */
  norms: readonly (readonly number[])[] | null;
}

/** Constants of the linear models of fully-connected networks, about (1, 1, 0). */
export const referenceConstants: readonly ReferenceConstants[] = [
  {
    activation: { name: 'erf' },
    gains: unitGains(1),
    k0: 0.0,
    k1: 0.84882636,
    k2: 0.0,
    diagonal: 1.03396909,
    norms: null,
  },
  {
    activation: { name: 'erf' },
    gains: unitGains(2),
    k0: 0.0,
    k1: 0.84035235,
    k2: 0.0,
    diagonal: 1.09860621,
    norms: null,
  },
  {
    activation: { name: 'erf' },
    gains: unitGains(3),
    k0: 0.0,
    k1: 0.86999072,
    k2: 0.0,
    diagonal: 1.18161635,
    norms: null,
  },
  {
    activation: { name: 'erf' },
    gains: unitGains(4),
    k0: 0.0,
    k1: 0.91676699,
    k2: 0.0,
    diagonal: 1.27780134,
    norms: null,
  },
  {
    activation: { name: 'tanh' },
    gains: unitGains(1),
    k0: 0.0,
    k1: 0.73375833,
    k2: 0.0,
    diagonal: 0.85869739,
    norms: null,
  },
  {
    activation: { name: 'tanh' },
    gains: unitGains(2),
    k0: 0.0,
    k1: 0.64168044,
    k2: 0.0,
    diagonal: 0.78304957,
    norms: null,
  },
  {
    activation: { name: 'tanh' },
    gains: unitGains(3),
    k0: 0.0,
    k1: 0.59416326,
    k2: 0.0,
    diagonal: 0.73572093,
    norms: null,
  },
  {
    activation: { name: 'tanh' },
    gains: unitGains(4),
    k0: 0.0,
    k1: 0.56486369,
    k2: 0.0,
    diagonal: 0.70310567,
    norms: null,
  },
  {
    activation: { name: 'sin' },
    gains: unitGains(1),
    k0: 0.0,
    k1: 0.73575888,
    k2: 0.0,
    diagonal: 1.0,
    norms: null,
  },
  {
    activation: { name: 'sin' },
    gains: unitGains(2),
    k0: 0.0,
    k1: 0.71625426,
    k2: 0.0,
    diagonal: 1.0,
    norms: null,
  },
  {
    activation: { name: 'sin' },
    gains: unitGains(3),
    k0: 0.0,
    k1: 0.71502225,
    k2: 0.0,
    diagonal: 1.0,
    norms: null,
  },
  {
    activation: { name: 'sin' },
    gains: unitGains(4),
    k0: 0.0,
    k1: 0.71747672,
    k2: 0.0,
    diagonal: 1.0,
    norms: null,
  },
  {
    activation: { name: 'relu' },
    gains: unitGains(1),
    k0: 0.15915494,
    k1: 0.5,
    k2: 0.23873241,
    diagonal: 1.0,
    norms: [[0.398942, 0.398942, 0.0]],
  },
  {
    activation: { name: 'relu' },
    gains: unitGains(2),
    k0: 0.17142716,
    k1: 0.23952827,
    k2: 0.15388922,
    diagonal: 0.75,
    norms: [[0.414038, 0.414038, 0.0]],
  },
  {
    activation: { name: 'relu' },
    gains: unitGains(3),
    k0: 0.13254851,
    k1: 0.11407163,
    k2: 0.08313637,
    diagonal: 0.5,
    norms: [[0.364072, 0.364072, 0.0]],
  },
  {
    activation: { name: 'relu' },
    gains: unitGains(4),
    k0: 0.08939941,
    k1: 0.05446738,
    k2: 0.04260712,
    diagonal: 0.3125,
    norms: [[0.298997, 0.298997, 0.0]],
  },
  {
    activation: { name: 'leaky-relu', slope: 0.2 },
    gains: unitGains(1),
    k0: 0.10185916,
    k1: 0.72,
    k2: 0.15278875,
    diagonal: 1.04,
    norms: [[0.319154, 0.319154, 0.0]],
  },
  {
    activation: { name: 'leaky-relu', slope: 0.2 },
    gains: unitGains(2),
    k0: 0.12937039,
    k1: 0.41781371,
    k2: 0.14370236,
    diagonal: 0.8112,
    norms: [[0.359681, 0.359681, 0.0]],
  },
  {
    activation: { name: 'leaky-relu', slope: 0.2 },
    gains: unitGains(3),
    k0: 0.11282022,
    k1: 0.22606446,
    k2: 0.09843933,
    diagonal: 0.562432,
    norms: [[0.335887, 0.335887, 0.0]],
  },
  {
    activation: { name: 'leaky-relu', slope: 0.2 },
    gains: unitGains(4),
    k0: 0.08379302,
    k1: 0.11871575,
    k2: 0.05973719,
    diagonal: 0.3655808,
    norms: [[0.28947, 0.28947, 0.0]],
  },
  {
    activation: { name: 'gelu' },
    gains: unitGains(1),
    k0: 0.07957747,
    k1: 0.5,
    k2: 0.26857397,
    diagonal: 0.88107235,
    norms: [[0.282095, 0.423142, 0.035262]],
  },
  {
    activation: { name: 'gelu' },
    gains: unitGains(2),
    k0: 0.06305613,
    k1: 0.21329859,
    k2: 0.15196392,
    diagonal: 0.50444793,
    norms: [
      [0.003887, -0.002881, 0.003457],
      [0.031737, -0.010482, -0.044413],
      [0.249066, 0.428228, 0.076917],
    ],
  },
  {
    activation: { name: 'gelu' },
    gains: unitGains(3),
    k0: 0.03105797,
    k1: 0.07820227,
    k2: 0.05963553,
    diagonal: 0.21271054,
    norms: [
      [0.008143, -0.005463, 0.003904],
      [0.043797, 0.006714, -0.081963],
      [0.170509, 0.33914, 0.118892],
    ],
  },
  {
    activation: { name: 'gelu' },
    gains: unitGains(4),
    k0: 0.01194325,
    k1: 0.02532207,
    k2: 0.01924786,
    diagonal: 0.072282,
    norms: [
      [0.007815, -0.004928, 0.002685],
      [0.037682, 0.019995, -0.072995],
      [0.102285, 0.224471, 0.114289],
    ],
  },
  {
    activation: { name: 'softplus' },
    gains: unitGains(1),
    k0: 0.64973141,
    k1: 0.5,
    k2: 0.06403833,
    diagonal: 1.21462494,
    norms: [[0.806059, 0.206621, 0.072112]],
  },
  {
    activation: { name: 'softplus' },
    gains: unitGains(2),
    k0: 0.98932349,
    k1: 0.2162158,
    k2: 0.03144848,
    diagonal: 1.23890352,
    norms: [
      [0.000045, 0.000468, -0.001809],
      [0.013294, -0.070087, -0.017803],
      [0.994559, 0.171156, 0.068865],
    ],
  },
  {
    activation: { name: 'softplus' },
    gains: unitGains(3),
    k0: 1.13035099,
    k1: 0.08495513,
    k2: 0.01224269,
    diagonal: 1.22842508,
    norms: [
      [0.000052, 0.001458, -0.004365],
      [0.009828, -0.080529, -0.026779],
      [1.063134, 0.11299, 0.050397],
    ],
  },
  {
    activation: { name: 'softplus' },
    gains: unitGains(4),
    k0: 1.18152767,
    k1: 0.0312621,
    k2: 0.00436885,
    diagonal: 1.21747531,
    norms: [
      [0.000024, 0.001579, -0.004126],
      [0.00491, -0.068604, -0.026219],
      [1.08697, 0.065733, 0.031553],
    ],
  },
  {
    activation: { name: 'sigmoid' },
    gains: unitGains(1),
    k0: 0.25,
    k1: 0.08538445,
    k2: 0.0,
    diagonal: 0.33821528,
    norms: [[0.5, 0.0, 0.0]],
  },
  {
    activation: { name: 'sigmoid' },
    gains: unitGains(2),
    k0: 0.27745535,
    k1: 0.00707113,
    k2: 0.00001325,
    diagonal: 0.28473523,
    norms: [
      [0.000003, 0.002082, -0.000086],
      [0.52674, -0.00068, 0.000027],
    ],
  },
  {
    activation: { name: 'sigmoid' },
    gains: unitGains(3),
    k0: 0.28007335,
    k1: 0.00052626,
    k2: 0.00000092,
    diagonal: 0.28061356,
    norms: [
      [0.0, 0.000666, -0.000028],
      [0.52922, -0.000093, 0.000004],
    ],
  },
  {
    activation: { name: 'sigmoid' },
    gains: unitGains(4),
    k0: 0.28028828,
    k1: 0.00003671,
    k2: 0.00000006,
    diagonal: 0.28032589,
    norms: [
      [0.0, 0.000184, -0.000008],
      [0.529423, -0.000009, 0.0],
    ],
  },
  {
    activation: { name: 'relu' },
    gains: heGains(1),
    k0: 0.31830989,
    k1: 1.0,
    k2: 0.47746483,
    diagonal: 2.0,
    norms: null,
  },
  {
    activation: { name: 'relu' },
    gains: heGains(2),
    k0: 0.68570864,
    k1: 0.95811306,
    k2: 0.61555687,
    diagonal: 3.0,
    norms: null,
  },
  {
    activation: { name: 'relu' },
    gains: heGains(3),
    k0: 1.06038811,
    k1: 0.91257308,
    k2: 0.66509093,
    diagonal: 4.0,
    norms: null,
  },
  {
    activation: { name: 'relu' },
    gains: heGains(4),
    k0: 1.4303905,
    k1: 0.87147808,
    k2: 0.6817139,
    diagonal: 5.0,
    norms: null,
  },
];
