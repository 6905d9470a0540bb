/** A product of matrices, M × K times K × N, that the subgroups of an adapter make; @webgpu/types does not know it. */
export interface SubgroupMatrixConfig {
  readonly componentType: string;
  readonly resultComponentType: string;
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

/** The feature that lets shaders make them. */
export const subgroupMatrixFeature = 'chromium-experimental-subgroup-matrix' as GPUFeatureName;

/** Dawn tells them of an adapter, and not of its devices. */
const ofDevices = new WeakMap<GPUDevice, readonly SubgroupMatrixConfig[]>();

/** Keeps what an adapter tells of its subgroups' products for a device of it. */
export function keepSubgroupMatrices(device: GPUDevice, adapter: GPUAdapter): void {
  // Older browsers have no info on the adapter, whatever the types say.
  const { info } = adapter as { info?: { subgroupMatrixConfigs?: Iterable<SubgroupMatrixConfig> } };
  ofDevices.set(device, [...(info?.subgroupMatrixConfigs ?? [])]);
}

/** Products that a device's subgroups make: none where it lacks the feature. */
export const subgroupMatricesOf = (device: GPUDevice): readonly SubgroupMatrixConfig[] =>
  device.features.has(subgroupMatrixFeature) ? (ofDevices.get(device) ?? []) : [];
