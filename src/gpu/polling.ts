/**
 * While the GPU is waited for, an empty submission goes out this often. Firefox sees that work is done at the next
 * submission, and without one only on a poll every 100 ms; elsewhere short waits are over before the first, and long ones
 * hardly notice.
 */
const nudgeMilliseconds = 4;

/** Has the browser look whether a device's work is done, for as long as somebody waits for it. */
export class Polling {
  readonly #queue: GPUQueue;
  #waiting = 0;
  #nudge: ReturnType<typeof setInterval> | undefined;

  constructor(queue: GPUQueue) {
    this.#queue = queue;
  }

  /** Awaits what resolves when the GPU has done its work. */
  async until<T>(done: Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#nudge = setInterval(() => this.#submitNothing(), nudgeMilliseconds);
    try {
      return await done;
    } finally {
      if (--this.#waiting === 0) clearInterval(this.#nudge);
    }
  }

  #submitNothing(): void {
    try {
      this.#queue.submit([]);
    } catch {
      // No work is lost with it; the device says what is wrong to those who have some.
    }
  }
}
