import type { Setting } from './claim.ts';

/** Which layers' kernels: Θ₁ and K₁, Θ₂ and K₂, or their sums. */
export const layerWeights = {
  first: [1, 0],
  second: [0, 1],
  both: [1, 1],
} as const satisfies Record<string, readonly [number, number]>;

/** Those, or the layers that train, weighted by their rates as in the kernel that drives the network. */
export type Layers = keyof typeof layerWeights | 'driving';

/** Of each layer's Θ_l in the kernel that drives the network at the linear model's rate. */
export const drivingWeights = ({ rates, eta }: Pick<Setting, 'rates' | 'eta'>): number[] =>
  rates.map(({ rate }) => rate / eta);

/** The weight of each layer's kernel. */
export const weightsOf = (layers: Layers, setting: Setting): readonly number[] =>
  layers === 'driving' ? drivingWeights(setting) : layerWeights[layers];
