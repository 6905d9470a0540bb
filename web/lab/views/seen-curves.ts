import type { Curve, CurvesOver, Look } from '../../figures/charts/chart.ts';
import { type DrawnCurve, GrowingCurve } from './growing-curve.ts';
import type { Scale } from './scale.ts';

/** What can be seen of curves on the x axis of a chart; of those that grew, only what is new is looked at. */
export class SeenCurves {
  #over: CurvesOver = { x: { of: {}, count: 0, at: () => NaN }, curves: [] };
  #place: Scale['place'] = () => NaN;
  #key = '';
  #count = 0;
  #grown: GrowingCurve[] = [];

  look(over: CurvesOver, { key: places, place }: Scale): void {
    const { x, curves } = over;
    const key = [places, ...curves.map(({ name, set, dots }) => `${name}|${set}|${dots ?? ''}`)].join('\n');
    if (this.#over.x.of !== x.of || this.#key !== key || this.#count > x.count) {
      this.#key = key;
      this.#count = 0;
      this.#grown = curves.map(() => new GrowingCurve());
    }
    this.#over = over;
    this.#place = place;
    for (; this.#count < x.count; this.#count++) {
      const at = place(x.at(this.#count));
      // What has no place on the axis is no part of a curve.
      if (!Number.isFinite(at)) continue;
      for (const [k, { y }] of curves.entries()) this.#grown[k].add(this.#count, at, y(this.#count));
    }
  }

  /** What an axis around all values has to hold. */
  get extremes(): number[] {
    return this.#grown.flatMap((curve) => curve.extremes);
  }

  /** Where along x values are exactly 0: one of each pixel. */
  get zeros(): number[] {
    const places = this.#grown.flatMap(({ zeros }) => zeros);
    return [...new Map(places.map((place) => [Math.floor(place), place])).values()];
  }

  /** Curves that are lines, and how each is drawn. */
  lines(yScale: Scale): { look: Look; drawn: DrawnCurve }[] {
    const { x, curves } = this.#over;
    return curves.flatMap((curve, k) => {
      if (curve.dots !== undefined) return [];
      const pointOf = (index: number) => ({ at: this.#place(x.at(index)), value: curve.y(index) });
      return [{ look: curve, drawn: this.#grown[k].drawn(yScale, pointOf) }];
    });
  }

  /** Curves that are dots, with the indices of those that can be seen. */
  dots(): { curve: Curve; indices: number[] }[] {
    return this.#over.curves.flatMap((curve, k) =>
      curve.dots === undefined ? [] : [{ curve, indices: this.#grown[k].indices }],
    );
  }
}
