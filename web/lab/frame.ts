/** Calls listeners after changes, at most once a frame. */
export class FrameListeners {
  readonly #listeners = new Set<() => void>();
  #asked = false;

  /** @returns how to stop */
  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls once what changed until now is drawn, at once where nobody looks. */
  drawn(call: () => void): void {
    if (document.hidden) call();
    // A task of its own comes after the frame, layout and painting included.
    else requestAnimationFrame(() => setTimeout(call));
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
