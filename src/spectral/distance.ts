import type { Gpu } from '../gpu/device.ts';
import { LinearCombination, type LinearOperator } from './operator.ts';
import { type Norm, type SpectrumOptions, operatorNorm } from './spectrum.ts';

/** ‖A − B‖ in operator norm. */
export async function distance(
  gpu: Gpu,
  a: LinearOperator,
  b: LinearOperator,
  options: SpectrumOptions,
): Promise<Norm> {
  using apart = await difference(gpu, a, b);
  return await operatorNorm(gpu, apart, options);
}

/** A − B of operators that stay their owners'. */
export const difference = (gpu: Gpu, a: LinearOperator, b: LinearOperator): Promise<LinearCombination> =>
  LinearCombination.create(gpu, [
    { coefficient: 1, operator: a },
    { coefficient: -1, operator: b },
  ]);
