import type { PointSet } from '../data/point-set.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Vector } from '../gpu/vector.ts';
import type { ClosedForm, FeatureMoments } from '../model/closed-form.ts';
import type { ErrorModes } from '../model/error-modes.ts';
import type { LinearModel } from '../model/linear-model.ts';
import type { Network } from '../network/network.ts';
import { TwoLayerNetwork } from '../network/two-layer.ts';
import type { Setting } from './claim.ts';

/** One array that an instrument drew, so that what it measured can be computed again. */
export interface KeptArray {
  name: string;
  shape: number[];
  data: Float32Array<ArrayBuffer>;
}

/** What an instrument measures with: the models on the device at the present step, and what is known of the setting. */
export interface LabParts {
  gpu: Gpu;
  setting: Setting;
  seed: number;
  train: PointSet;
  test: PointSet | null;
  network: Network;
  linear: LinearModel;
  /** Outputs on the training points and on the test points, at the present step. */
  outputs: Record<'network' | 'linear', { train: Vector; test: Vector | null }>;
  /** The linear model's closed form and moments; null where its eigenproblem is too large. */
  closedForm: { solution: ClosedForm; moments: FeatureMoments } | null;
  /** Measures errors along the modes of K; null where nobody asked for them, or the eigenproblem is too large. */
  errorModes: ErrorModes | null;
  /** Steps that are recorded, ascending. */
  recordSteps: readonly number[];
  signal: AbortSignal | undefined;
  /** Bytes that one stored kernel may take: see storableBytes. */
  mostStored: number;
  /** Bytes of hidden layer that one side of a kernel that is not may keep: see holdableBytes. */
  mostHeld: number;
  /** Counts what takes long, while it is made. */
  tally: { products: number };
  /** Takes the arrays that instruments draw; absent where they are not asked for. */
  keep: ((array: KeptArray) => Promise<void>) | undefined;
}

/** The network of an experiment that is about two layers. @throws Error for any other: specs do not ask for it. */
export function twoLayersOf({ network }: Pick<LabParts, 'network'>): TwoLayerNetwork {
  if (network instanceof TwoLayerNetwork) return network;
  throw new Error('This is measured of two-layer networks only.');
}
