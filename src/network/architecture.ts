import { type FactorShape, type Patches, patchFloats, tapsOf } from '../programs/factors.ts';
import { type Pool, pooledSides } from '../programs/pool.ts';
import { strideOf } from '../gpu/matrix.ts';

/** One hidden layer of a tower. */
export interface HiddenLayer {
  /** Its units, or channels: of one tower. */
  units: number;
  /** Taps along each axis; 1 unless given. */
  filter?: number;
  /** Side of the blocks of positions whose mean goes on to what follows; 1 unless given, 'all' for one mean of all positions. */
  pool?: number | 'all';
}

/**
 * A network of two towers, f = (g(x; θ₊) − g(x; θ₋))/√2 with θ₊(0) = θ₋(0): see THEORY-DEEP.md, sections (a) and (b). Without
 * positions it is fully connected. A readout has a weight for each position and channel that is left; behind a pool of all
 * positions that is global average pooling.
 */
export interface Architecture {
  input: {
    /** Positions along each axis: [] where it is fully connected, [P] on a ring, [height, width] on a torus. */
    sides: readonly number[];
    /** Numbers at each position: d where there are none. */
    channels: number;
  };
  layers: readonly HiddenLayer[];
  /** s_1 … s_{L+1}, the readout's last; all 1 unless given. */
  gains?: readonly number[];
}

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

const productOf = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/**
 * The geometry of one tower.
 * @throws RangeError for sizes that are no whole numbers, pools that do not divide their sides, and another number of gains than
 * layers.
 */
export function towerGeometry({ input, layers, gains }: Architecture): TowerGeometry {
  requireSizes({ input, layers, gains });
  let { sides, channels } = input;
  const gainOf = (l: number): number => gains?.[l] ?? 1;
  const geometry = layers.map(({ units, filter = 1, pool = 1 }, l): LayerGeometry => {
    const blocks = pool === 'all' ? sides : sides.map(() => pool);
    for (const [axis, side] of sides.entries()) {
      if (side % blocks[axis] === 0) continue;
      throw new RangeError(
        `The pool after layer ${l + 1} has blocks of ${blocks[axis]} positions, which do not divide the ${side} along axis ${axis + 1} of ${sides.join(' × ')}. Take a divisor of ${side}.`,
      );
    }
    const patches: Patches | undefined =
      sides.length > 0 ? { sides, filter, channels, points: l === 0 } : undefined;
    const fanIn = channels * (patches ? tapsOf(patches) : 1);
    const pooling: Pool | undefined = productOf(blocks) > 1 ? { sides, side: blocks } : undefined;
    const layer = {
      sides,
      positions: productOf(sides),
      channels,
      units,
      inputs: patches ? patchFloats(patches) : channels,
      fanIn,
      scale: gainOf(l) / Math.sqrt(fanIn),
      patches,
      pool: pooling,
    };
    if (pooling) sides = pooledSides(pooling);
    channels = units;
    return layer;
  });
  const positions = productOf(sides);
  return {
    d: productOf(input.sides) * input.channels,
    layers: geometry,
    readout: {
      positions,
      units: channels,
      // Rows of features, one for each position, are padded each.
      floats: positions > 1 ? positions * strideOf(channels) : channels,
      scale: gainOf(layers.length) / Math.sqrt(positions * channels),
    },
  };
}

function requireSizes({ input, layers, gains }: Architecture): void {
  if (layers.length === 0) {
    throw new RangeError('A network has at least one hidden layer; this one has none.');
  }
  if (input.sides.length > 2) {
    throw new RangeError(
      `Positions lie along one axis or two, not ${input.sides.length} (${input.sides.join(' × ')}).`,
    );
  }
  const sizes: [string, number][] = [
    ...input.sides.map((side): [string, number] => ['side', side]),
    ['number of inputs', input.channels],
    ...layers.flatMap(({ units, filter = 1, pool = 1 }, l): [string, number][] => [
      [`number of units in layer ${l + 1}`, units],
      [`filter of layer ${l + 1}`, filter],
      ...(pool === 'all' ? [] : [[`pool after layer ${l + 1}`, pool] satisfies [string, number]]),
    ]),
  ];
  for (const [name, size] of sizes) {
    if (Number.isInteger(size) && size >= 1) continue;
    throw new RangeError(`A network's ${name} is a whole number of at least 1, not ${size}.`);
  }
  if (gains && gains.length !== layers.length + 1) {
    throw new RangeError(
      `A network of ${layers.length} hidden layers has ${layers.length + 1} gains, the readout's last; there are ${gains.length}.`,
    );
  }
  const gain = gains?.find((s) => !(Number.isFinite(s) && s > 0));
  if (gain !== undefined) throw new RangeError(`A gain is a number above 0, not ${gain}.`);
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
 * Shapes as kernels and linearizations take them: what has one position as it is; a convolution's Jacobian row by row, C_l × Q·C_{l−1} numbers for each
 * point, as one plain layer: its kernel is their Gram matrix.
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
