/** Calls listeners after changes, at most once a frame. */
export class FrameListeners {
  readonly #listeners = new Set<() => void>();
  #asked = false;

  /** @returns how to stop */
  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}
