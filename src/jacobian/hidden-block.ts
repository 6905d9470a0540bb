import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, bindingBytes, strideOf } from '../gpu/matrix.ts';
import { TooLargeError } from '../gpu/errors.ts';
import { type FeatureStorage, featureBytes } from '../programs/forward.ts';
import { sliceRows } from '../programs/partial-sums.ts';

const mebibyte = 2 ** 20;

/**
 * Bytes that one hidden matrix may take unless sliceRows points need more. A GPU wants more rows at a time than a processor, to
 * be full; how much memory it has, its largest buffer tells roughly.
 */
export const preferredBlockBytes = ({ adapter, device }: Gpu): number =>
  adapter.software
    ? 64 * mebibyte
    : Math.min(256 * mebibyte, Math.max(64 * mebibyte, device.limits.maxBufferSize / 16));

/** Bytes of hidden layer that one set of points may keep from one use to the next: what repeats is made once. */
export const heldBytes = 512 * mebibyte;
/** Bound on rows that keeps every dispatch under 65,535 workgroups a dimension, of 8 rows each or more. */
const maxRows = 2 ** 18;

/**
 * Rows that are processed at a time: the hidden layer of n points is never held whole, so memory beside the data is
 * O(blockRows · m) and training takes any n. A multiple of sliceRows.
 * @throws TooLargeError where W, which its gradient is as large as, or the hidden layer of sliceRows points pass the largest
 * binding, or a dispatch over the units would pass the limit of workgroups.
 */
export function hiddenBlockRows(gpu: Gpu, units: number, inputs: number): number {
  const most = largestWidth(gpu, inputs);
  if (units > most) {
    throw new TooLargeError(
      `A network of width ${units} on ${inputs} inputs does not fit this adapter: W takes ${4 * units * strideOf(inputs)} bytes and the hidden layer of ${sliceRows} points ${4 * sliceRows * strideOf(units)}, and it binds at most ${bindingBytes(gpu)} at a time. At d = ${inputs} a width of ${most} would fit.`,
    );
  }
  const bytes = Math.min(preferredBlockBytes(gpu), bindingBytes(gpu));
  const rows = Math.min(maxRows, Math.floor(bytes / (4 * strideOf(units))));
  return Math.max(sliceRows, Math.floor(rows / sliceRows) * sliceRows);
}

/** Rows at a time where outputs alone are wanted: no more than the largest set needs, but a multiple of sliceRows. */
export const evaluatedRows = (blockRows: number, maxPoints: number): number =>
  Math.min(blockRows, sliceRows * Math.ceil(maxPoints / sliceRows));

/** The largest even width at d inputs, a multiple of 4. */
function largestWidth(gpu: Gpu, inputs: number): number {
  const floats = bindingBytes(gpu) / 4;
  const { maxComputeWorkgroupsPerDimension } = gpu.device.limits;
  // The forward program's workgroups take 8 groups of 4 units each, the least of all programs here, but of lavapipe in vectors of
  // four, where bindings end before.
  const byWorkgroups = 32 * maxComputeWorkgroupsPerDimension;
  return 4 * Math.floor(Math.min(floats / strideOf(inputs), floats / sliceRows, byWorkgroups) / 4);
}

/** Room for one block of hidden-layer matrices (rows × units): φ(Z), φ′(Z) diag(v) or a curvature. */
export class HiddenBlock implements Disposable {
  readonly #gpu: Gpu;
  readonly #rowBytes: number;
  readonly #buffer: GPUBuffer;

  constructor(gpu: Gpu, label: string, rows: number, units: number, storage: FeatureStorage = 'f32') {
    this.#gpu = gpu;
    this.#rowBytes = strideOf(units) * featureBytes[storage];
    this.#buffer = gpu.createBuffer(label, rows * this.#rowBytes, GPUBufferUsage.STORAGE);
  }

  get bytes(): number {
    return this.#buffer.size;
  }

  /** What a block of points uses, or `part` of its rows. */
  of(block: RowBlock, part: Pick<RowBlock, 'firstRow' | 'rows'> = block): GPUBufferBinding {
    return {
      buffer: this.#buffer,
      offset: (part.firstRow - block.firstRow) * this.#rowBytes,
      size: part.rows * this.#rowBytes,
    };
  }

  [Symbol.dispose](): void {
    this.#gpu.destroyBuffer(this.#buffer);
  }
}
