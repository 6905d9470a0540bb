import type { ChosenModes } from '../../src/experiment/result.ts';
import { greatestOf } from '../../src/math/statistics.ts';
import { finite } from './measures.ts';

/** So many modes have curves, and none that had less than this share of the largest error at t = 0. */
const drawn = { most: 5, least: 0.02 };
/** What is left of an error is followed down to this share: below are roundings. */
export const leastShare = 1e-3;

/** Places, among the chosen modes, of those that have something to lose; where there are many, some spread over all. */
export function drawnModes({ initial }: ChosenModes): number[] {
  const largest = Math.max(0, greatestOf(initial));
  const places = initial.flatMap((error, place) => (error > drawn.least * largest ? [place] : []));
  if (places.length <= drawn.most) return places;
  return Array.from(
    { length: drawn.most },
    (_, k) => places[Math.round((k * (places.length - 1)) / (drawn.most - 1))],
  );
}

/** Share of the error at t = 0 that is left along a mode; NaN where too little is to be told from rounding. */
export function shareLeft(error: number | undefined, initial: number): number {
  const share = Math.abs(finite(error) / initial);
  return share >= leastShare ? share : Number.NaN;
}

/** What the linear model leaves of a mode's error by the theory, |1 − ηλ_k|^t. */
export const theoryLeft = (eigenvalue: number, eta: number, t: number): number =>
  shareLeft((1 - eta * eigenvalue) ** t, 1);
