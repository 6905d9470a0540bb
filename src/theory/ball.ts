import { displacementDirection } from '../data/directions.ts';
import { lengthOf as hypotenuse } from '../math/statistics.ts';
import type { ParameterDirection } from '../network/ascent.ts';
import type { Setting } from './claim.ts';

/**
 * Points around θ(0) in the coordinates of the general theorem, in which one rate η = max(η₁, η₂) drives both layers:
 *
 *     W = W(0) + √(η₁/η) ΔW      v = v(0) + √(η₂/η) Δv      distance² = ‖ΔW‖_F² + ‖Δv‖²
 *
 * A layer that rests does not move.
 */
export type Displacement = ParameterDirection;

/** √(η_l/η) of both layers. */
export function layerScales({ rates, eta }: Pick<Setting, 'rates' | 'eta'>): { W: number; v: number } {
  const [W, v] = rates.map(({ rate }) => Math.sqrt(rate / eta));
  return { W, v };
}

/** ‖θ(t) − θ(0)‖ in these coordinates, from the movements of the layers themselves. */
export const scaledMovement = ({ rates, eta }: Setting, movement: Record<string, number>): number =>
  hypotenuse(
    rates.map(({ parameter, rate }) => (rate > 0 ? movement[parameter] / Math.sqrt(rate / eta) : 0)),
  );

/** Where a gradient in (W, v) points in these coordinates. */
export function inScaled(gradient: ParameterDirection, setting: Setting): Displacement {
  const scales = layerScales(setting);
  return {
    W: gradient.W.map((value) => scales.W * value),
    v: gradient.v.map((value) => scales.v * value),
  };
}

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

export const lengthOf = ({ W, v }: Displacement): number => Math.sqrt(squares(W) + squares(v));

/** The same direction at another length, which a negative one turns round; itself where it is 0. */
export function ofLength(displacement: Displacement, length: number): Displacement {
  const own = lengthOf(displacement);
  const factor = own > 0 ? length / own : 0;
  return {
    W: displacement.W.map((value) => factor * value),
    v: displacement.v.map((value) => factor * value),
  };
}

/** The sum of two displacements. */
export const plus = (a: Displacement, b: Displacement): Displacement => ({
  W: a.W.map((value, k) => value + b.W[k]),
  v: a.v.map((value, r) => value + b.v[r]),
});

/** The `index`-th random direction of a seed in the layers that train. */
export function randomDisplacement(setting: Setting, seed: number, index: number): Displacement {
  const { m, d } = setting;
  const data = displacementDirection(m * d + m, seed, index);
  return inScaled({ W: data.slice(0, m * d), v: data.slice(m * d) }, setting);
}
