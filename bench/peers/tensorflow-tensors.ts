import type * as tf from '@tensorflow/tfjs-core';

/** Waits until all that was asked for is computed. */
export type Done = () => Promise<void>;

export const floats = async (tensor: tf.Tensor): Promise<Float32Array> =>
  (await tensor.data()) as Float32Array;
