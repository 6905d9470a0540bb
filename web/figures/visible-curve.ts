/**
 * What can be seen of a curve whose values come in the order of x: of each pixel column the first and the last value, the
 * least and the greatest, the least positive (the lowest on a logarithmic axis) and the first that is no number, where
 * the curve breaks. So a curve of any length costs what the figure has pixels: at most six points a column, and of few
 * values all. Values may be added at any time; each costs the same.
 */
export class VisibleCurve {
  readonly #finished: number[] = [];
  #column: Column | undefined;

  /** The value at `index`, higher than those before, and the pixel column that it falls into. */
  add(index: number, column: number, value: number): void {
    if (this.#column?.at !== column) {
      this.#finish();
      this.#column = new Column(column);
    }
    this.#column.add(index, value);
  }

  /** Indices of what can be seen, ascending. */
  get indices(): number[] {
    return [...this.#finished, ...this.open];
  }

  /** Those of columns that nothing is added to any more. */
  get finished(): readonly number[] {
    return this.#finished;
  }

  /** Those of the last column. */
  get open(): number[] {
    return this.#column?.indices ?? [];
  }

  #finish(): void {
    for (const index of this.#column?.indices ?? []) this.#finished.push(index);
  }
}

/** One value that a column keeps. */
interface Kept {
  index: number;
  value: number;
}

class Column {
  readonly at: number;
  #first: Kept | undefined;
  #last: Kept | undefined;
  #least: Kept | undefined;
  #greatest: Kept | undefined;
  #leastPositive: Kept | undefined;
  #break: Kept | undefined;

  constructor(at: number) {
    this.at = at;
  }

  add(index: number, value: number): void {
    const here = { index, value };
    if (!Number.isFinite(value)) {
      this.#break ??= here;
      return;
    }
    this.#first ??= here;
    this.#last = here;
    if (!this.#least || value < this.#least.value) this.#least = here;
    if (!this.#greatest || value > this.#greatest.value) this.#greatest = here;
    if (value > 0 && (!this.#leastPositive || value < this.#leastPositive.value)) this.#leastPositive = here;
  }

  get indices(): number[] {
    const kept = [this.#first, this.#last, this.#least, this.#greatest, this.#leastPositive, this.#break];
    const indices = new Set(kept.flatMap((one) => (one ? [one.index] : [])));
    return [...indices].sort((a, b) => a - b);
  }
}

/** The same of a list of values, all at once. */
export function visibleIndices(
  count: number,
  columnOf: (index: number) => number,
  valueOf: (index: number) => number,
): number[] {
  const curve = new VisibleCurve();
  for (let index = 0; index < count; index++) curve.add(index, columnOf(index), valueOf(index));
  return curve.indices;
}
