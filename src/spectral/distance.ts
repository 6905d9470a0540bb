import type { Gpu } from '../gpu/device.ts';
import type { Vector } from '../gpu/vector.ts';
import { LinearCombination, type LinearOperator } from './operator.ts';
import { type Norm, type SpectrumOptions, operatorNorm, spectralNorm } from './spectrum.ts';

/** ‖A − B‖ in operator norm. */
export async function distance(
  gpu: Gpu,
  a: LinearOperator,
  b: LinearOperator,
  options: SpectrumOptions,
): Promise<Norm> {
  using difference = await subtract(gpu, a, b);
  return await operatorNorm(gpu, difference, options);
}

/** ‖A − B‖ of symmetric operators with the sign of the eigenvalue that has this size, and its eigenvector in `into`. */
export async function signedDistance(
  gpu: Gpu,
  a: LinearOperator,
  b: LinearOperator,
  options: SpectrumOptions,
  into: Vector,
): Promise<Norm & { signed: number }> {
  using difference = await subtract(gpu, a, b);
  return await spectralNorm(gpu, difference, options, into);
}

const subtract = (gpu: Gpu, a: LinearOperator, b: LinearOperator): Promise<LinearCombination> =>
  LinearCombination.create(gpu, [
    { coefficient: 1, operator: a },
    { coefficient: -1, operator: b },
  ]);
