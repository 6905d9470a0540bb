import { requireInstance } from './arguments.ts';

/** Whose a buffer is or was, of those that were made here. */
const owners = new WeakMap<GPUBuffer, LiveBuffers>();

/** The buffers of a device that are not destroyed yet, with their bytes: what is counted is what is freed. */
export class LiveBuffers {
  readonly #sizes = new Map<GPUBuffer, number>();
  /** Buffers of the innermost `allOrNothing`, if any. */
  #making: GPUBuffer[] | undefined;

  get count(): number {
    return this.#sizes.size;
  }

  get bytes(): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  /** Counts a buffer until it is destroyed. */
  add(buffer: GPUBuffer, size: number): void {
    owners.set(buffer, this);
    this.#sizes.set(buffer, size);
    this.#making?.push(buffer);
  }

  /**
   * Knows only buffers that were added to one of these; of others the device says what is wrong, a moment later.
   * @throws TypeError where it is no buffer; RangeError where it is another device's, or destroyed.
   */
  require(what: string, buffer: GPUBuffer): void {
    requireInstance(GPUBuffer, what, buffer);
    const owner = owners.get(buffer);
    if (!owner || (owner === this && this.#sizes.has(buffer))) return;
    throw new RangeError(
      owner === this
        ? `${what}, ${buffer.label}, has been disposed of already. Make it anew, or dispose of it later.`
        : `${what}, ${buffer.label}, belongs to another device. Make it on this one; to move numbers between devices, read them back and write them.`,
    );
  }

  destroy(buffer: GPUBuffer): void {
    if (this.#sizes.delete(buffer)) buffer.destroy();
  }

  /** What `make` makes, or no buffer at all: where it throws, those that it has made by then are freed. */
  allOrNothing<T>(make: () => T): T {
    const outer = this.#making;
    const made: GPUBuffer[] = (this.#making = []);
    try {
      const whole = make();
      for (const buffer of made) outer?.push(buffer);
      return whole;
    } catch (error) {
      for (const buffer of made) this.destroy(buffer);
      throw error;
    } finally {
      this.#making = outer;
    }
  }
}
