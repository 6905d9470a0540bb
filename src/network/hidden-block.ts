import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, bindingBytes, strideOf } from '../gpu/matrix.ts';
import { TooLargeError } from '../gpu/errors.ts';
import { sliceRows } from '../programs/sum-slices.ts';

/** Bytes that one hidden matrix, or the slices of one gradient, may take unless a single slice needs more. */
const preferredBytes = 64 * 2 ** 20;
/** Bound on rows that keeps every dispatch under 65,535 workgroups a dimension. */
const maxRows = 2 ** 20;

/**
 * Rows that are processed at a time: the hidden layer of n points is never held whole, so memory beside the data is
 * O(blockRows · m) and training takes any n. A multiple of sliceRows.
 * @throws TooLargeError where W or one slice of its gradient passes the largest binding.
 */
export function hiddenBlockRows(gpu: Gpu, units: number, inputs: number): number {
  const gradientBytes = 4 * strideOf(units) * strideOf(inputs);
  const hiddenRowBytes = 4 * strideOf(units);
  const limit = bindingBytes(gpu);
  if (gradientBytes > limit) {
    throw new TooLargeError(
      `W has ${units} × ${inputs} entries (${gradientBytes} bytes); this adapter binds at most ${limit} bytes at a time. At d = ${inputs} a width of ${Math.floor(limit / (4 * strideOf(inputs)))} would fit.`,
    );
  }
  const rows = Math.min(
    maxRows,
    Math.floor(preferredBytes / hiddenRowBytes),
    sliceRows * Math.floor(preferredBytes / gradientBytes),
  );
  return Math.max(sliceRows, Math.floor(rows / sliceRows) * sliceRows);
}

/** Room for one block of hidden-layer matrices (rows × units): φ(Z), φ′(Z) or a tangent product. */
export class HiddenBlock implements Disposable {
  readonly #gpu: Gpu;
  readonly #units: number;
  readonly #buffer: GPUBuffer;

  constructor(gpu: Gpu, label: string, rows: number, units: number) {
    this.#gpu = gpu;
    this.#units = units;
    this.#buffer = gpu.createBuffer(label, rows * strideOf(units) * 4, GPUBufferUsage.STORAGE);
  }

  /** The part that a block of points uses. */
  of({ rows }: RowBlock): GPUBufferBinding {
    return { buffer: this.#buffer, size: rows * strideOf(this.#units) * 4 };
  }

  [Symbol.dispose](): void {
    this.#gpu.destroyBuffer(this.#buffer);
  }
}
