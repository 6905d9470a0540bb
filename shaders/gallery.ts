import { backwardText } from './backward.wgsl.ts';
import { curvatureText } from './curvature.wgsl.ts';
import { descendPairsShader } from './descend-pairs.wgsl.ts';
import { descendShader } from './descend.wgsl.ts';
import { elementwiseShader } from './elementwise.wgsl.ts';
import { expectedKernelShader } from './expected-kernel.wgsl.ts';
import { extendBasisShader } from './extend-basis.wgsl.ts';
import { firstGradientText } from './first-gradient.wgsl.ts';
import { forwardText } from './forward.wgsl.ts';
import { ladder } from './ladder/ladder.ts';
import { linearGradientShader } from './linear-gradient.wgsl.ts';
import { linearOutputShader } from './linear-output.wgsl.ts';
import { matrixProductText } from './matrix-product.wgsl.ts';
import { matrixVectorShader } from './matrix-vector.wgsl.ts';
import { normFeatureShader } from './norm-feature.wgsl.ts';
import { ntkText } from './ntk.wgsl.ts';
import { outputShader } from './output.wgsl.ts';
import type { Patches } from './parts/patches.wgsl.ts';
import { fittedRows, tiles } from './parts/tile.ts';
import { rolled, unrolled } from './parts/unroll.ts';
import { poolShader } from './pool.wgsl.ts';
import { randomShader } from './random.wgsl.ts';
import { reduceShader } from './reduce.wgsl.ts';
import { rowExtremesShader } from './row-extremes.wgsl.ts';
import { rowNormsShader } from './row-norms.wgsl.ts';
import { scaleRowsShader } from './scale-rows.wgsl.ts';
import { secondGradientText } from './second-gradient.wgsl.ts';
import { sumOutputsShader } from './sum-outputs.wgsl.ts';
import { sumSlicesShader } from './sum-slices.wgsl.ts';
import { symmetricMatrixVectorShader } from './symmetric-matrix-vector.wgsl.ts';
import { tangentText } from './tangent.wgsl.ts';
import { targetShader } from './target.wgsl.ts';
import { transposedTangentText } from './transposed-tangent.wgsl.ts';
import { unpoolShader } from './unpool.wgsl.ts';

/** A program to read: what it computes, and the WGSL of its variants by name. */
export interface GalleryProgram {
  /** The name of its file, without .wgsl.ts; of the rungs of the ladder 'ladder'. */
  readonly name: string;
  readonly about: string;
  /** '' is the name of the only one. */
  readonly variants: Readonly<Record<string, GalleryVariant>>;
}

export interface GalleryVariant {
  /** WGSL as it is written, with loops. */
  readonly code: string;
  /** The same as adapters are given it, with the loops over registers unrolled; undefined where there are none. */
  readonly unrolled?: string;
}

const whole = (code: string): GalleryVariant => ({ code });
const withLoops = (text: string): GalleryVariant => ({ code: rolled(text), unrolled: unrolled(text) });

const erf = { name: 'erf' } as const;
const relu = { name: 'relu' } as const;
const direct = tiles['direct-8x8'];
const quad = tiles['subgroup-32x8'];
const broadcast = tiles['broadcast-8x4'];
const staged = tiles['workgroup-8x8'];
const ahead = tiles['workgroup-8x8-wide'];
const both = { first: true, second: true } as const;
/** 3 × 3 taps on 8 × 8 positions: of features, and of points in three colours. */
const features: Patches = { sides: [8, 8], filter: 3, channels: 6, points: false };
const colours: Patches = { ...features, channels: 3, points: true };
const ring: Patches = { sides: [64], filter: 3, channels: 6, points: false };
const blocks = { sides: [8, 8], side: 2 };

/**
 * What every program of this folder emits, in the variants that differ in more than a number; and the ladder. Programs of
 * tiles are here in one tile of each family.
 */
export const galleryPrograms = (): GalleryProgram[] => [
  {
    name: 'ladder',
    about: 'C = PQ five times, each time one idea further: where to begin.',
    variants: Object.fromEntries(
      ladder.map(({ name, code }, index) => [`${index + 1}-${name}`, whole(code)]),
    ),
  },
  {
    name: 'matrix-product',
    about: 'PQ, PQᵀ and PᵀQ by each family of tiles.',
    variants: {
      'NT-direct': withLoops(matrixProductText('NT', direct)),
      'NT-quad': withLoops(matrixProductText('NT', quad)),
      'NT-broadcast': withLoops(matrixProductText('NT', broadcast)),
      'NT-workgroup': withLoops(matrixProductText('NT', staged)),
      'NT-workgroup-ahead': withLoops(matrixProductText('NT', ahead)),
      'NN-direct': withLoops(matrixProductText('NN', direct)),
      'NN-quad': withLoops(matrixProductText('NN', quad)),
      'NN-broadcast': withLoops(matrixProductText('NN', broadcast)),
      'NN-workgroup': withLoops(matrixProductText('NN', staged)),
      'TN-direct': withLoops(matrixProductText('TN', direct)),
      'TN-quad': withLoops(matrixProductText('TN', quad)),
      'TN-broadcast': withLoops(matrixProductText('TN', broadcast)),
      'TN-workgroup': withLoops(matrixProductText('TN', staged)),
    },
  },
  {
    name: 'forward',
    about: 'A hidden layer: φ(XWᵀ/√d), and its slopes, times v where a readout follows; or a convolution.',
    variants: {
      'erf-direct': withLoops(forwardText({ activation: erf, phi: true, slopes: true }, direct)),
      'erf-quad': withLoops(forwardText({ activation: erf, phi: true, slopes: true }, quad)),
      'erf-workgroup': withLoops(forwardText({ activation: erf, phi: true, slopes: true }, staged)),
      'erf-pairs-direct': withLoops(
        forwardText({ activation: erf, phi: true, slopes: true, pairs: true, outputs: true }, direct),
      ),
      'erf-pairs-workgroup': withLoops(
        forwardText({ activation: erf, phi: true, slopes: true, pairs: true, outputs: true }, staged),
      ),
      'relu-direct': withLoops(forwardText({ activation: relu, phi: true, slopes: true }, direct)),
      'relu-pairs-direct': withLoops(
        forwardText({ activation: relu, phi: true, slopes: true, pairs: true }, direct),
      ),
      'erf-f16-direct': withLoops(
        forwardText({ activation: erf, phi: true, slopes: true, storage: 'f16' }, direct),
      ),
      'erf-below-direct': withLoops(
        forwardText({ activation: erf, phi: true, slopes: true, readout: false }, direct),
      ),
      'erf-ring-direct': withLoops(
        forwardText({ activation: erf, phi: true, slopes: true, patches: ring }, direct),
      ),
      'erf-torus-direct': withLoops(
        forwardText({ activation: erf, phi: true, slopes: true, patches: features }, direct),
      ),
      'erf-colours-direct': withLoops(
        forwardText({ activation: erf, phi: true, slopes: true, patches: colours }, direct),
      ),
    },
  },
  {
    name: 'ntk',
    about:
      'The kernel between two blocks of points, both its layers in one go; symmetric ones are stored twice.',
    variants: {
      direct: withLoops(ntkText({ ...both, mirror: 'none' }, direct)),
      'diagonal-direct': withLoops(ntkText({ ...both, mirror: 'itself' }, direct)),
      'mirrored-direct': withLoops(ntkText({ ...both, mirror: 'other' }, direct)),
      'mirrored-quad': withLoops(ntkText({ ...both, mirror: 'other' }, quad)),
      'mirrored-workgroup': withLoops(ntkText({ ...both, mirror: 'other' }, staged)),
    },
  },
  {
    name: 'tangent',
    about: 'J vec Δ, the derivative of the outputs along a direction in the parameters.',
    variants: {
      direct: withLoops(tangentText(both, direct)),
      workgroup: withLoops(tangentText(both, ahead)),
    },
  },
  {
    name: 'transposed-tangent',
    about: 'The same from the other side, for subgroups that share rows.',
    variants: {
      'few-inputs-quad': withLoops(transposedTangentText({ ...both, whole: true }, fittedRows(quad, 20))),
      'many-inputs-quad': withLoops(transposedTangentText({ ...both, whole: false }, quad)),
      'many-inputs-broadcast': withLoops(transposedTangentText({ ...both, whole: false }, broadcast)),
    },
  },
  {
    name: 'first-gradient',
    about:
      'Bᵀ diag(e) X over slices of points, the gradient of the first layer; beside it Aᵀe, that of the second.',
    variants: {
      direct: withLoops(firstGradientText(direct, { second: true })),
      quad: withLoops(firstGradientText(quad, { second: true })),
      workgroup: withLoops(firstGradientText(staged, { second: true })),
      'workgroup-of-outputs': withLoops(firstGradientText(staged, { second: true, residuals: 256 })),
      'torus-direct': withLoops(firstGradientText(direct, { patches: features })),
      'colours-direct': withLoops(firstGradientText(direct, { patches: colours })),
      'torus-rows-of-the-jacobian-direct': withLoops(
        firstGradientText(direct, { patches: features, weighed: false }),
      ),
    },
  },
  {
    name: 'backward',
    about: 'From the derivatives by one layer to those by the layer below: BW, times its slopes.',
    variants: {
      direct: withLoops(backwardText({ slopes: true }, direct)),
      quad: withLoops(backwardText({ slopes: true }, quad)),
      workgroup: withLoops(backwardText({ slopes: true }, staged)),
      'torus-direct': withLoops(backwardText({ slopes: true, patches: features }, direct)),
      'torus-without-slopes-direct': withLoops(backwardText({ slopes: false, patches: features }, direct)),
    },
  },
  {
    name: 'pool',
    about: 'Means over blocks of positions.',
    variants: { '': whole(poolShader(blocks)) },
  },
  {
    name: 'unpool',
    about: 'The way back through them, and through the slopes below.',
    variants: {
      'by-point': whole(unpoolShader({ pool: blocks, shared: false })),
      shared: whole(unpoolShader({ pool: blocks, shared: true })),
    },
  },
  {
    name: 'curvature',
    about: 'How the slopes change as W moves along a direction.',
    variants: { 'erf-direct': withLoops(curvatureText(erf, direct)) },
  },
  {
    name: 'second-gradient',
    about: 'Aᵀe over slices of points: the gradient of the second layer.',
    variants: { f32: withLoops(secondGradientText()), f16: withLoops(secondGradientText('f16')) },
  },
  {
    name: 'sum-slices',
    about: 'Adds the slices in their order.',
    variants: { '': whole(sumSlicesShader()) },
  },
  {
    name: 'descend',
    about: 'A step of gradient descent in the displacement from the initialization.',
    variants: {
      displacement: whole(descendShader({ layers: 1, position: false })),
      position: whole(descendShader({ layers: 1, position: true })),
      'two-layers': whole(descendShader({ layers: 2, position: true })),
    },
  },
  {
    name: 'descend-pairs',
    about:
      'The same for units in pairs that begin as opposites, beside their half-sums and half-differences.',
    variants: {
      both: whole(descendPairsShader({ layers: ['rows', 'entries'], step: true })),
      rows: whole(descendPairsShader({ layers: ['rows'], step: true })),
      entries: whole(descendPairsShader({ layers: ['entries'], step: true })),
      'both-without-a-step': whole(descendPairsShader({ layers: ['rows', 'entries'], step: false })),
    },
  },
  {
    name: 'output',
    about: 'f and e = f − y of two towers of layers, summed in blocks.',
    variants: {
      'one-lane': whole(outputShader({ lanes: 1 })),
      '32-lanes': whole(outputShader({ lanes: 32 })),
    },
  },
  {
    name: 'sum-outputs',
    about: 'The same of the parts in which a hidden layer makes f = Av/√m.',
    variants: {
      'one-lane': whole(sumOutputsShader({ lanes: 1 })),
      '32-lanes': whole(sumOutputsShader({ lanes: 32 })),
    },
  },
  {
    name: 'matrix-vector',
    about: 'A stored kernel times a vector.',
    variants: {
      'one-lane': whole(matrixVectorShader({ accumulate: false, lanes: 1 })),
      '32-lanes': whole(matrixVectorShader({ accumulate: true, lanes: 32 })),
    },
  },
  {
    name: 'symmetric-matrix-vector',
    about: 'A stored symmetric kernel times a vector, on processors: half of it is read.',
    variants: { '': whole(symmetricMatrixVectorShader()) },
  },
  {
    name: 'expected-kernel',
    about: 'The kernel of infinitely many units, by closed forms or Hermite series.',
    variants: {
      'erf-matrix': whole(expectedKernelShader({ activation: erf, ...both, output: 'matrix' })),
      'relu-matrix': whole(expectedKernelShader({ activation: relu, ...both, output: 'matrix' })),
      'relu-product': whole(expectedKernelShader({ activation: relu, ...both, output: 'product' })),
      'tanh-product': whole(
        expectedKernelShader({ activation: { name: 'tanh' }, ...both, output: 'product' }),
      ),
    },
  },
  {
    name: 'linear-output',
    about: 'The outputs of the linear model.',
    variants: {
      output: whole(linearOutputShader({ residual: false })),
      residual: whole(linearOutputShader({ residual: true })),
    },
  },
  {
    name: 'linear-gradient',
    about: 'Its gradient.',
    variants: { '': whole(linearGradientShader()) },
  },
  {
    name: 'norm-feature',
    about: 'The feature of ‖x‖ that the linear model has.',
    variants: { '': whole(normFeatureShader()) },
  },
  {
    name: 'target',
    about: 'Labels that are functions of one or two directions.',
    variants: {
      'sign-linear': whole(targetShader('sign-linear')),
      'sign-quadratic': whole(targetShader('sign-quadratic')),
      hermite: whole(targetShader('hermite')),
    },
  },
  {
    name: 'random',
    about: 'Random entries by counter, the same on every adapter.',
    variants: {
      normal: whole(randomShader({ entries: 'normal', scaled: false })),
      uniform: whole(randomShader({ entries: 'uniform', scaled: false })),
      sign: whole(randomShader({ entries: 'sign', scaled: false })),
      'normal-scaled': whole(randomShader({ entries: 'normal', scaled: true })),
    },
  },
  {
    name: 'scale-rows',
    about: 'Makes Gaussian rows into points of the sphere, or of Student’s t.',
    variants: { sphere: whole(scaleRowsShader('sphere')), 'student-t': whole(scaleRowsShader('student-t')) },
  },
  {
    name: 'row-norms',
    about: '‖x‖²/d of every point.',
    variants: { '': whole(rowNormsShader()) },
  },
  {
    name: 'row-extremes',
    about: 'The largest |⟨x, x′⟩|/d of every point with another.',
    variants: { '': whole(rowExtremesShader()) },
  },
  {
    name: 'reduce',
    about:
      'Sums of squares, of differences, of clipped ones, whose error grows with the logarithm of the length.',
    variants: {
      square: whole(reduceShader('square')),
      'squared-difference': whole(reduceShader('squared-difference')),
      'clipped-difference': whole(reduceShader('clipped-difference')),
      identity: whole(reduceShader('identity')),
    },
  },
  {
    name: 'elementwise',
    about: 'ax + by.',
    variants: { sum: whole(elementwiseShader('sum')), accumulate: whole(elementwiseShader('accumulate')) },
  },
  {
    name: 'extend-basis',
    about: 'The next vector of a Lanczos basis.',
    variants: { '': whole(extendBasisShader()) },
  },
];
