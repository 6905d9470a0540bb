import { VisibleCurve } from '../../figures/visible-curve.ts';
import { CurvePath } from './curve-path.ts';
import type { Scale } from './scale.ts';

/** The path of a curve in units of its own, and what brings it onto the chart. */
export interface DrawnCurve {
  /** What stays as it is for a while, however many values come. */
  settled: string;
  /** From there to the last value. */
  end: string;
  /** As the attribute `transform`. */
  transform: string;
}

/** Values of finished pixel columns that are drawn as the curve's end, before they join what stays. */
const endValues = 64;

/**
 * What a chart shows of a curve that grows. An axis that makes room for new values moves all that is drawn at every one of
 * them: therefore the path is in units of the values, or of their logarithms, and the axis is a transform of it. So a
 * value costs the same however many came before.
 */
export class GrowingCurve {
  readonly #visible = new VisibleCurve();
  #least = Infinity;
  #greatest = -Infinity;
  #leastPositive = Infinity;
  #zeros: number[] = [];
  #settled: { key: string; path: CurvePath; count: number } | null = null;

  /** The value at `index`, higher than those before, and where it stands along x, in pixels. */
  add(index: number, at: number, value: number): void {
    const column = Math.floor(at);
    this.#visible.add(index, column, value);
    if (!Number.isFinite(value)) return;
    this.#least = Math.min(this.#least, value);
    this.#greatest = Math.max(this.#greatest, value);
    if (value > 0) this.#leastPositive = Math.min(this.#leastPositive, value);
    if (value === 0 && Math.floor(this.#zeros.at(-1) ?? NaN) !== column) this.#zeros.push(at);
  }

  /** What an axis around all values has to hold; of no values none. */
  get extremes(): number[] {
    return [this.#least, this.#greatest, this.#leastPositive].filter(Number.isFinite);
  }

  /** Where along x values are exactly 0: one of each pixel. */
  get zeros(): readonly number[] {
    return this.#zeros;
  }

  /** Indices of what can be seen, ascending. */
  get indices(): number[] {
    return this.#visible.indices;
  }

  /** @param pointOf of a value that was added: where along x, and how much */
  drawn(
    { type, factor, origin }: Scale,
    pointOf: (index: number) => { at: number; value: number },
  ): DrawnCurve {
    // Near a pixel, so that what is rounded and left out is none that is seen.
    const unit = 2 ** Math.round(Math.log2(Math.abs(factor)));
    const key = `${type} ${unit}`;
    if (this.#settled?.key !== key) this.#settled = { key, path: new CurvePath(), count: 0 };
    const heightOf = (value: number): number => unit * (type === 'log' ? Math.log(value) : value);
    const settled = this.#settled;
    const { finished, open } = this.#visible;
    const add = (path: CurvePath, index: number, keep = false): void => {
      const { at, value } = pointOf(index);
      path.add(at, heightOf(value), keep);
    };
    if (finished.length - settled.count > endValues) {
      for (; settled.count < finished.length; settled.count++) add(settled.path, finished[settled.count]);
    }
    const end = settled.path.branch();
    const rest = [...finished.slice(settled.count), ...open];
    for (const [k, index] of rest.entries()) add(end, index, k === rest.length - 1);
    return {
      settled: settled.path.text,
      end: end.text,
      transform: `matrix(1 0 0 ${factor / unit} 0 ${origin})`,
    };
  }
}
