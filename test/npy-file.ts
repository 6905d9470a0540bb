import { npyHeader } from '../src/data/npy.ts';

/** A .npy file of float32 numbers, row-major. */
export function npyFile(shape: readonly number[], values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const head = npyHeader(shape);
  const bytes = new Uint8Array(head.length + 4 * values.length);
  bytes.set(head);
  bytes.set(new Uint8Array(Float32Array.from(values).buffer), head.length);
  return bytes;
}
