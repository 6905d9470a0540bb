import {
  type ClaimsGroupParts,
  type ClaimsGroupPlan,
  type ClaimsSize,
  ample,
  claimsGroup,
  early,
} from './claims-group.ts';

/** Sizes that a software adapter ends in minutes, and those for a GPU. */
const scales = {
  small: {
    dimensions: [12, 17, 24, 34, 48],
    depths: { d: 24, n: 480, width: 128 },
    widths: [32, 64, 128, 256],
    rings: [16, 24, 36, 54],
    images: 400,
  },
  paper: {
    dimensions: [25, 50, 100, 200],
    depths: { d: 50, n: 1000, width: 256 },
    widths: [32, 64, 128, 256, 512],
    rings: [16, 32, 64, 128],
    images: 1500,
  },
} as const;

/** Files of Fashion-MNIST, for the group of real images. */
export interface ImageFiles {
  x: string;
  y: string;
  xTest: string;
  yTest: string;
}

/** One layer of filters along a ring of d positions. */
const ring = {
  kind: 'convolutional',
  shape: ['d', 1],
  channels: 32,
  depth: 1,
  readout: 'flat',
  activation: 'erf',
} as const;
/** Its inputs: of exact norms, for those of N(0, 1) add their own fluctuations to the distance of kernels. */
const signs = { distribution: 'hypercube', n: '2*d', nTest: 200 } as const;

/** The runs that measure claim 17, within its conditions and outside them; on real images where their files are. */
export function deepClaimsGroups(
  size: ClaimsSize,
  files: ImageFiles | undefined,
): { within: ClaimsGroupPlan[]; outside: ClaimsGroupPlan[] } {
  const { dimensions, depths, widths, rings, images } = scales[size];
  const { width, ...sizes } = depths;
  const data = { ...sizes, nTest: 300 };
  const group =
    (outside: boolean) =>
    (
      plan: Omit<ClaimsGroupPlan, 'sweep' | 'outside'>,
      { training, ...parts }: ClaimsGroupParts,
    ): ClaimsGroupPlan =>
      claimsGroup({ ...plan, outside }, [17], {
        seed: 0,
        training: { linearized: true, ...training },
        ...parts,
      });
  const [within, outside] = [group(false), group(true)];
  return {
    within: [
      within(
        {
          slug: 'deep-dimension',
          title: 'Two hidden layers',
          purpose: 'The same early agreement as *d* grows, with *m* = 8*d* units a layer, for erf.',
        },
        {
          data: { d: dimensions, n: ample.n, nTest: 500 },
          network: { kind: 'deep', depth: 2, width: '8*d', activation: 'erf' },
          training: { ...early, linearized: false },
          seed: [0, 1, 2, 3, 4],
        },
      ),
      within(
        {
          slug: 'deep-width',
          title: 'Two hidden layers, width by width',
          purpose: 'How the kernel at initialization comes near its expectation as the layers widen.',
        },
        {
          data,
          network: { kind: 'deep', depth: 2, width: widths, activation: 'erf' },
          training: early,
        },
      ),
      within(
        {
          slug: 'depth',
          title: 'One to four hidden layers',
          purpose:
            'Depth by depth on the clock *τ*: every further layer costs the kernel at initialization as much again.',
        },
        {
          data,
          network: { kind: 'deep', depth: [1, 2, 3, 4], width, activation: 'erf' },
          training: early,
        },
      ),
    ],
    outside: [
      outside(
        {
          slug: 'filter',
          title: 'Convolution, filter by filter',
          purpose: 'On a ring of 64 positions: the distance of the expected kernel goes with 1/*Q*.',
        },
        {
          data: { ...signs, d: 64 },
          network: { ...ring, filter: [3, 5, 9, 17] },
          training: early,
        },
      ),
      outside(
        {
          slug: 'fixed-filter',
          title: 'Convolution with three taps at every d',
          purpose:
            'A filter that does not grow with *d*: nothing falls, and the theory asks for one that does.',
        },
        {
          data: { ...signs, d: rings },
          network: { ...ring, filter: 3 },
          training: early,
        },
      ),
      outside(
        {
          slug: 'mean-readout',
          title: 'Convolutions read as their mean',
          purpose: 'Early on such a network sees the mean pixel and nothing else.',
        },
        {
          data: { d: 48, n: 200, nTest: 200 },
          network: {
            kind: 'convolutional',
            shape: [4, 4, 3],
            filter: 3,
            channels: [24, 24],
            readout: 'mean',
            activation: 'erf',
          },
          training: { eta: 20, steps: 60 },
        },
      ),
      outside(
        {
          slug: 'deep-relu',
          title: 'ReLU, one to four hidden layers',
          purpose:
            'The spike *k*_{0}*n* grows against the bulk *k*_{1}*n*/*d*, and the diagonal with it: from three layers on the linear model is another one.',
        },
        {
          data,
          network: { kind: 'deep', depth: [1, 2, 3, 4], width, activation: 'relu' },
          training: { eta: 0.5, steps: 'ceil(2.1*d*log(d))' },
        },
      ),
      outside(
        {
          slug: 'deep-gelu',
          title: 'GELU, one and two hidden layers',
          purpose: 'Neither odd nor homogeneous: the linear model has up to three norm features.',
        },
        {
          data,
          network: { kind: 'deep', depth: [1, 2], width, activation: 'gelu' },
          training: { eta: 2, steps: 'ceil(5*d)' },
        },
      ),
      ...(files
        ? [
            outside(
              {
                slug: 'images',
                title: 'Fashion-MNIST, pullovers against coats',
                purpose:
                  'Real images at 14 × 14, centred and brought to the sphere: ‖*Σ*‖ is no *O*(1), and its largest directions are learned long before *T*, which these few steps do not reach.',
                optional: true,
              },
              {
                data: {
                  distribution: 'files',
                  ...files,
                  classes: ['pullover', 'coat'],
                  n: images,
                  nTest: 400,
                  average: 2,
                  prepare: ['centred', 'sphere'],
                },
                network: { kind: 'deep', depth: 2, width: 256, activation: 'erf' },
                training: { eta: 1, steps: 50 },
                target: { kind: 'labels' },
              },
            ),
          ]
        : []),
    ],
  };
}
