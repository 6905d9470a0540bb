import { CommandStream } from '../gpu/command-stream.ts';
import { distance } from '../spectral/distance.ts';
import { expectedOperator } from '../kernel/expected-kernel.ts';
import { FeatureKernel } from '../kernel/feature-kernel.ts';
import type { LinearOperator } from '../spectral/operator.ts';
import { type Norm, type SpectrumOptions, spectralNorm } from '../spectral/spectrum.ts';
import { tangentOperator } from '../jacobian/tangent-operator.ts';
import { linearFeatures } from '../math/linear-features.ts';
import { slopeSquare } from './conditions.ts';
import type { AlphaNeeds } from './alpha.ts';
import type { Instrument } from './instrument.ts';
import { type Lab, atStart } from './lab.ts';
import { kernelBound, kernelConstant, normQuantity } from './quantity.ts';

/** Which layers' kernels: Θ₁ and K₁, Θ₂ and K₂, or their sums. */
export const layerWeights = {
  first: [1, 0],
  second: [0, 1],
  both: [1, 1],
} as const satisfies Record<string, readonly [number, number]>;

export type KernelLayers = keyof typeof layerWeights;

/** The kernels that claims 2 to 4 compare: at initialization, in expectation, and of the linear model. */
export type KernelName = 'initial' | 'expected' | 'linear';

/** A kernel on the training points as an operator, which the caller disposes of. */
export async function kernelOperator(
  lab: Lab,
  stream: CommandStream,
  name: KernelName,
  layers: KernelLayers,
): Promise<LinearOperator> {
  const { gpu, train, setting, signal, mostStored } = lab;
  const { activation, constants, d } = setting;
  const weights = layerWeights[layers];
  switch (name) {
    case 'initial':
      return tangentOperator(gpu, stream, { rows: atStart(lab), weights }, { signal, mostStored });
    case 'expected': {
      const [first, second] = weights;
      const options = { signal, mostStored };
      return expectedOperator(gpu, stream, activation, train.X, { first, second }, options);
    }
    case 'linear': {
      const features = linearFeatures(constants, d, weights);
      return FeatureKernel.create(gpu, stream, train.X, features);
    }
  }
}

/**
 * Norms of kernels, of size about n/d (times sup|φ′|²), with what float32 leaves open of the kernels themselves: their entries and products
 * are sums of some hundred roundings, which add up like a random walk to some sixteen 2⁻²⁴ of the whole.
 */
export const normOptions = ({ setting, seed, signal, tally }: Lab): SpectrumOptions => ({
  seed,
  rounding: ((2 ** -20 * setting.n) / setting.d) * Math.max(1, slopeSquare(setting)),
  ...(signal && { signal }),
  onProduct: () => {
    tally.products++;
  },
});

/** ‖one − other‖ of two of these kernels. */
export async function kernelDistance(
  lab: Lab,
  one: KernelName,
  other: KernelName,
  layers: KernelLayers,
): Promise<Norm> {
  using stream = new CommandStream(lab.gpu);
  using a = await kernelOperator(lab, stream, one, layers);
  using b = await kernelOperator(lab, stream, other, layers);
  await stream.finish();
  return await distance(lab.gpu, a, b, normOptions(lab));
}

/** An instrument of ‖one − other‖/n of the first layer's kernels, beside a bound for sizes that the claim asks for. */
export function distanceInstrument(
  one: KernelName,
  other: KernelName,
  { asks, ...words }: { key: string; symbol: string; asks: AlphaNeeds },
): Instrument {
  let norm: Norm;
  return {
    start: async (lab) => {
      norm = await kernelDistance(lab, one, other, 'first');
    },
    finish: (_, setting) => ({
      quantities: [
        normQuantity(
          norm,
          { ...words, bound: kernelBound(setting, asks), constant: kernelConstant },
          setting.n,
        ),
      ],
    }),
  };
}

/** ‖K‖ of the linear model of these layers. */
export async function linearKernelNorm(lab: Lab, layers: KernelLayers): Promise<Norm> {
  using stream = new CommandStream(lab.gpu);
  using K = await kernelOperator(lab, stream, 'linear', layers);
  await stream.finish();
  return await spectralNorm(lab.gpu, K, normOptions(lab));
}
