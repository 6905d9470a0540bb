import { requireFloats, requireInstance, requireWhole } from './arguments.ts';
import { type Gpu, requireGpu } from './device.ts';
import { TooLargeError } from './errors.ts';

/**
 * Rows a block starts at are multiples of this, so that block offsets meet minStorageBufferOffsetAlignment (at most
 * 256 bytes) in matrices and, at 4 bytes a row, in vectors too.
 */
export const rowAlignment = 64;

const storageUsage = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
/** Largest piece that one readback copies, so that staging memory stays small. */
const readbackBytes = 64 * 2 ** 20;

/** A run of rows of a matrix that one binding can hold. */
export interface RowBlock {
  readonly binding: GPUBufferBinding;
  /** Index in the matrix of the block's first row; a multiple of rowAlignment. */
  readonly firstRow: number;
  readonly rows: number;
}

/** Floats from one row to the next: cols rounded up to a multiple of 4, so that rows are whole vec4s. */
export const strideOf = (cols: number): number => Math.ceil(cols / 4) * 4;

/**
 * Rows of each panel of a rows × cols float32 matrix when no buffer may pass `maxBytes`.
 * @throws TooLargeError where not even rowAlignment rows fit.
 */
export function panelRows(label: string, rows: number, cols: number, maxBytes: number): number[] {
  const rowBytes = strideOf(cols) * 4;
  const fitting = Math.floor(maxBytes / rowBytes);
  if (rows <= fitting) return [rows];
  const perPanel = Math.floor(fitting / rowAlignment) * rowAlignment;
  if (perPanel === 0) {
    throw new TooLargeError(
      `${label} has rows of ${cols} numbers (${rowBytes} bytes); this adapter binds at most ${maxBytes} bytes at a time, and ${rowAlignment} rows must fit.`,
    );
  }
  const panels = Math.ceil(rows / perPanel);
  return Array.from({ length: panels }, (_, p) => Math.min(perPanel, rows - p * perPanel));
}

/** The most bytes one binding of this device can hold. */
export function bindingBytes({ device: { limits } }: Gpu): number {
  return Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
}

/** How a matrix is laid out; all may be left out. */
export interface MatrixOptions {
  /** Largest panel in bytes, where smaller than the device's own limit. */
  maxPanelBytes?: number;
}

/**
 * A rows × cols float32 matrix on the device: row-major, each row padded with zeros to a multiple of 4 floats, stored in
 * panels of rows so that no binding passes the device's limits. Memory: 4 · rows · strideOf(cols) bytes.
 */
export class Matrix implements Disposable {
  readonly rows: number;
  readonly cols: number;
  readonly stride: number;
  readonly #gpu: Gpu;
  readonly #panels: { buffer: GPUBuffer; firstRow: number; rows: number }[] = [];

  /** @throws TypeError, RangeError where rows, cols or options are no sizes; TooLargeError where 64 rows do not fit a binding. */
  constructor(gpu: Gpu, label: string, rows: number, cols: number, options: MatrixOptions = {}) {
    requireGpu(gpu);
    requireWhole(`The number of rows of ${label}`, rows);
    requireWhole(`The number of columns of ${label}`, cols, 1);
    if (options.maxPanelBytes !== undefined) requireWhole('maxPanelBytes', options.maxPanelBytes, 1);
    this.rows = rows;
    this.cols = cols;
    this.stride = strideOf(cols);
    this.#gpu = gpu;
    const maxBytes = Math.min(options.maxPanelBytes ?? Infinity, bindingBytes(gpu));
    let firstRow = 0;
    gpu.allOrNothing(() => {
      for (const count of panelRows(label, rows, cols, maxBytes)) {
        const buffer = gpu.createBuffer(label, count * this.stride * 4, storageUsage());
        this.#panels.push({ buffer, firstRow, rows: count });
        firstRow += count;
      }
    });
  }

  /**
   * The rows in order, in blocks that one binding holds and of at most `maxRows` rows, a multiple of rowAlignment.
   * @throws RangeError where it is none and there are more rows.
   */
  blocks(maxRows = Infinity): RowBlock[] {
    return Matrix.blocksTogether([this], maxRows).map(([block]) => block);
  }

  /**
   * Matrices of as many rows each, cut at the same rows so that every block lies in one panel of each of them; of their
   * rows those of `within`, or all.
   * @throws RangeError where they have not as many rows each, `within` is not among them, or a block would not begin at a
   * multiple of rowAlignment.
   */
  static blocksTogether(
    matrices: readonly Matrix[],
    maxRows = Infinity,
    within: { firstRow: number; rows: number } = { firstRow: 0, rows: matrices[0].rows },
  ): RowBlock[][] {
    const end = within.firstRow + within.rows;
    const other = matrices.find(({ rows }) => rows !== matrices[0].rows);
    if (other) {
      throw new RangeError(
        `Matrices of ${matrices[0].rows} × ${matrices[0].cols} and ${other.rows} × ${other.cols} have no blocks of rows together; they must have as many rows.`,
      );
    }
    requireWhole('The first row of the blocks', within.firstRow, 0, matrices[0].rows);
    requireWhole('The number of rows of the blocks', within.rows, 0, matrices[0].rows - within.firstRow);
    if (within.firstRow % rowAlignment !== 0 || !(maxRows >= within.rows || isAligned(maxRows))) {
      throw new RangeError(
        `Blocks begin at multiples of ${rowAlignment} rows, which bindings ask for; blocks of ${maxRows} rows from row ${within.firstRow} on do not.`,
      );
    }
    const panels = matrices.flatMap((matrix) => matrix.#panels.map(({ firstRow }) => firstRow));
    const inside = panels.filter((row) => row > within.firstRow && row < end);
    const starts = [...new Set([within.firstRow, ...inside])].sort((a, b) => a - b);
    return starts.flatMap((start, index) => {
      const rows = (starts[index + 1] ?? end) - start;
      const size = Math.min(rows, maxRows);
      return Array.from({ length: Math.ceil(rows / size) }, (_, b) =>
        matrices.map((matrix) => matrix.#block(start + b * size, Math.min(size, rows - b * size))),
      );
    });
  }

  #block(firstRow: number, rows: number): RowBlock {
    const panel = this.#panels.findLast((candidate) => candidate.firstRow <= firstRow)!;
    const rowBytes = this.stride * 4;
    const offset = (firstRow - panel.firstRow) * rowBytes;
    return { binding: { buffer: panel.buffer, offset, size: rows * rowBytes }, firstRow, rows };
  }

  /** The whole matrix as one block. @throws TooLargeError where it has several panels. */
  whole(): RowBlock {
    if (this.#panels.length > 1) {
      throw new TooLargeError(
        `A ${this.rows} × ${this.cols} matrix does not fit one binding of this adapter.`,
      );
    }
    return this.#block(0, this.rows);
  }

  /**
   * Uploads whole rows, row-major without padding, starting at a row.
   * @throws TypeError where they are not float32; RangeError where they are not whole rows of this matrix.
   */
  write(entries: Float32Array<ArrayBuffer>, firstRow = 0): void {
    requireFloats(`a ${this.rows} × ${this.cols} matrix`, entries);
    const { cols, stride } = this;
    const end = firstRow + entries.length / cols;
    if (!(Number.isInteger(firstRow) && Number.isInteger(end) && firstRow >= 0 && end <= this.rows)) {
      throw new RangeError(
        `${entries.length} entries from row ${firstRow} on are not whole rows of a ${this.rows} × ${cols} matrix.`,
      );
    }
    for (const panel of this.#panels) {
      const from = Math.max(firstRow, panel.firstRow);
      const to = Math.min(end, panel.firstRow + panel.rows);
      if (from >= to) continue;
      const rows = entries.subarray((from - firstRow) * cols, (to - firstRow) * cols);
      const offset = (from - panel.firstRow) * stride * 4;
      this.#gpu.write(panel.buffer, offset, stride === cols ? rows : pad(rows, cols, stride));
    }
  }

  /** Row-major entries without padding, in order, in chunks of whole rows (at most 64 MiB each). */
  async *read(): AsyncGenerator<Float32Array<ArrayBuffer>> {
    const rowBytes = this.stride * 4;
    const chunkRows = Math.max(1, Math.floor(readbackBytes / rowBytes));
    for (const panel of this.#panels) {
      for (let row = 0; row < panel.rows; row += chunkRows) {
        const rows = Math.min(chunkRows, panel.rows - row);
        const padded = new Float32Array(await this.#gpu.read(panel.buffer, row * rowBytes, rows * rowBytes));
        if (this.stride === this.cols) {
          yield padded;
          continue;
        }
        const entries = new Float32Array(rows * this.cols);
        for (let i = 0; i < rows; i++) {
          entries.set(padded.subarray(i * this.stride, i * this.stride + this.cols), i * this.cols);
        }
        yield entries;
      }
    }
  }

  /** One row, without padding: a readback of its own. @throws RangeError where there is no such row. */
  async readRow(row: number): Promise<Float32Array<ArrayBuffer>> {
    requireWhole('The row to be read', row, 0, this.rows - 1);
    const { buffer, offset = 0 } = this.#block(row, 1).binding;
    return new Float32Array(await this.#gpu.read(buffer, offset, 4 * this.stride), 0, this.cols);
  }

  /** All entries, row-major without padding. */
  async readAll(): Promise<Float32Array<ArrayBuffer>> {
    const entries = new Float32Array(this.rows * this.cols);
    let at = 0;
    for await (const chunk of this.read()) {
      entries.set(chunk, at);
      at += chunk.length;
    }
    return entries;
  }

  [Symbol.dispose](): void {
    for (const { buffer } of this.#panels) this.#gpu.destroyBuffer(buffer);
  }
}

/** @throws TypeError where the value is no Matrix. */
export const requireMatrix = (what: string, value: Matrix): void =>
  requireInstance(Matrix, what, value, 'new Matrix(gpu, label, rows, cols) makes one.');

const isAligned = (rows: number): boolean => rows > 0 && rows % rowAlignment === 0;

/** Rows of `cols` entries, each followed by zeros up to `stride`. */
function pad(entries: Float32Array, cols: number, stride: number): Float32Array<ArrayBuffer> {
  const rows = entries.length / cols;
  const padded = new Float32Array(rows * stride);
  for (let i = 0; i < rows; i++) padded.set(entries.subarray(i * cols, (i + 1) * cols), i * stride);
  return padded;
}
