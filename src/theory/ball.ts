import { displacementDirection } from '../data/directions.ts';
import { lengthOf as hypotenuse } from '../math/statistics.ts';
import type { ParameterDirection, ParameterValues } from '../network/parameters.ts';
import type { Setting } from './claim.ts';
import type { Lab } from './lab.ts';
import { drivingWeights } from './layers.ts';

/**
 * Points around θ(0) in the coordinates of the general theorem, in which one rate η, the largest, drives every layer l:
 *
 *     θ_l = θ_l(0) + √(η_l/η) Δ_l      distance² = Σ_l ‖Δ_l‖_F²
 *
 * A layer that rests does not move.
 */
export type Displacement = ParameterDirection;

/** √(η_l/η) of the layers. */
export const layerScales = (setting: Pick<Setting, 'rates' | 'eta'>): number[] =>
  drivingWeights(setting).map(Math.sqrt);

/** ‖θ(t) − θ(0)‖ in these coordinates, from the movements of the layers themselves. */
export const scaledMovement = ({ rates, eta }: Setting, movement: Record<string, number>): number =>
  hypotenuse(
    rates.map(({ parameter, rate }) => (rate > 0 ? movement[parameter] / Math.sqrt(rate / eta) : 0)),
  );

/** Where a gradient in θ points in these coordinates. */
export function inScaled(gradient: ParameterDirection, setting: Setting): Displacement {
  const scales = layerScales(setting);
  return gradient.map((layer, l) => layer.map((value) => scales[l] * value));
}

/** The point θ(0) + a displacement. */
export function displacedFrom(
  start: ParameterValues,
  displacement: Displacement,
  setting: Setting,
): ParameterValues {
  const scales = layerScales(setting);
  return displacement.map((layer, l) =>
    Float32Array.from(layer, (value, k) => start[l][k] + scales[l] * value),
  );
}

export const lengthOf = (displacement: Displacement): number =>
  Math.sqrt(
    displacement.reduce((sum, layer) => sum + layer.reduce((square, value) => square + value * value, 0), 0),
  );

/** The same direction at another length, which a negative one turns round; itself where it is 0. */
export function ofLength(displacement: Displacement, length: number): Displacement {
  const own = lengthOf(displacement);
  const factor = own > 0 ? length / own : 0;
  return displacement.map((layer) => layer.map((value) => factor * value));
}

/** The sum of two displacements. */
export const plus = (a: Displacement, b: Displacement): Displacement =>
  a.map((layer, l) => layer.map((value, k) => value + b[l][k]));

/** The `index`-th random direction of the lab's seed in the layers that train. */
export function randomDisplacement({ network, setting, seed }: Lab, index: number): Displacement {
  const sizes = network.layers.map(({ shape }) => shape.units * shape.inputs);
  const size = sizes.reduce((sum, own) => sum + own, 0);
  const data = displacementDirection(size, seed, index);
  let end = 0;
  const layers = sizes.map((own) => data.slice(end, (end += own)));
  return inScaled(layers, setting);
}
