import { describe, expect, test } from 'vitest';
import { roundings } from '../../shaders/parts/roundings.ts';
import { type Tile, tiles } from '../../shaders/parts/tile.ts';
import { keepSubgroupMatrices } from '../../src/gpu/subgroup-matrices.ts';
import { hasMatrixUnit } from '../../src/programs/matrix-units.ts';

/** What is asked of a device whose subgroups multiply halves. */
function deviceWith(
  { M, N, K }: { M: number; N: number; K: number },
  subgroup: readonly [least: number, most: number],
  features = ['subgroups', 'shader-f16', 'chromium-experimental-subgroup-matrix'],
): GPUDevice {
  const config = { componentType: 'f16', resultComponentType: 'f32', M, N, K };
  const adapterInfo = { subgroupMinSize: subgroup[0], subgroupMaxSize: subgroup[1] };
  const device = { features: new Set(features), adapterInfo } as unknown as GPUDevice;
  keepSubgroupMatrices(device, { info: { subgroupMatrixConfigs: [config] } } as unknown as GPUAdapter);
  return device;
}

const wide = { M: 16, N: 16, K: 16 };

describe('a device has the units of a tile', () => {
  test('where product and subgroup are of its sizes', () => {
    const has = (device: GPUDevice) =>
      Object.entries<Tile>(tiles)
        .filter(([, tile]) => hasMatrixUnit(device, tile))
        .map(([name]) => name);
    expect(has(deviceWith(wide, [32, 32]))).toEqual(['matrix-units-16x16x16']);
    expect(has(deviceWith({ M: 8, N: 8, K: 8 }, [8, 8]))).toEqual(['matrix-units-8x8x8']);
    expect(has(deviceWith({ M: 8, N: 16, K: 16 }, [16, 16]))).toEqual(['matrix-units-8x16x16']);
  });
  test('but not where a subgroup may be of another size, or a feature is missing', () => {
    const tile = tiles['matrix-units-16x16x16'];
    expect(hasMatrixUnit(deviceWith(wide, [32, 64]), tile)).toBe(false);
    expect(hasMatrixUnit(deviceWith(wide, [32, 32], ['subgroups', 'shader-f16']), tile)).toBe(false);
    expect(hasMatrixUnit({ features: new Set(), adapterInfo: {} } as unknown as GPUDevice, tile)).toBe(false);
  });
});

describe('a sum on matrix units', () => {
  const tile = tiles['matrix-units-16x16x16'];
  test('is as right as one term by term from some number of terms on', () => {
    expect(roundings(tile, 100)).toBeGreaterThan(100);
    for (const terms of [160, 256, 1024, 4096, 65536])
      expect(roundings(tile, terms)).toBeLessThanOrEqual(terms);
  });
  test('rounds once a term where it is added term by term', () => {
    expect(roundings(tiles['workgroup-8x8'], 100)).toBe(100);
  });
});
