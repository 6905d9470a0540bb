import { npyHeader } from '../../src/data/npy.ts';

/** A .npy file of float32 numbers, row-major. */
export const npyFile = (shape: readonly number[], values: readonly number[]): Buffer =>
  Buffer.concat([npyHeader(shape), Buffer.from(Float32Array.from(values).buffer)]);
