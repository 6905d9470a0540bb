import { expect, it } from 'vitest';
import { VisibleCurve, visibleIndices } from '../../web/figures/visible-curve.ts';

it('keeps all of a few values', () => {
  const values = [3, 1, NaN, 2, 0, 5];
  expect(
    visibleIndices(
      values.length,
      (k) => k,
      (k) => values[k],
    ),
  ).toEqual([0, 1, 2, 3, 4, 5]);
});

it('keeps what a column shows of many: its ends, its extremes, its least positive value, one break', () => {
  const values = [2, 3, 9, 4, NaN, 0.5, 0, 1, NaN, 6, 7];
  expect(
    visibleIndices(
      values.length,
      () => 0,
      (k) => values[k],
    ),
  ).toEqual([0, 2, 4, 5, 6, 10]);
});

it('keeps at most six of a column, and its extremes, however long the curve is and whenever it is asked', () => {
  const [count, columns] = [200_000, 100];
  const value = (k: number): number => Math.sin(k) * (k % 977);
  const columnOf = (k: number): number => Math.floor((k * columns) / count);
  const curve = new VisibleCurve();
  for (let k = 0; k < count; k++) {
    curve.add(k, columnOf(k), value(k));
    if (k === 1234) expect(curve.indices.at(-1)).toBe(1234);
  }
  const { indices } = curve;
  expect(indices).toEqual(indices.toSorted((a, b) => a - b));
  expect(indices.length).toBeLessThanOrEqual(6 * columns);
  for (const column of [0, 57, 99]) {
    const all = Array.from({ length: count / columns }, (_, k) => value((column * count) / columns + k));
    const kept = indices.filter((k) => columnOf(k) === column).map(value);
    const extremes = (list: number[]): number[] => [
      list.reduce((a, b) => Math.min(a, b)),
      list.reduce((a, b) => Math.max(a, b)),
    ];
    expect(extremes(kept)).toEqual(extremes(all));
  }
});
