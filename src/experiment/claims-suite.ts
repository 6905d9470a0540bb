import type { ClaimNumber } from '../theory/claim.ts';
import {
  type ClaimsGroupParts,
  type ClaimsGroupPlan,
  type ClaimsSize,
  ample,
  claimsGroup,
  early,
  initial,
  least,
  toOptimum,
} from './claims-group.ts';
import { type ImageFiles, deepClaimsGroups } from './deep-claims-groups.ts';

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
  },
} as const;

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
  } = scales[size];
  const group = (
    plan: Omit<ClaimsGroupPlan, 'sweep'>,
    claims: readonly ClaimNumber[],
    parts: ClaimsGroupParts,
  ): ClaimsGroupPlan => claimsGroup(plan, claims, { seed: seeds, ...parts });
  const deep = deepClaimsGroups(size, files);

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
      ...deep.within,
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
      ...deep.outside,
    ],
  };
}
