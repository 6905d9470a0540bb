import type { PointSet } from '../data/point-set.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import type { KernelSides } from '../jacobian/kernel-sides.ts';
import { tangentOperator } from '../jacobian/tangent-operator.ts';
import { FeatureKernel, inputFeatures } from '../kernel/feature-kernel.ts';
import type { LinearFeatures } from '../math/linear-features.ts';
import type { FeatureMoments } from '../model/closed-form.ts';
import { inputEigenvalues } from '../model/input-eigenvalues.ts';
import { type Norm, spectralNorm } from '../spectral/spectrum.ts';
import type { OperatorOptions } from '../spectral/stored-kernel.ts';

/** ‖Θ‖ of the kernel that drives a network, to a hundredth: it says which rates are stable. @throws what the signal was aborted with. */
export async function kernelNorm(
  gpu: Gpu,
  stream: CommandStream,
  sides: KernelSides,
  { signal, ...room }: OperatorOptions,
): Promise<Norm> {
  using kernel = await tangentOperator(gpu, stream, sides, { signal, ...room });
  await stream.finish();
  return await spectralNorm(gpu, kernel, { tolerance: 1e-2, ...(signal && { signal }) });
}

/**
 * ‖XᵀX/n‖ = ‖XXᵀ‖/n: from the moments that a linear model has of these inputs, where it does; else by Lanczos on the
 * device, of any d.
 */
export async function covarianceNorm(
  gpu: Gpu,
  { X }: PointSet,
  seed: number,
  linear: { features: LinearFeatures; moments: FeatureMoments } | null,
): Promise<number> {
  const known = linear && inputEigenvalues(linear.features, linear.moments);
  if (known) return known[0];
  using stream = new CommandStream(gpu);
  using gram = await FeatureKernel.create(gpu, stream, X, inputFeatures(X.cols));
  await stream.finish();
  return (await spectralNorm(gpu, gram, { seed })).value / X.rows;
}
