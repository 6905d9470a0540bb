import {
  type TileCache,
  type TileCacheEntry,
  withChoice,
  withoutAdapter,
} from '../../src/tuning/tile-cache.ts';
import { parseTileCache, tileCacheText } from '../../src/tuning/tile-cache-text.ts';

const key = 'first-light-tiles';
/** There while what is kept is not to be used. */
const unusedKey = 'first-light-tiles-unused';

/** What tuning has measured, in this browser's storage; where that is forbidden or full, as long as the page lasts. */
export class TileStore {
  /** Why what was kept is discarded; null: it is not. */
  readonly problem: string | null;
  #lasting = true;
  #cache: TileCache;
  #used: boolean;

  constructor() {
    const { cache, problem } = parseTileCache(this.#attempt(() => localStorage.getItem(key)) ?? null);
    this.#cache = cache;
    this.problem = problem;
    if (problem !== null) this.#attempt(() => localStorage.removeItem(key));
    this.#used = (this.#attempt(() => localStorage.getItem(unusedKey)) ?? null) === null;
  }

  get cache(): TileCache {
    return this.#cache;
  }

  /** Whether it is there after the page is closed. */
  get lasting(): boolean {
    return this.#lasting;
  }

  get used(): boolean {
    return this.#used;
  }

  set used(used: boolean) {
    this.#used = used;
    this.#attempt(() =>
      used ? localStorage.removeItem(unusedKey) : localStorage.setItem(unusedKey, 'true'),
    );
  }

  keep(entry: TileCacheEntry): void {
    this.#write(withChoice(this.#latest(), entry));
  }

  forget(adapter: string): void {
    this.#write(withoutAdapter(this.#latest(), adapter));
  }

  /** With what another tab has kept meanwhile. */
  #latest(): TileCache {
    const text = this.#attempt(() => localStorage.getItem(key)) ?? null;
    return this.#lasting ? parseTileCache(text).cache : this.#cache;
  }

  #write(cache: TileCache): void {
    this.#cache = cache;
    this.#attempt(() =>
      cache.entries.length === 0
        ? localStorage.removeItem(key)
        : localStorage.setItem(key, tileCacheText(cache)),
    );
  }

  #attempt<Value>(access: () => Value): Value | undefined {
    try {
      return access();
    } catch {
      this.#lasting = false;
      return undefined;
    }
  }
}
