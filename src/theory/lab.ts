import type { PointSet } from '../data/point-set.ts';
import type { Gpu } from '../gpu/device.ts';
import type { Vector } from '../gpu/vector.ts';
import type { ClosedForm, FeatureMoments } from '../model/closed-form.ts';
import type { ErrorModes } from '../model/error-modes.ts';
import type { LinearModel } from '../model/linear-model.ts';
import type { Network } from '../network/network.ts';
import { TwoLayerNetwork } from '../network/two-layer.ts';
import type { Words } from './bench.ts';
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
  /** Counts what takes long, while it is made. */
  tally: { products: number };
  /** Takes the arrays that instruments draw; absent where they are not asked for. */
  keep: ((array: KeptArray) => Promise<void>) | undefined;
}

/** What instruments measure with and may ask of kernels (see kernels.ts), and what they share at a step. */
export interface Lab extends Readonly<LabParts>, Words {
  /** Several questions about the same kernels, which are made once for all of them. */
  sharing: <T>(ask: (words: Words) => Promise<T>) => Promise<T>;
  /** A measurement that several instruments want: made once for each key. */
  once: <T>(key: string, measure: () => Promise<T>) => Promise<T>;
}

/** What can be asked of kernels, one thing at a time or several together. */
function askingOf(parts: LabParts): Words & Pick<Lab, 'sharing'> {
  // Where kernels are made is loaded with the first question about one.
  const sharing: Lab['sharing'] = async (ask) => (await import('./bench.ts')).sharing(parts, ask);
  return {
    sharing,
    norm: (...asked) => sharing((bench) => bench.norm(...asked)),
    factorNorm: (...asked) => sharing((bench) => bench.factorNorm(...asked)),
    top: (...asked) => sharing((bench) => bench.top(...asked)),
    spectrum: (...asked) => sharing((bench) => bench.spectrum(...asked)),
    applied: (...asked) => sharing((bench) => bench.applied(...asked)),
    gradient: (...asked) => sharing((bench) => bench.gradient(...asked)),
  };
}

/** A lab that remembers what was measured under a key, until it is let go. */
export function createLab(parts: LabParts): Lab {
  const made = new Map<string, Promise<unknown>>();
  return {
    ...parts,
    ...askingOf(parts),
    once: <T>(key: string, measure: () => Promise<T>): Promise<T> => {
      const known = made.get(key) as Promise<T> | undefined;
      if (known) return known;
      const measured = measure();
      made.set(key, measured);
      return measured;
    },
  };
}

/** The network of an experiment that is about two layers. @throws Error for any other: specs do not ask for it. */
export function twoLayersOf({ network }: Pick<LabParts, 'network'>): TwoLayerNetwork {
  if (network instanceof TwoLayerNetwork) return network;
  throw new Error('This is measured of two-layer networks only.');
}
