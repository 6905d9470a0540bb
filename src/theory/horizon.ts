import { requireFinite, requireWhole } from '../gpu/arguments.ts';

/**
 * T/c = d log d/η in steps: how long the theorems promise agreement, without their universal constant c (paper,
 * Theorems 3.2, 3.5 and 3.6; THEORY.md, claims 5–8). For d = 1 it is 0.
 * @throws TypeError, RangeError unless d is a whole number ≥ 1 and η a positive one.
 */
export function horizon(d: number, eta: number): number {
  requireWhole('The number of inputs d', d, 1);
  requireFinite('The rate η', eta);
  if (eta <= 0) throw new RangeError(`The rate η must be greater than 0; it is ${eta}.`);
  return (d * Math.log(d)) / eta;
}

/** The same of a deep network, whose linear model learns k₁ times as fast; Infinity where k₁ = 0, as of φ = |x|. */
export function deepHorizon(d: number, eta: number, k1: number): number {
  const steps = horizon(d, eta);
  return steps === 0 ? 0 : steps / k1;
}

/** The c taken here for agreement, t ≤ T = c · d log d/η; the theorems do not name theirs. */
export const agreementShare = 0.5;

/** R = √(d log d): the ball around θ(0) that the first-layer theorem works in (THEORY.md, claim 12). @throws as `horizon`. */
export function ballRadius(d: number): number {
  requireWhole('The number of inputs d', d, 1);
  return Math.sqrt(d * Math.log(d));
}

/** Steps along which the general theorem's inequality is followed at most: each costs a norm (THEORY.md, claim 13). */
export const mostPathSteps = 64;
