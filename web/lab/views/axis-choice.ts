/** Whether an axis is linear or logarithmic; views that share one change together. */
export class AxisChoice {
  /** null: what suits the values. */
  #chosen: 'log' | 'linear' | null;
  readonly #listeners: (() => void)[] = [];

  constructor(chosen: 'log' | 'linear' | null) {
    this.#chosen = chosen;
  }

  get chosen(): 'log' | 'linear' | null {
    return this.#chosen;
  }

  choose(type: 'log' | 'linear'): void {
    this.#chosen = type;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
