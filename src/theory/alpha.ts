import { leastOf } from '../math/statistics.ts';
import type { AlphaShare, Bound, Setting } from './claim.ts';

/** The theorems hold for every α below this. */
const most = 1 / 4;

/** What to say where d = 1. */
export const noPowers = 'powers of *d* = 1 say nothing';

/** The powers of d that a claim wants n and m to exceed by α; null where a size plays no part. */
export type AlphaNeeds = AlphaShare['asks'];

/** A second layer with E φ(g) ≠ 0 asks for m ≳ d^{2+α}. */
export const isCentred = ({ constants }: Pick<Setting, 'constants'>): boolean =>
  Math.abs(constants.theta0) < 1e-9;

/** Claims 2, 4 and 12: n, m ≳ d^{1+α}. */
export const needsBoth: AlphaNeeds = { n: 1, m: 1 };

/** Claim 3 is about the expected kernel: n ≳ d^{1+α}, whatever the width. */
export const needsSamples: AlphaNeeds = { n: 1, m: null };

/** Claims 5 to 8, for the layers trained. */
export const needsOfTheorem = (setting: Pick<Setting, 'layers' | 'constants'>): AlphaNeeds => ({
  n: 1,
  m: setting.layers.second && !isCentred(setting) ? 2 : 1,
});

/**
 * The α that the sizes of one run allow: the least of log n/log d − 1 and log m/log d − 1 (or − 2), between 0, where the
 * theorems are silent, and ¼.
 */
export const alphaOf = ({ n, d, m }: Pick<Setting, 'n' | 'd' | 'm'>, asks: AlphaNeeds): number =>
  alphaFromPowers({ n: Math.log(n) / Math.log(d), m: Math.log(m) / Math.log(d) }, asks);

/** The same from the powers of d that n and m go as in a sweep. */
export function alphaFromPowers(powers: { n: number; m: number }, asks: AlphaNeeds): number {
  const rooms = [powers.n - asks.n, ...(asks.m === null ? [] : [powers.m - asks.m])];
  // d = 1 has no powers, and a size rounded to a whole number may miss its own by a hair.
  const room = leastOf(rooms.map((value) => (Number.isFinite(value) ? value : 0)));
  return room < 1e-3 ? 0 : Math.min(most, room);
}

/** A bound at another α than that of its run: a sweep's own. null without a bound. */
export function boundAt(bound: Bound | null, d: number, alpha: number | null): number | null {
  if (!bound?.alpha || alpha === null) return bound?.value ?? null;
  return bound.value * d ** (bound.alpha.share * (bound.alpha.value - alpha));
}

/** factor · d^{−(fixed + share · α)} with the α that a run's sizes allow, and what a sweep needs to take its own. */
export function boundWithAlpha(
  setting: Pick<Setting, 'n' | 'd' | 'm'>,
  asks: AlphaNeeds,
  { symbol, factor = 1, fixed, share }: { symbol: string; factor?: number; fixed: number; share: number },
): { symbol: string; value: number; alpha: AlphaShare } {
  const value = alphaOf(setting, asks);
  return {
    symbol,
    value: factor * setting.d ** -(fixed + share * value),
    alpha: { share, value, asks },
  };
}
