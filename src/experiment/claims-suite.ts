import type { ClaimNumber } from '../theory/claim.ts';
import type { SweepInput } from './sweep.ts';

export const claimsSizes = ['small', 'paper'] as const;
export type ClaimsSize = (typeof claimsSizes)[number];

/** Runs that are planned together: a group of the claims document, before it is measured. */
export interface ClaimsGroupPlan {
  slug: string;
  title: string;
  /** What it is for, in a sentence (markup of formulas). */
  purpose: string;
  /** Deliberately outside the theorems' assumptions: claims are expected to fail here. */
  outside: boolean;
  /** Left out where files that it reads are not there. */
  optional?: true;
  sweep: SweepInput;
}

export interface ClaimsSuite {
  title: string;
  groups: ClaimsGroupPlan[];
}

/** Sizes that a software adapter ends in minutes, and those for a GPU. */
const scales = {
  small: {
    /** For what is measured at initialization, and for what trains up to T. */
    kernelDimensions: [20, 28, 40, 57, 80, 113],
    kernelSeeds: [0, 1, 2, 3],
    dimensions: [12, 17, 24, 34, 48],
    outsideDimensions: [12, 24, 48],
    seeds: [0, 1, 2],
    moreSeeds: [0, 1, 2, 3, 4],
    manySeeds: [0, 1, 2, 3, 4, 5, 6, 7],
    figure: { n: 2000, nTest: 1000, steps: 200 },
    depths: { d: 24, n: 480, width: 128 },
    deepDimensions: [12, 17, 24, 34, 48],
    widths: [32, 64, 128, 256],
    rings: [16, 24, 36, 54],
    images: 400,
  },
  paper: {
    kernelDimensions: [25, 50, 100, 200, 400, 800],
    kernelSeeds: [0, 1, 2, 3, 4],
    dimensions: [25, 50, 100, 200, 400],
    outsideDimensions: [25, 50, 100, 200],
    seeds: [0, 1, 2, 3, 4],
    moreSeeds: [0, 1, 2, 3, 4],
    manySeeds: [0, 1, 2, 3, 4, 5, 6, 7],
    figure: { n: 20000, nTest: 2000, steps: 800 },
    depths: { d: 50, n: 1000, width: 256 },
    deepDimensions: [25, 50, 100, 200],
    widths: [32, 64, 128, 256, 512],
    rings: [16, 32, 64, 128],
    images: 1500,
  },
} as const;

/** Sizes that grow as the theorems ask, n, m ≳ d^{1+α} with α = ¼; four times as large where training is compared. */
const least = { n: 'ceil(d^1.25)', width: '2*ceil(d^1.25/2)' };
const ample = { n: 'ceil(4*d^1.25)', width: '2*ceil(2*d^1.25)' };
/** With η = d/10, d log d/η is 10 log d steps; half of it is T, and by twice d log d/η the linear model is near its optimum. */
const early = { eta: 'd/10', steps: 'ceil(10*log(d))' };
const toOptimum = { eta: 'd/10', steps: 'ceil(20*log(d))' };
/** What is measured at initialization needs no more. */
const initial = { eta: 'd/10', steps: 1 };

/** Files of Fashion-MNIST, for the group of real images. */
export interface ImageFiles {
  x: string;
  y: string;
  xTest: string;
  yTest: string;
}

/**
 * The runs that measure every claim: within the theorems' assumptions, then outside them; of the claims in `only` alone, where
 * it is given, and on real images where their files are.
 */
export function claimsSuite(
  size: ClaimsSize,
  {
    only,
    images: files,
  }: { only?: readonly ClaimNumber[] | undefined; images?: ImageFiles | undefined } = {},
): ClaimsSuite {
  const { title, groups } = wholeSuite(size, files);
  if (!only) return { title, groups };
  const chosen = groups.flatMap((group) => {
    const claims = (group.sweep['claims'] as readonly ClaimNumber[]).filter((claim) => only.includes(claim));
    return claims.length > 0 ? [{ ...group, sweep: { ...group.sweep, claims } }] : [];
  });
  return { title, groups: chosen };
}

function wholeSuite(size: ClaimsSize, files: ImageFiles | undefined): ClaimsSuite {
  const {
    kernelDimensions,
    kernelSeeds,
    dimensions,
    outsideDimensions,
    seeds,
    moreSeeds,
    manySeeds,
    figure,
    depths,
    deepDimensions,
    widths,
    rings,
    images,
  } = scales[size];
  const group = (
    plan: Omit<ClaimsGroupPlan, 'sweep'>,
    claims: ClaimNumber[],
    parts: {
      data: Readonly<Record<string, unknown>>;
      network: Readonly<Record<string, unknown>>;
      training: Readonly<Record<string, unknown>>;
      target?: Readonly<Record<string, unknown>>;
      seed?: number | readonly number[];
    },
  ): ClaimsGroupPlan => ({
    ...plan,
    sweep: {
      seed: seeds,
      ...parts,
      name: plan.slug,
      data: { distribution: 'gaussian', nTest: 0, ...parts.data },
      claims,
    },
  });

  return {
    title: 'The claims of the theory, measured',
    groups: [
      group(
        {
          slug: 'kernels',
          title: 'Kernels at initialization',
          purpose:
            'How the data and the first layer’s kernel concentrate as *d* grows, with *n* = *m* = ⌈*d*^{1.25}⌉.',
          outside: false,
        },
        [1, 2, 3, 4, 14],
        {
          data: { d: kernelDimensions, n: least.n },
          network: { width: least.width, activation: 'erf' },
          training: { layers: 'first', ...initial },
          seed: kernelSeeds,
        },
      ),
      group(
        {
          slug: 'first-layer',
          title: 'First layer trained',
          purpose: 'The first-layer theorem up to *T* = *d* log *d*/*η*, and the steps of its proof.',
          outside: false,
        },
        [5, 6, 9, 12, 13],
        {
          data: { d: dimensions, n: ample.n, nTest: 500 },
          network: { width: ample.width, activation: 'erf' },
          training: { layers: 'first', ...toOptimum },
        },
      ),
      group(
        {
          slug: 'second-layer',
          title: 'Second layer trained',
          purpose: 'The second-layer theorem for erf, where E *φ*(*g*) = 0.',
          outside: false,
        },
        [7],
        {
          data: { d: dimensions, n: ample.n, nTest: 500 },
          network: { width: ample.width, activation: 'erf' },
          training: { layers: 'second', ...early },
          // One draw differs from another by a quarter here: it takes more of them to see a power.
          seed: manySeeds,
        },
      ),
      group(
        {
          slug: 'both-layers',
          title: 'Both layers trained',
          purpose: 'The theorem for both layers, for erf.',
          outside: false,
        },
        [8],
        {
          data: { d: dimensions, n: ample.n, nTest: 500 },
          network: { width: ample.width, activation: 'erf' },
          training: { layers: 'both', ...early },
          seed: moreSeeds,
        },
      ),
      group(
        {
          slug: 'relu-first',
          title: 'ReLU, first layer',
          purpose: 'A piecewise linear *φ*: its kernel, and how its Jacobian moves.',
          outside: false,
        },
        [3, 4, 15],
        {
          data: { d: dimensions, n: ample.n },
          network: { width: ample.width, activation: 'relu' },
          training: { layers: 'first', ...initial },
        },
      ),
      group(
        {
          slug: 'linear-model',
          title: 'The linear model alone',
          purpose: 'The linear model iterated 10^{4} steps beside its closed form.',
          outside: false,
        },
        [11],
        {
          data: { d: 50, n: 1000 },
          network: { width: ample.width, activation: 'erf' },
          training: { layers: 'first', ...initial },
          seed: 0,
        },
      ),
      group(
        {
          slug: 'ill-conditioned',
          title: 'The linear model alone, ill-conditioned',
          purpose:
            'Likewise with eigenvalues of *Σ* ∝ *k*^{−2}: the end comes within 10^{4} steps, and float32 stops short of it.',
          outside: false,
        },
        [11],
        {
          data: { d: 50, n: 1000, spectrum: { kind: 'power-law', exponent: 2 } },
          network: { width: ample.width, activation: 'erf' },
          training: { layers: 'first', ...initial },
          seed: 0,
        },
      ),
      group(
        {
          slug: 'figure',
          title: 'The paper’s experiment',
          purpose: 'What is learned first, and where network and linear model part off the data.',
          outside: false,
        },
        [10, 16],
        {
          data: { d: 50, n: figure.n, nTest: figure.nTest },
          network: { width: 256, activation: 'erf' },
          training: { layers: 'both', eta: 5, steps: figure.steps },
          seed: 0,
        },
      ),
      group(
        {
          slug: 'deep-dimension',
          title: 'Two hidden layers',
          purpose: 'The same early agreement as *d* grows, with *m* = 8*d* units a layer, for erf.',
          outside: false,
        },
        [17],
        {
          data: { d: deepDimensions, n: ample.n, nTest: 500 },
          network: { kind: 'deep', depth: 2, width: '8*d', activation: 'erf' },
          training: early,
          seed: moreSeeds,
        },
      ),
      group(
        {
          slug: 'deep-width',
          title: 'Two hidden layers, width by width',
          purpose: 'How the kernel at initialization comes near its expectation as the layers widen.',
          outside: false,
        },
        [17],
        {
          data: { d: depths.d, n: depths.n, nTest: 300 },
          network: { kind: 'deep', depth: 2, width: widths, activation: 'erf' },
          training: { ...early, linearized: true },
          seed: 0,
        },
      ),
      group(
        {
          slug: 'depth',
          title: 'One to four hidden layers',
          purpose:
            'Depth by depth on the clock *τ*: every further layer costs the kernel at initialization as much again.',
          outside: false,
        },
        [17],
        {
          data: { d: depths.d, n: depths.n, nTest: 300 },
          network: { kind: 'deep', depth: [1, 2, 3, 4], width: depths.width, activation: 'erf' },
          training: { ...early, linearized: true },
          seed: 0,
        },
      ),
      group(
        {
          slug: 'filter',
          title: 'Convolution, filter by filter',
          purpose: 'On a ring of 64 positions: the distance of the expected kernel goes with 1/*Q*.',
          outside: true,
        },
        [17],
        {
          data: { distribution: 'hypercube', d: 64, n: '2*d', nTest: 200 },
          network: {
            kind: 'convolutional',
            shape: ['d', 1],
            filter: [3, 5, 9, 17],
            channels: 32,
            depth: 1,
            readout: 'flat',
            activation: 'erf',
          },
          training: { ...early, linearized: true },
          seed: 0,
        },
      ),
      ...(files
        ? [
            group(
              {
                slug: 'images',
                title: 'Fashion-MNIST, pullovers against coats',
                purpose:
                  'Real images at 14 × 14, centred and brought to the sphere: ‖*Σ*‖ is no *O*(1), and its largest directions are learned long before *T*, which these few steps do not reach.',
                outside: true,
                optional: true,
              },
              [17],
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
                training: { eta: 1, steps: 50, linearized: true },
                target: { kind: 'labels' },
                seed: 0,
              },
            ),
          ]
        : []),
      group(
        {
          slug: 'deep-relu',
          title: 'ReLU, one to four hidden layers',
          purpose:
            'The spike *k*_{0}*n* grows against the bulk *k*_{1}*n*/*d*, and the diagonal with it: from three layers on the linear model is another one.',
          outside: true,
        },
        [17],
        {
          data: { d: depths.d, n: depths.n, nTest: 300 },
          network: { kind: 'deep', depth: [1, 2, 3, 4], width: depths.width, activation: 'relu' },
          training: { eta: 0.5, steps: 'ceil(2.1*d*log(d))', linearized: true },
          seed: 0,
        },
      ),
      group(
        {
          slug: 'deep-gelu',
          title: 'GELU, one and two hidden layers',
          purpose: 'Neither odd nor homogeneous: the linear model has up to three norm features.',
          outside: true,
        },
        [17],
        {
          data: { d: depths.d, n: depths.n, nTest: 300 },
          network: { kind: 'deep', depth: [1, 2], width: depths.width, activation: 'gelu' },
          training: { eta: 2, steps: 'ceil(5*d)', linearized: true },
          seed: 0,
        },
      ),
      group(
        {
          slug: 'fixed-filter',
          title: 'Convolution with three taps at every d',
          purpose:
            'A filter that does not grow with *d*: nothing falls, and the theory asks for one that does.',
          outside: true,
        },
        [17],
        {
          data: { distribution: 'hypercube', d: rings, n: '2*d', nTest: 200 },
          network: {
            kind: 'convolutional',
            shape: ['d', 1],
            filter: 3,
            channels: 32,
            depth: 1,
            readout: 'flat',
            activation: 'erf',
          },
          training: { ...early, linearized: true },
          seed: 0,
        },
      ),
      group(
        {
          slug: 'mean-readout',
          title: 'Convolutions read as their mean',
          purpose: 'Early on such a network sees the mean pixel and nothing else.',
          outside: true,
        },
        [17],
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
          training: { eta: 20, steps: 60, linearized: true },
          seed: 0,
        },
      ),
      group(
        {
          slug: 'spiked',
          title: 'A spiked covariance',
          purpose: 'One direction holds half of Tr *Σ*, so that ‖*Σ*‖ grows with *d*.',
          outside: true,
        },
        [1, 3, 4, 5],
        {
          data: { distribution: 'spiked', spike: 0.5, d: outsideDimensions, n: ample.n },
          network: { width: ample.width, activation: 'erf' },
          training: { layers: 'first', ...early },
        },
      ),
      group(
        {
          slug: 'student-t',
          title: 'Heavy tails',
          purpose: 'Student-*t* inputs with 3 degrees of freedom, whose norms do not concentrate.',
          outside: true,
        },
        [1, 3, 4],
        {
          data: { distribution: 'student-t', d: outsideDimensions, n: ample.n },
          network: { width: ample.width, activation: 'erf' },
          training: { layers: 'first', ...initial },
        },
      ),
      group(
        {
          slug: 'too-narrow',
          title: 'Too narrow a network',
          purpose: '*m* = 4 units at every *d*, where the theorems ask for *d*^{1+*α*}.',
          outside: true,
        },
        [2, 4, 5],
        {
          data: { d: outsideDimensions, n: ample.n },
          network: { width: 4, activation: 'erf' },
          training: { layers: 'first', ...early },
        },
      ),
      group(
        {
          slug: 'rate-of-order-d',
          title: 'A rate of order d',
          purpose: '*η* = *d*, stable, but not ≪ *d* as the theorem asks.',
          outside: true,
        },
        [5],
        {
          data: { d: outsideDimensions, n: ample.n },
          network: { width: ample.width, activation: 'erf' },
          training: { layers: 'first', eta: 'd', steps: 'ceil(4*log(d))' },
        },
      ),
      group(
        {
          slug: 'too-large-rate',
          title: 'ReLU, second layer, too large a rate',
          purpose:
            'With E *φ*(*g*) ≠ 0 the theorem asks for *η* ≪ 1; here *η* = 16 is above 2*n*/‖*K*‖, which does not grow with *d*.',
          outside: true,
        },
        [7, 11],
        {
          data: { d: outsideDimensions.map((d) => 2 * d), n: least.n, nTest: 500 },
          network: { width: least.width, activation: 'relu' },
          training: { layers: 'second', eta: 16, steps: 'ceil(d*log(d)/eta)' },
        },
      ),
      group(
        {
          slug: 'relu-second',
          title: 'ReLU, second layer, too narrow',
          purpose: 'With E *φ*(*g*) ≠ 0 the theorem asks for *m* ≳ *d*^{2+*α*}; here *m* ≈ *d*^{1.25}.',
          outside: true,
        },
        [4, 7],
        {
          data: { d: outsideDimensions, n: ample.n, nTest: 500 },
          network: { width: least.width, activation: 'relu' },
          training: { layers: 'second', eta: 0.5, steps: 'ceil(d*log(d)/eta)' },
        },
      ),
    ],
  };
}
