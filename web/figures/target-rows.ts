import type { Rule } from './charts/chart.ts';

/** A target at its height in pixels, with its place among those that are too close to it to tell apart. */
export interface PlacedTarget extends Rule {
  y: number;
  place: number;
}

/** Targets in rows, from the top down: those that lie closer than `apart` stand side by side. One without a height is left out. */
export function targetRows(
  targets: readonly Rule[],
  heightOf: (value: number) => number,
  apart: number,
): PlacedTarget[] {
  const placed = targets
    .map((target) => ({ ...target, y: heightOf(target.at), place: 0 }))
    .filter(({ y }) => Number.isFinite(y))
    .sort((a, b) => a.y - b.y);
  let [row, place] = [-Infinity, 0];
  for (const target of placed) {
    if (target.y - row >= apart) [row, place] = [target.y, 0];
    target.place = place++;
  }
  return placed;
}
