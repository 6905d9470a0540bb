import { numpy as np } from '@jax-js/jax';

export type Values = np.Array;

/** Waits until these are computed. */
export type Ready = (arrays: readonly Values[]) => Promise<void>;

export const array = (entries: Float32Array<ArrayBuffer>, shape: number[]): Values =>
  np.array(entries, { shape });

export const floats = async (values: Values): Promise<Float32Array> => (await values.data()) as Float32Array;
