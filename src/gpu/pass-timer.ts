import type { Gpu } from './device.ts';
import { Resources } from './resources.ts';

const maxPasses = 64;

/**
 * GPU time of one submission's compute passes through timestamp queries. Browsers round timestamps (Chromium to
 * 0.1 ms), so only sums over many dispatches mean something. Reusable once `read` has resolved.
 */
export class PassTimer implements Disposable {
  readonly #gpu: Gpu;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;
  readonly #owned: Resources;
  #passes = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    using owned = new Resources();
    const bytes = 16 * maxPasses;
    const buffer = (usage: GPUBufferUsageFlags) =>
      owned.adopt(gpu.createBuffer('timestamps', bytes, usage), (made) => gpu.destroyBuffer(made));
    this.#resolved = buffer(GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC);
    this.#staging = buffer(GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    const count = 2 * maxPasses;
    this.#queries = owned.adopt(
      gpu.make(`making ${count} timestamp queries`, [], () =>
        gpu.device.createQuerySet({ type: 'timestamp', count }),
      ),
      (queries) => queries.destroy(),
    );
    this.#owned = owned.move();
  }

  /** What the submission rests on that it times. */
  get things(): object[] {
    return [this.#queries, this.#resolved, this.#staging];
  }

  /** Whether another pass can be timed in this submission. */
  get full(): boolean {
    return this.#passes === maxPasses;
  }

  /** Timestamps around the submission's next pass. */
  nextPass(): GPUComputePassTimestampWrites {
    const begin = 2 * this.#passes++;
    return { querySet: this.#queries, beginningOfPassWriteIndex: begin, endOfPassWriteIndex: begin + 1 };
  }

  resolve(encoder: GPUCommandEncoder): void {
    if (this.#passes === 0) return;
    encoder.resolveQuerySet(this.#queries, 0, 2 * this.#passes, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, 16 * this.#passes);
  }

  /** Forgets passes that were never submitted. */
  reset(): void {
    this.#passes = 0;
  }

  /** Milliseconds that the submission's passes took; call after it was submitted. @throws what Gpu.mapped throws. */
  async read(): Promise<number> {
    const passes = this.#passes;
    this.#passes = 0;
    if (passes === 0) return 0;
    const stamps = new BigUint64Array(await this.#gpu.mapped(this.#staging, 16 * passes));
    let nanoseconds = 0n;
    for (let p = 0; p < passes; p++) {
      // Some drivers return stamps out of order after a clock change; such a pass counts as 0.
      if (stamps[2 * p + 1] > stamps[2 * p]) nanoseconds += stamps[2 * p + 1] - stamps[2 * p];
    }
    return Number(nanoseconds) / 1e6;
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
  }
}
