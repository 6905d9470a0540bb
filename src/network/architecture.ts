import { strideOf } from '../gpu/matrix.ts';
import { type DeepArchitecture, deepShape } from '../math/deep/architecture.ts';
import { type FactorShape, type Patches, patchFloats } from '../programs/factors.ts';
import { type Pool, pooledSides } from '../programs/pool.ts';

/** One hidden layer of one tower, and where it stands. */
export interface LayerGeometry {
  /** Positions along each axis that it reads and writes. */
  sides: readonly number[];
  positions: number;
  /** Channels that it reads. */
  channels: number;
  units: number;
  /** Floats in a row of its weights, and how many of them are no padding. */
  inputs: number;
  fanIn: number;
  /** s_l/√fan-in */
  scale: number;
  /** What it reads at a position; none where that is a whole row. */
  patches: Patches | undefined;
  /** What follows it, none where each position goes on. */
  pool: Pool | undefined;
}

/** A tower's layers and its readout. */
export interface TowerGeometry {
  d: number;
  layers: readonly LayerGeometry[];
  /** The readout's weights: positions × units, floats that they take, and s_{L+1}/√(positions · units). */
  readout: { positions: number; units: number; floats: number; scale: number };
}

/**
 * The geometry of one tower on the device. A readout of the mean over positions is one of every channel behind a pool of
 * all positions.
 * @throws RangeError for sizes that deepShape does not take.
 */
export function towerGeometry(architecture: DeepArchitecture): TowerGeometry {
  const shape = deepShape(architecture);
  const last = shape.layers.length - 1;
  let sides = architecture.positions;
  const layers = architecture.layers.map(({ taps, pool }, l): LayerGeometry => {
    const { positions, inputs: channels, channels: units, fanIn, gain } = shape.layers[l];
    const patches: Patches | undefined =
      sides.length > 0 ? { sides, filter: taps, channels, points: l === 0 } : undefined;
    const blocks = l === last && architecture.readout === 'mean' ? sides : sides.map(() => pool);
    const pooling = blocks.some((side) => side > 1) ? { sides, side: blocks } : undefined;
    const layer = {
      sides,
      positions,
      channels,
      units,
      inputs: patches ? patchFloats(patches) : channels,
      fanIn,
      scale: gain / Math.sqrt(fanIn),
      patches,
      pool: pooling,
    };
    if (pooling) sides = pooledSides(pooling);
    return layer;
  });
  const { channels: units, weights, gain } = shape.readout;
  const positions = weights / units;
  return {
    d: shape.d,
    layers,
    readout: {
      positions,
      units,
      // Rows of features, one for each position, are padded each.
      floats: positions > 1 ? positions * strideOf(units) : units,
      scale: gain / Math.sqrt(weights),
    },
  };
}

/**
 * Shapes of one tower's parameters, W_1 … W_L and v. Their divisors are those of g's Jacobian, times `towers`: f is the sum
 * of both towers' outputs (one of them with −v) over √2.
 */
export function parameterShapes({ layers, readout }: TowerGeometry, towers: 1 | 2): FactorShape[] {
  const divisor = (scale: number): number => towers / (scale * readout.scale) ** 2;
  return [
    ...layers.map(({ units, inputs, scale, patches }, layer): FactorShape => ({
      layer,
      left: true,
      units,
      inputs,
      divisor: divisor(scale),
      patches,
    })),
    { layer: layers.length, left: false, units: 1, inputs: readout.floats, divisor: divisor(1) },
  ];
}

/**
 * Shapes as kernels and linearizations take them. Layers of one position are as they are; a convolution's Jacobian is taken
 * row by row, C_l × Q·C_{l−1} numbers for each point, as one plain layer: its kernel is the Gram matrix of these rows.
 */
export const jacobianShapes = (tower: TowerGeometry, towers: 1 | 2): FactorShape[] =>
  parameterShapes(tower, towers).map((shape) =>
    shape.patches
      ? {
          layer: shape.layer!,
          left: false,
          units: 1,
          inputs: strideOf(shape.units) * strideOf(shape.inputs),
          divisor: shape.divisor,
        }
      : shape,
  );
