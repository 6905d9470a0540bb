/**
 * Disposable things with one owner: what a factory has made so far is freed if a later part of it throws. (The
 * language's own DisposableStack is not in every browser that has WebGPU.)
 */
export class Resources implements Disposable {
  #owned: Disposable[] = [];

  own<T extends Disposable>(resource: T): T {
    this.#owned.push(resource);
    return resource;
  }

  /** Owns what knows no way to free itself. */
  adopt<T>(resource: T, free: (resource: T) => void): T {
    this.#owned.push({ [Symbol.dispose]: () => free(resource) });
    return resource;
  }

  /** Hands everything to a new owner; this one then frees nothing. */
  move(): Resources {
    const moved = new Resources();
    moved.#owned = this.#owned;
    this.#owned = [];
    return moved;
  }

  [Symbol.dispose](): void {
    for (const resource of this.#owned.reverse()) resource[Symbol.dispose]();
    this.#owned = [];
  }
}
