import type { Activation } from '../math/activation-names.ts';
import type { DeepArchitecture } from '../math/deep/architecture.ts';
import { type Dense, dense } from '../math/dense.ts';
import { type Tower, type TowerPoint, towerPoint } from './deep-network.ts';
import { towerKernel, towerPullback, towerPushforward } from './deep-tangent.ts';

/**
 * Two complete copies of every layer, f = (g(·; θ₊) − g(·; θ₋))/√2: the symmetric initialization of deep networks has θ₊(0) = θ₋(0)
 * (THEORY-DEEP.md, section a). Scales of fan-in are those of one tower.
 */
export interface Pair {
  readonly plus: Tower;
  readonly minus: Tower;
}

/** A set of inputs seen from both towers. */
export interface PairPoint {
  readonly plus: TowerPoint;
  readonly minus: TowerPoint;
  /** n */
  readonly f: Float64Array;
}

export function pairPoint(
  architecture: DeepArchitecture,
  activation: Activation,
  pair: Pair,
  X: Dense,
): PairPoint {
  const plus = towerPoint(architecture, activation, pair.plus, X);
  const minus = towerPoint(architecture, activation, pair.minus, X);
  return { plus, minus, f: plus.g.map((value, i) => (value - minus.g[i]) / Math.SQRT2) };
}

/**
 * Θ = ½ Σ_σ J_σ(θ_σ)J_σ(θ̃_σ)ᵀ with weights r_l of the layers: θ₊ with θ̃₊ and θ₋ with θ̃₋, never across.
 * @returns n × ñ
 */
export function pairKernel(point: PairPoint, other: PairPoint = point, weights?: readonly number[]): Dense {
  const plus = towerKernel(point.plus, other.plus, weights);
  const minus = towerKernel(point.minus, other.minus, weights);
  return dense(
    plus.rows,
    plus.cols,
    plus.data.map((value, k) => (value + minus.data[k]) / 2),
  );
}

/** Jᵀu = [J₊ᵀu, −J₋ᵀu]/√2. The gradient of the loss is this of u = (f − y)/n. */
export function pairPullback(point: PairPoint, u: Float64Array): Pair {
  const scaled = (sign: number): Float64Array => u.map((value) => (sign * value) / Math.SQRT2);
  return { plus: towerPullback(point.plus, scaled(1)), minus: towerPullback(point.minus, scaled(-1)) };
}

/** Jp = (J₊p₊ − J₋p₋)/√2, n numbers. */
export function pairPushforward(point: PairPoint, move: Pair): Float64Array {
  const minus = towerPushforward(point.minus, move.minus);
  return towerPushforward(point.plus, move.plus).map((value, i) => (value - minus[i]) / Math.SQRT2);
}

/** θ_l + s r_l Δ_l of every layer. */
export function moved(pair: Pair, s: number, by: Pair, weights: readonly number[]): Pair {
  const tower = (at: Tower, move: Tower): Tower => ({
    W: at.W.map((W, l) =>
      dense(
        W.rows,
        W.cols,
        W.data.map((value, k) => value + s * weights[l] * move.W[l].data[k]),
      ),
    ),
    v: at.v.map((value, k) => value + s * weights[at.W.length] * move.v[k]),
  });
  return { plus: tower(pair.plus, by.plus), minus: tower(pair.minus, by.minus) };
}
