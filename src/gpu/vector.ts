import { requireFloats, requireInstance, requireWhole } from './arguments.ts';
import { type Gpu, requireGpu } from './device.ts';
import { TooLargeError } from './errors.ts';
import { type RowBlock, bindingBytes, strideOf } from './matrix.ts';

/** A float32 vector on the device, padded with zeros to a multiple of 4; it fits one binding. */
export class Vector implements Disposable {
  readonly length: number;
  readonly buffer: GPUBuffer;
  readonly #gpu: Gpu;

  /** @throws TypeError, RangeError where the length is none; TooLargeError where the vector does not fit one binding. */
  constructor(gpu: Gpu, label: string, length: number) {
    requireGpu(gpu);
    requireWhole(`The length of ${label}`, length);
    const bytes = strideOf(length) * 4;
    if (bytes > bindingBytes(gpu)) {
      throw new TooLargeError(
        `${label} has ${length} entries (${bytes} bytes); this adapter binds at most ${bindingBytes(gpu)} bytes.`,
      );
    }
    this.length = length;
    this.#gpu = gpu;
    this.buffer = gpu.createBuffer(
      label,
      bytes,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    );
  }

  get binding(): GPUBufferBinding {
    return { buffer: this.buffer };
  }

  /** The entries that stand beside a block of rows of a matrix. @throws RangeError where the vector is too short for them. */
  beside({ firstRow, rows }: RowBlock): GPUBufferBinding {
    if (firstRow + rows > this.length) {
      throw new RangeError(
        `The vector ${this.buffer.label} has ${this.length} entries; it has none beside all of the ${rows} rows from row ${firstRow} on. It needs an entry for each row of the matrix.`,
      );
    }
    return { buffer: this.buffer, offset: firstRow * 4, size: strideOf(rows) * 4 };
  }

  /**
   * Uploads entries, starting at one.
   * @throws TypeError where they are not float32; RangeError where they are not entries of this vector.
   */
  write(entries: Float32Array<ArrayBuffer>, first = 0): void {
    requireFloats(`a vector of ${this.length}`, entries);
    if (!(Number.isInteger(first) && first >= 0 && first + entries.length <= this.length)) {
      throw new RangeError(
        `${entries.length} entries from entry ${first} on are not entries of a vector of ${this.length}.`,
      );
    }
    this.#gpu.write(this.buffer, first * 4, entries);
  }

  /** The entries, without padding: 4 · length bytes, one readback. @throws what Gpu.read throws. */
  async read(): Promise<Float32Array<ArrayBuffer>> {
    return new Float32Array(await this.#gpu.read(this.buffer, 0, strideOf(this.length) * 4)).slice(
      0,
      this.length,
    );
  }

  [Symbol.dispose](): void {
    this.#gpu.destroyBuffer(this.buffer);
  }
}

/** @throws TypeError where the value is no Vector. */
export const requireVector = (what: string, value: Vector): void =>
  requireInstance(Vector, what, value, 'new Vector(gpu, label, length) makes one.');
