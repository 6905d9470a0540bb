import type { Tile, TileName } from '../../shaders/parts/tile.ts';
import { subgroupSize } from '../../shaders/parts/matrix-unit-tiles.wgsl.ts';
import type { Gpu } from '../gpu/device.ts';
import { subgroupMatricesOf } from '../gpu/subgroup-matrices.ts';

/** Whether a device makes this product of halves in float32, in subgroups of the size that the tile is for. */
export function hasMatrixUnit(device: GPUDevice, tile: Tile): boolean {
  if (tile.loads !== 'matrix-units') return false;
  if (!device.features.has('subgroups') || !device.features.has('shader-f16')) return false;
  const { subgroupMinSize, subgroupMaxSize } = device.adapterInfo;
  const { m, n, k } = tile.unit;
  return (
    subgroupMinSize === subgroupSize(tile) &&
    subgroupMaxSize === subgroupMinSize &&
    subgroupMatricesOf(device).some(
      ({ componentType, resultComponentType, M, N, K }) =>
        componentType === 'f16' && resultComponentType === 'f32' && M === m && N === n && K === k,
    )
  );
}

const admitted = new WeakMap<Gpu, readonly TileName[]>();

/** The tiles on matrix units that computed the probe within their bound; none before `probeMatrixUnits`. */
export const admittedUnits = (gpu: Gpu): readonly TileName[] => admitted.get(gpu) ?? [];

export const admitUnits = (gpu: Gpu, names: readonly TileName[]): void => void admitted.set(gpu, names);
