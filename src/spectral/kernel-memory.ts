import type { Gpu } from '../gpu/device.ts';
import { bindingBytes, strideOf } from '../gpu/matrix.ts';

/** Bytes of an n × n kernel. */
export const storedBytes = (n: number): number => 4 * n * strideOf(n);

/**
 * Bytes that one stored kernel may take unless the caller knows better: as much as the device binds at once, or 1 GiB where
 * its buffers are larger than its bindings. Many products with a stored kernel cost less than they do without the matrix.
 */
export const storableBytes = (gpu: Gpu): number =>
  Math.max(bindingBytes(gpu), Math.min(2 ** 30, gpu.device.limits.maxBufferSize));

/** Products that a norm takes at most: a basis of 128 columns. */
export const mostProducts = 127;

/** The basis is made wide enough for a multiple of these columns, so that a row of coefficients can be bound alone. */
const columnUnit = 64;

/** Columns of Lanczos' basis that so many steps take. */
export const basisColumns = (steps: number): number => columnUnit * Math.ceil((steps + 1) / columnUnit);
