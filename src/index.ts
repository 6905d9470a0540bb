/**
 * First Light as a library: `run` takes a GPUDevice and a spec, and everything it is made of can be used alone. The
 * entries `first-light/gpu` and `first-light/experiment` are parts of this one.
 *
 *     const device = await requestDevice(navigator.gpu);
 *     for await (const event of run(device, parseSpec(json))) { … }
 */
export * from './gpu.ts';
export * from './experiment.ts';
export type { FeatureStorage } from './programs/forward.ts';
export { type Activation, type ActivationName, activationNames } from './math/activation-names.ts';
export { activationFunctions } from './math/activations.ts';
export { gaussianConstants, type GaussianConstants } from './math/gaussian-constants.ts';
export { linearFeatures, type LinearFeatures } from './math/linear-features.ts';
export { ClosedForm, featureMoments } from './model/closed-form.ts';
export { LinearModel } from './model/linear-model.ts';
export { TwoLayerJacobian, type TwoLayerPoint } from './network/two-layer-jacobian.ts';
export type { Network } from './network/network.ts';
export type { Model } from './model/model.ts';
export type { FactorOptions, Jacobian, JacobianFactors } from './jacobian/factors.ts';
export type { FactorPair, FactorShape } from './programs/factors.ts';
export type { KernelSides } from './jacobian/kernel-sides.ts';
export { TwoLayerNetwork } from './network/two-layer.ts';
export { DeepNetwork, type DeepSizes } from './network/deep.ts';
export { DeepJacobian } from './network/deep-jacobian.ts';
export { initializeTowers } from './network/deep-initialization.ts';
export { type DeepArchitecture, fullyConnected, heGains, unitGains } from './math/deep/architecture.ts';
export { type DeepConstants, deepConstants } from './math/deep/linear-constants.ts';
export { type NetworkFamily, deepExpectedKernel } from './math/deep/expected-kernel.ts';
export {
  type DeepLinearModelOptions,
  adaptedLinearModel,
  deepLinearModel,
  fittedLinearModel,
} from './math/deep/linear-models.ts';
export { type DeepLinearFeatures, asLinearFeatures, deepFeatureMatrix } from './math/deep/linear-features.ts';
export { LinearizedNetwork } from './model/linearized-network.ts';
export { initializeSymmetrically } from './network/initialization.ts';
export { DenseNtk, type DenseNtkOptions, denseNtk } from './jacobian/dense-ntk.ts';
export { TangentKernel } from './jacobian/tangent-kernel.ts';
export { FeatureKernel, inputFeatures } from './kernel/feature-kernel.ts';
export { tangentOperator } from './jacobian/tangent-operator.ts';
export { distance } from './spectral/distance.ts';
export { StoredKernel } from './spectral/stored-kernel.ts';
export { ExpectedKernel, denseExpectedKernel } from './kernel/expected-kernel.ts';
export { dataExtremes } from './kernel/data-extremes.ts';
export { GramOperator, LinearCombination, type LinearOperator, NotFiniteError } from './spectral/operator.ts';
export {
  type Eigenvalue,
  type EndsOptions,
  type Norm,
  type Spectrum,
  type SpectrumOptions,
  extremeEigenvalues,
  operatorNorm,
  rectangularNorm,
  spectralNorm,
} from './spectral/spectrum.ts';
export { PointSet, Predictions } from './data/point-set.ts';
export { ballRadius, horizon } from './theory/horizon.ts';
export { claims } from './theory/claims.ts';
export { createLab, type Lab } from './theory/lab.ts';
export type { Claim, ClaimMeasurement, Quantity, Setting } from './theory/claim.ts';
export { type PowerLaw, fitPowerLaw } from './math/power-law.ts';
