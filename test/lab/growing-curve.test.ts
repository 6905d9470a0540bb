import { expect, it } from 'vitest';
import { valueAxis } from '../../web/figures/axes.ts';
import { GrowingCurve } from '../../web/lab/views/growing-curve.ts';
import { scaleOf } from '../../web/lab/views/scale.ts';

const [bottom, top] = [240, 20];

/** Where the points of a drawn curve stand on the chart, and where it breaks. */
function pointsOf({ settled, end, transform }: ReturnType<GrowingCurve['drawn']>): {
  at: number;
  height: number;
  begins: boolean;
}[] {
  const [, , , scale, , shift] = transform.match(/[-\d.e]+/g)!.map(Number);
  return [...(settled + end).matchAll(/([ML])([-\d.]+),([-\d.]+)/g)].map(([, kind, at, height]) => ({
    at: Number(at),
    height: Number(height) * scale + shift,
    begins: kind === 'M',
  }));
}

for (const type of ['log', 'linear'] as const) {
  it(`stands where its values are on a ${type} axis that makes room for them, and costs what is new`, () => {
    const valueOf = (k: number): number => 3e-4 * Math.exp(k / 700) * (2 + Math.sin(k));
    const pointOf = (index: number) => ({ at: 50 + index / 8, value: valueOf(index) });
    const curve = new GrowingCurve();
    let settledTexts = 0;
    let before = '';
    for (let k = 0; k < 4000; k++) {
      curve.add(k, pointOf(k).at, valueOf(k));
      const scale = scaleOf(valueAxis('', type, curve.extremes), bottom, top);
      const drawn = curve.drawn(scale, pointOf);
      if (drawn.settled !== before) settledTexts++;
      before = drawn.settled;
      if (k % 500 !== 499) continue;
      const points = pointsOf(drawn);
      // Every value that was added is within a pixel of the height of a point in its column, or between two of them.
      for (let index = 0; index <= k; index += 97) {
        const { at, value } = pointOf(index);
        const near = points.filter((point) => Math.abs(point.at - at) <= 1.5).map(({ height }) => height);
        expect(scale.place(value)).toBeGreaterThan(Math.min(...near) - 1);
        expect(scale.place(value)).toBeLessThan(Math.max(...near) + 1);
      }
      expect(points.at(-1)!.height).toBeCloseTo(scale.place(valueOf(k)), 0);
    }
    expect(settledTexts).toBeLessThan(80);
  });
}

it('breaks at what is no number or has no place, and says where it is exactly 0', () => {
  const values = [1, 2, NaN, 3, 0, 4, 5];
  const curve = new GrowingCurve();
  const pointOf = (index: number) => ({ at: 10 * index, value: values[index] });
  for (const [k, value] of values.entries()) curve.add(k, 10 * k, value);
  expect(curve.extremes).toEqual([0, 5, 1]);
  expect(curve.zeros).toEqual([40]);
  const begins = (type: 'log' | 'linear'): number[] =>
    pointsOf(curve.drawn(scaleOf(valueAxis('', type, curve.extremes), bottom, top), pointOf))
      .filter((point) => point.begins)
      .map(({ at }) => at);
  expect(begins('linear')).toEqual([0, 30]);
  expect(begins('log')).toEqual([0, 30, 50]);
});

it('has no extremes of no values, and draws values that are all the same', () => {
  const curve = new GrowingCurve();
  expect(curve.extremes).toEqual([]);
  for (let k = 0; k < 3; k++) curve.add(k, 5 * k, 0);
  const scale = scaleOf(valueAxis('', 'linear', curve.extremes), bottom, top);
  const points = pointsOf(curve.drawn(scale, (index) => ({ at: 5 * index, value: 0 })));
  expect(new Set(points.map(({ height }) => height))).toEqual(new Set([scale.place(0)]));
  expect(points.at(-1)!.at).toBe(10);
});
