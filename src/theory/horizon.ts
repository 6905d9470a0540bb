/**
 * T/c = d log d/η in steps: how long the theorems promise agreement, without their universal constant c (paper,
 * Theorems 3.2, 3.5 and 3.6; THEORY.md, claims 5–8). For d = 1 it is 0.
 */
export const horizon = (d: number, eta: number): number => (d * Math.log(d)) / eta;

/** The c taken here for agreement, t ≤ T = c · d log d/η; the theorems do not name theirs. */
export const agreementShare = 0.5;

/** R = √(d log d): the ball around θ(0) that the first-layer theorem works in (THEORY.md, claim 12). */
export const ballRadius = (d: number): number => Math.sqrt(d * Math.log(d));

/**
 * The largest α ≤ ¼ with n ≥ d^{1+α} and m ≥ d^{base+α}: the α of the theorems that the sizes of an experiment allow,
 * at which their bounds are evaluated. Sizes that allow none are held against α = ¼, to see what the claim would ask.
 */
export function alphaOf({ n, m, d }: { n: number; m: number; d: number }, base: 1 | 2): number {
  const exponent = (size: number) => Math.log(size) / Math.log(d);
  const allowed = Math.min(exponent(n) - 1, exponent(m) - base);
  return allowed > 0 && allowed < 1 / 4 ? allowed : 1 / 4;
}
