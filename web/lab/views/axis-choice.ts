export type AxisType = 'log' | 'linear';

/** Whether an axis is linear or logarithmic; views that share one change together. */
export class AxisChoice {
  /** null: what suits the values. */
  #chosen: AxisType | null;
  readonly #listeners: (() => void)[] = [];

  constructor(chosen: AxisType | null) {
    this.#chosen = chosen;
  }

  get chosen(): AxisType | null {
    return this.#chosen;
  }

  choose(type: AxisType): void {
    if (type === this.#chosen) return;
    this.#chosen = type;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
